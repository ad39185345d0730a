import SansIO

/// Either of the two client transactions, under one face.
enum ClientMachine: Hashable, Sendable {
    case invite(InviteClientTransaction)
    case nonInvite(NonInviteClientTransaction)

    enum Input: Hashable, Sendable {
        case provisional, accepted, refused
        case transportFailed(TransactionFailure)
        case limited(until: Instant)
        case deadlineReached
    }

    var nextDeadline: Instant? {
        switch self {
        case .invite(let machine): machine.nextDeadline
        case .nonInvite(let machine): machine.nextDeadline
        }
    }
    var givesUpAt: Instant? {
        switch self {
        case .invite(let machine): machine.givesUpAt
        case .nonInvite(let machine): machine.givesUpAt
        }
    }
    var isAwaitingFinal: Bool {
        switch self {
        case .invite(let machine): machine.isAwaitingFinal
        case .nonInvite(let machine): machine.isAwaitingFinal
        }
    }

    /// An INVITE that rings: what CANCEL is for (RFC 3261 §9.1).
    var isRinging: Bool {
        if case .invite(let machine) = self, case .proceeding = machine.state { true } else { false }
    }

    mutating func handle(_ input: Input, at now: Instant) -> [ClientAction] {
        switch self {
        case .invite(var machine):
            defer { self = .invite(machine) }
            return switch input {
            case .provisional: machine.handle(.provisional, at: now)
            case .accepted: machine.handle(.accepted, at: now)
            case .refused: machine.handle(.refused, at: now)
            case .transportFailed(let failure): machine.handle(.transportFailed(failure), at: now)
            case .limited(let until): machine.handle(.limited(until: until), at: now)
            case .deadlineReached: machine.handle(.deadlineReached, at: now)
            }
        case .nonInvite(var machine):
            defer { self = .nonInvite(machine) }
            return switch input {
            case .provisional: machine.handle(.provisional, at: now)
            case .accepted, .refused: machine.handle(.final, at: now)
            case .transportFailed(let failure): machine.handle(.transportFailed(failure), at: now)
            case .limited: []
            case .deadlineReached: machine.handle(.deadlineReached, at: now)
            }
        }
    }
}
