import DialogUsage

/// What the user calls usages (`as c1`). A name is free again when its usage has ended.
struct NameBook: Sendable {
    private var ids: [String: AnyUsageID] = [:]
    private var aliases: [AnyUsageID: String] = [:]
    /// Names promised to calls whose INVITE is still to be sent.
    private var promised: Set<String> = []

    subscript(id: AnyUsageID) -> String? { aliases[id] }
    func id(named name: String) -> AnyUsageID? { ids[name] }

    /// Whether a new usage can be called so.
    func check(_ alias: String?) throws(CommandFailure) {
        guard let alias else { return }
        if let id = ids[alias] {
            throw CommandFailure(.notNow, usage: id, "'\(alias)' is the name of \(id), which is alive; choose another")
        }
        let parts = alias.split(separator: "-")
        let isIdentifier =
            parts.count == 2 && UsageKind.allCases.contains { $0.prefix == parts[0] } && UInt32(parts[1]) != nil
        if promised.contains(alias) || isIdentifier {
            throw CommandFailure(.notNow, "'\(alias)' is taken; choose another name")
        }
    }

    mutating func promise(_ alias: String?) {
        if let alias { promised.insert(alias) }
    }
    mutating func takeBack(_ alias: String?) {
        if let alias { promised.remove(alias) }
    }
    /// A usage that has a name already gets another one.
    mutating func name(_ id: AnyUsageID, _ alias: String?) {
        guard let alias else { return }
        promised.remove(alias)
        if let old = aliases[id] { ids[old] = nil }
        ids[alias] = id
        aliases[id] = alias
    }
    mutating func forget(_ id: AnyUsageID) {
        if let alias = aliases.removeValue(forKey: id) { ids[alias] = nil }
    }
}
