package import SIPMessage
package import SansIO

/// One stand-alone request from outside (MESSAGE, REGISTER, PUBLISH …) which the application answers. Ending it
/// answers 480: it costs one response and no wait (W31).
package struct ServerRequest: BaseUsage, Hashable {
    package static let kind = UsageKind.serverOutOfDialogRequest

    package enum State: Hashable, Sendable {
        case unanswered
        case ended(UsageOutcome)
    }
    package enum Action: Hashable, Sendable {
        case refuse(StatusCode)
        case ended(UsageOutcome)
    }

    package private(set) var state = State.unanswered

    package init() {}

    package var nextDeadline: Instant? { nil }
    package var isEnded: Bool { state != .unanswered }

    package mutating func end(at now: Instant) -> [Action] {
        guard state == .unanswered else { return [] }
        state = .ended(.local(480))
        return [.refuse(480), .ended(.local(480))]
    }
    /// The application has answered with `status`.
    package mutating func answered(_ status: StatusCode) -> [Action] {
        guard state == .unanswered else { return [] }
        state = .ended(.endedByPeer(status))
        return [.ended(.endedByPeer(status))]
    }
}
