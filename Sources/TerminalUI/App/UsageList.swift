import DialogUsage
import SansIO
import SoftphoneCore

/// The rows of the main list: a heading for each of the seven groups, in the order in which shutdown ends them, and
/// under it the group's usages, unless the group is closed or a filter has left them out.
///
/// No row is made before it is looked at: the list of ten thousand usages is seven ranges, or seven lists of numbers.
struct UsageList {
    struct Section: Hashable {
        let group: ShutdownGroup
        /// The row of its heading.
        let heading: Int
        /// Of those that are shown, their places among all usages.
        let members: Members
        /// How many there are, shown or not.
        let total: Int
        let isClosed: Bool

        var rows: Int { 1 + (isClosed ? 0 : members.count) }
    }
    enum Members: Hashable {
        case all(Range<Int>)
        case some([Int])

        var count: Int {
            switch self {
            case .all(let range): range.count
            case .some(let places): places.count
            }
        }
        subscript(index: Int) -> Int {
            switch self {
            case .all(let range): range.lowerBound + index
            case .some(let places): places[index]
            }
        }
        /// Where among them one stands that is at a place among all usages.
        func index(of place: Int) -> Int? {
            switch self {
            case .all(let range): range.contains(place) ? place - range.lowerBound : nil
            case .some(let places): places.firstIndex(of: place)
            }
        }
    }
    static let groups: [ShutdownGroup] = ShutdownGroup.allCases.filter { $0 != .serverRequests }

    let sections: [Section]
    let rowCount: Int
    private let usages: UsageRows

    /// - Parameter isShown: asked of every usage where it is there.
    init(_ model: SoftphoneModel, closed: Set<ShutdownGroup> = [], showing isShown: ((UsageRow) -> Bool)? = nil) {
        let usages = model.usages
        let shown = isShown.map { isShown in
            var places: [Int] = []
            for (place, box) in usages.boxes.enumerated() where isShown(box.value) { places.append(place) }
            return places
        }
        var row = 0
        var sections: [Section] = []
        for group in Self.groups {
            let all = usages.range(of: group)
            let section = Section(
                group: group, heading: row, members: shown.map { .some($0.filter(all.contains)) } ?? .all(all),
                total: all.count, isClosed: closed.contains(group))
            sections.append(section)
            row += section.rows
        }
        self.usages = usages
        self.sections = sections
        rowCount = row
    }

    /// The group that a row belongs to; its heading belongs to it.
    func section(at row: Int) -> Section? {
        guard row >= 0, row < rowCount else { return nil }
        return sections.last { $0.heading <= row }
    }
    func usage(at row: Int) -> UsageRow? { place(at: row).map { usages[$0] } }
    /// Where among all usages the one of a row stands.
    func place(at row: Int) -> Int? {
        guard let section = section(at: row), row > section.heading else { return nil }
        return section.members[row - section.heading - 1]
    }
    /// nil also for one that is not shown.
    func index(of id: AnyUsageID) -> Int? {
        guard let section = sections.first(where: { $0.group == id.kind.group }), !section.isClosed else { return nil }
        return usages.index(of: id).flatMap(section.members.index).map { section.heading + 1 + $0 }
    }
    func heading(of group: ShutdownGroup) -> Int? { sections.first { $0.group == group }?.heading }
    var headings: [Int] { sections.map(\.heading) }

    /// The last heading before a row; the first one for what stands before all others.
    func heading(above row: Int) -> Int { sections.last { $0.heading < max(row, 1) }?.heading ?? 0 }

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
