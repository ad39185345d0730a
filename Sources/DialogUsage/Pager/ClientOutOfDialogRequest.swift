package import SIPMessage
package import SansIO

/// One request of ours outside any dialog and any usage, such as OPTIONS: over when its final answer is here.
package struct ClientOutOfDialogRequest: BaseUsage, Hashable {
    package static let kind = UsageKind.clientOutOfDialogRequest

    package enum State: Hashable, Sendable {
        case awaitingAnswer
        case ended(UsageOutcome)
    }
    package enum Action: Hashable, Sendable { case ended(UsageOutcome) }

    package private(set) var state = State.awaitingAnswer

    package init() {}

    package var nextDeadline: Instant? { nil }
    package var isEnded: Bool { state != .awaitingAnswer }

    /// Nothing on the wire says "never mind" to a non-INVITE request (RFC 3261 §9.1): its answer is awaited.
    package mutating func end(at now: Instant) -> [Action] { [] }

    package mutating func answered(_ status: StatusCode) -> [Action] { finish(.endedByPeer(status)) }
    package mutating func failed(_ failure: Failure) -> [Action] { finish(failure.outcomeOfStart) }

    private mutating func finish(_ outcome: UsageOutcome) -> [Action] {
        guard state == .awaitingAnswer else { return [] }
        state = .ended(outcome)
        return [.ended(outcome)]
    }
}
