import SIPMessage
import SansIO

/// Either of the two server transactions, under one face.
enum ServerMachine: Hashable, Sendable {
    case invite(InviteServerTransaction)
    case nonInvite(NonInviteServerTransaction)

    enum Input: Hashable, Sendable {
        case repeated
        case responded(StatusCode)
        case acknowledged
        case deadlineReached
    }

    var nextDeadline: Instant? {
        switch self {
        case .invite(let machine): machine.nextDeadline
        case .nonInvite(let machine): machine.nextDeadline
        }
    }
    var isUnanswered: Bool {
        switch self {
        case .invite(let machine): machine.isUnanswered
        case .nonInvite(let machine): machine.isUnanswered
        }
    }
    var awaitsAcknowledgement: Bool {
        switch self {
        case .invite(let machine): machine.awaitsAcknowledgement
        case .nonInvite: false
        }
    }

    mutating func handle(_ input: Input, at now: Instant) -> [ServerAction] {
        switch self {
        case .invite(var machine):
            defer { self = .invite(machine) }
            return switch input {
            case .repeated: machine.handle(.repeated, at: now)
            case .responded(let status): machine.handle(Self.invite(status), at: now)
            case .acknowledged: machine.handle(.acknowledged, at: now)
            case .deadlineReached: machine.handle(.deadlineReached, at: now)
            }
        case .nonInvite(var machine):
            defer { self = .nonInvite(machine) }
            return switch input {
            case .repeated: machine.handle(.repeated, at: now)
            case .responded(let status): machine.handle(Self.nonInvite(status), at: now)
            case .acknowledged: []
            case .deadlineReached: machine.handle(.deadlineReached, at: now)
            }
        }
    }

    private static func invite(_ status: StatusCode) -> InviteServerTransaction.Input {
        status.isProvisional ? .respondedProvisional : status.isSuccess ? .respondedAccepted : .respondedRefused
    }
    private static func nonInvite(_ status: StatusCode) -> NonInviteServerTransaction.Input {
        if status == 100 { return .respondedTrying }
        return status.isProvisional || status == 408 ? .respondedForbidden : .respondedFinal
    }
}
