/// What a usage is. The first seven are the usage types of the 2004 proposal and keep their names; the others are
/// single requests outside any dialog, ours and the peer's, to which a user agent also owes an end.
package enum UsageKind: String, Hashable, Sendable, CaseIterable {
    case serverInviteSession = "ServerInviteSession"
    case serverSubscription = "ServerSubscription"
    case clientInviteSession = "ClientInviteSession"
    case clientSubscription = "ClientSubscription"
    case clientPagerMessage = "ClientPagerMessage"
    case clientPublication = "ClientPublication"
    case clientRegistration = "ClientRegistration"
    case clientOutOfDialogRequest = "ClientOutOfDialogRequest"
    case serverOutOfDialogRequest = "ServerOutOfDialogRequest"
    case serverPagerMessage = "ServerPagerMessage"
    case serverRegistration = "ServerRegistration"
    case serverPublication = "ServerPublication"

    /// The short form in usage names, such as `csub-7`.
    package var prefix: String {
        switch self {
        case .serverInviteSession: "sis"
        case .serverSubscription: "ssub"
        case .clientInviteSession: "cis"
        case .clientSubscription: "csub"
        case .clientPagerMessage: "cpm"
        case .clientPublication: "cpub"
        case .clientRegistration: "creg"
        case .clientOutOfDialogRequest: "creq"
        case .serverOutOfDialogRequest: "sreq"
        case .serverPagerMessage: "spm"
        case .serverRegistration: "sreg"
        case .serverPublication: "spub"
        }
    }

    /// Which group of the default shutdown plan ends it (`shutdown.md`, section 3): 0 to 7.
    package var group: ShutdownGroup {
        switch self {
        case .serverOutOfDialogRequest, .serverPagerMessage, .serverRegistration, .serverPublication: .serverRequests
        case .serverInviteSession: .serverInviteSessions
        case .serverSubscription: .serverSubscriptions
        case .clientInviteSession: .clientInviteSessions
        case .clientSubscription: .clientSubscriptions
        case .clientPagerMessage, .clientOutOfDialogRequest: .clientPagerMessages
        case .clientPublication: .clientPublications
        case .clientRegistration: .clientRegistrations
        }
    }

    /// The order in which lists name usages: by group, and inside a group by the short form.
    package var place: UInt8 {
        switch self {
        case .serverPagerMessage: 0
        case .serverPublication: 1
        case .serverRegistration: 2
        case .serverOutOfDialogRequest: 3
        case .serverInviteSession: 4
        case .serverSubscription: 5
        case .clientInviteSession: 6
        case .clientSubscription: 7
        case .clientPagerMessage: 8
        case .clientOutOfDialogRequest: 9
        case .clientPublication: 10
        case .clientRegistration: 11
        }
    }

    /// Soft state runs out by itself at the server; calls and messages do not (`ignoringSoftState`).
    package var isSoftState: Bool {
        switch self {
        case .clientSubscription, .serverSubscription, .clientPublication, .clientRegistration: true
        case .serverInviteSession, .clientInviteSession, .clientPagerMessage, .clientOutOfDialogRequest,
            .serverOutOfDialogRequest, .serverPagerMessage, .serverRegistration, .serverPublication:
            false
        }
    }
}
