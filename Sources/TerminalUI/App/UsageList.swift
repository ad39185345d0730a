import DialogUsage
import SoftphoneCore

/// The rows of the main list: a heading for each of the seven groups, in the order in which shutdown ends them, and
/// under it the group's usages. Only what is on the screen is ever looked at.
struct UsageList {
    enum Row: Hashable {
        case heading(ShutdownGroup, count: Int)
        case usage(UsageRow)
    }
    static let groups: [ShutdownGroup] = ShutdownGroup.allCases.filter { $0 != .serverRequests }

    let rows: [Row]

    init(_ model: SoftphoneModel) {
        var byGroup: [ShutdownGroup: [UsageRow]] = [:]
        for usage in model.usages { byGroup[usage.id.kind.group, default: []].append(usage) }
        var rows: [Row] = []
        rows.reserveCapacity(model.usages.count + Self.groups.count)
        for group in Self.groups {
            let members = byGroup[group] ?? []
            rows.append(.heading(group, count: members.count))
            rows += members.map(Row.usage)
        }
        self.rows = rows
    }

    func index(of id: AnyUsageID) -> Int? {
        rows.firstIndex { if case .usage(let row) = $0 { row.id == id } else { false } }
    }
    func usage(at index: Int) -> UsageRow? {
        guard rows.indices.contains(index), case .usage(let row) = rows[index] else { return nil }
        return row
    }
    func heading(of group: ShutdownGroup) -> Int? {
        rows.firstIndex { if case .heading(group, _) = $0 { true } else { false } }
    }

    /// The last heading before a row; the first one for what stands before all others.
    func heading(above index: Int) -> Int {
        var at = min(max(index, 1), rows.count) - 1
        while at > 0, usage(at: at) != nil { at -= 1 }
        return at
    }

    /// What users call the group.
    static func title(_ group: ShutdownGroup) -> String {
        switch group {
        case .serverRequests: "Requests in"
        case .serverInviteSessions: "Calls in"
        case .serverSubscriptions: "Watchers"
        case .clientInviteSessions: "Calls out"
        case .clientSubscriptions: "Subscriptions"
        case .clientPagerMessages: "Messages"
        case .clientPublications: "Publications"
        case .clientRegistrations: "Registrations"
        }
    }
}
