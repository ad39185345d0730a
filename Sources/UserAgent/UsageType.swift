import DialogUsage
import SIPMessage

/// The usage types of the 2004 proposal, in the order in which shutdown ends them, and what else a manager may owe an
/// end to.
public enum UsageType: String, Hashable, Sendable, CaseIterable {
    case serverInviteSession, serverSubscription, clientInviteSession, clientSubscription, clientPagerMessage
    case clientPublication, clientRegistration
    case clientOutOfDialogRequest, serverOutOfDialogRequest, serverPagerMessage, serverRegistration, serverPublication

    init(_ kind: UsageKind) {
        switch kind {
        case .serverInviteSession: self = .serverInviteSession
        case .serverSubscription: self = .serverSubscription
        case .clientInviteSession: self = .clientInviteSession
        case .clientSubscription: self = .clientSubscription
        case .clientPagerMessage: self = .clientPagerMessage
        case .clientPublication: self = .clientPublication
        case .clientRegistration: self = .clientRegistration
        case .clientOutOfDialogRequest: self = .clientOutOfDialogRequest
        case .serverOutOfDialogRequest: self = .serverOutOfDialogRequest
        case .serverPagerMessage: self = .serverPagerMessage
        case .serverRegistration: self = .serverRegistration
        case .serverPublication: self = .serverPublication
        }
    }
}

extension UsageType {
    /// The order of the 2004 proposal: ServerInviteSession first, ClientRegistration last.
    public static let defaultShutdownOrder: [UsageType] = [
        .serverInviteSession, .serverSubscription, .clientInviteSession, .clientSubscription, .clientPagerMessage,
        .clientPublication, .clientRegistration,
    ]

    /// What is not named follows in the default order. Requests that wait for our answer come first: they cost no wait.
    static func plan(_ order: [UsageType]) -> ShutdownPlan {
        var groups: [ShutdownGroup] = [.serverRequests]
        for type in order + defaultShutdownOrder {
            for kind in UsageKind.allCases where UsageType(kind) == type && !groups.contains(kind.group) {
                groups.append(kind.group)
            }
        }
        return ShutdownPlan(order: groups)
    }
}

/// How a usage ended.
public enum UsageEnd: Hashable, Sendable {
    /// We ended it and the peer agreed, or had forgotten it already; with its last status, if it gave one.
    case local(status: Int?)
    /// The peer ended it, or it was over by itself.
    case byPeer(status: Int?)
    /// Nothing had been sent, or its first request failed.
    case neverEstablished
    /// The peer refused to end it; it is gone on our side.
    case refused(status: Int)
    /// The final NOTIFY never came.
    case notifyMissing
    case undelivered(messages: Int)
    /// Nobody answered, or the transport failed.
    case unreachable
    /// The give-up time came first.
    case gaveUp
    /// Somebody asked for it: skipped, or forced.
    case abandoned

    init(_ outcome: UsageOutcome) {
        switch outcome {
        case .local(let status): self = .local(status: status.map { Int($0.value) })
        case .endedByPeer(let status): self = .byPeer(status: status.map { Int($0.value) })
        case .neverSent, .neverEstablished: self = .neverEstablished
        case .notifyMissing: self = .notifyMissing
        case .refused(let status): self = .refused(status: Int(status.value))
        case .undelivered(let count): self = .undelivered(messages: count)
        case .peerUnresponsive, .transportFailed: self = .unreachable
        case .gaveUp: self = .gaveUp
        case .skipped, .forced: self = .abandoned
        }
    }
}
