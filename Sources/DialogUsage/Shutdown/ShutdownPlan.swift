/// A stage of shutdown: usages that are ended together (`shutdown.md`, section 3).
package enum ShutdownGroup: Int, Hashable, Sendable, CaseIterable, Comparable {
    /// Unanswered requests from outside: they cost one response and no wait.
    case serverRequests = 0
    /// A human is waiting.
    case serverInviteSessions
    /// Watchers are told while we can still be reached.
    case serverSubscriptions
    case clientInviteSessions
    /// Their final NOTIFY comes to our Contact, which the registration keeps reachable.
    case clientSubscriptions
    case clientPagerMessages
    case clientPublications
    /// Last, because GRUUs and flows hang on it (the 2004 proposal).
    case clientRegistrations

    package static func < (a: ShutdownGroup, b: ShutdownGroup) -> Bool { a.rawValue < b.rawValue }

    /// The usage type this group is named after.
    package var title: String {
        switch self {
        case .serverRequests: "ServerOutOfDialogRequest"
        case .serverInviteSessions: "ServerInviteSession"
        case .serverSubscriptions: "ServerSubscription"
        case .clientInviteSessions: "ClientInviteSession"
        case .clientSubscriptions: "ClientSubscription"
        case .clientPagerMessages: "ClientPagerMessage"
        case .clientPublications: "ClientPublication"
        case .clientRegistrations: "ClientRegistration"
        }
    }
}

/// In which order the groups end. A value, so that an application can say "un-PUBLISH before un-SUBSCRIBE" (O3).
package struct ShutdownPlan: Hashable, Sendable {
    package private(set) var order: [ShutdownGroup]

    /// The order of the 2004 proposal.
    package static let proposal = ShutdownPlan(order: ShutdownGroup.allCases)

    /// Groups not named keep their place in the proposal's order, after those named. Registrations end last whatever
    /// is said, unless `registrationsLast` is false: their flow carries the end requests of the others.
    package init(order: [ShutdownGroup], registrationsLast: Bool = true) {
        var seen: Set<ShutdownGroup> = []
        var complete = (order + ShutdownGroup.allCases).filter { seen.insert($0).inserted }
        if registrationsLast {
            complete.removeAll { $0 == .clientRegistrations }
            complete.append(.clientRegistrations)
        }
        self.order = complete
    }
}
