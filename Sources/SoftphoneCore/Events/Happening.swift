package import DialogUsage
package import SansIO

/// Something that happened, under its dotted name: what scripts wait for and screens announce.
package struct Happening: Hashable, Sendable {
    package struct Field: Hashable, Sendable {
        package var name: String
        package var value: FieldValue
    }
    /// `call.connected`.
    package var name: String
    package var usage: AnyUsageID?
    /// What the user calls the usage.
    package var alias: String?
    /// The account's name; a registration may be named by it.
    package var account: String?
    /// In the order in which they are written out.
    package var fields: [Field]
    package var at: Instant

    package init(
        _ name: String, usage: AnyUsageID? = nil, alias: String? = nil, account: String? = nil,
        fields: KeyValuePairs<String, FieldValue> = [:], at: Instant
    ) {
        self.name = name
        self.usage = usage
        self.alias = alias
        self.account = account
        self.fields = fields.map { Field(name: $0.key, value: $0.value) }
        self.at = at
    }

    package subscript(field: String) -> FieldValue? { fields.first { $0.name == field }?.value }

    /// Whether it is about the usage of this name: its alias, its identifier, or a registration's account.
    package func isOf(_ name: String) -> Bool {
        if let alias, alias == name { return true }
        guard let usage else { return account == name }
        return usage.description == name || (usage.kind == .clientRegistration && account == name)
    }
}
