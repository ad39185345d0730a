package import SIPMessage
package import SansIO

/// Pager-mode messages of ours to one peer (RFC 3428): one in flight, the others in a queue, since §8 wants no second
/// MESSAGE before the first is answered. It ends by itself when the queue is empty.
package struct ClientPagerMessage: BaseUsage, Hashable {
    package static let kind = UsageKind.clientPagerMessage

    package enum State: Hashable, Sendable {
        case sending(MessageID, queue: [MessageID])
        /// The end was asked for: the one in flight is awaited, the others were given back (W23).
        case ending(MessageID, undelivered: Int)
        case ended(UsageOutcome)
    }
    package enum Input: Hashable, Sendable {
        case queued(MessageID)
        case answered(StatusCode)
        case failed(Failure)
        case endRequested
    }
    package enum Action: Hashable, Sendable {
        case send(MessageID)
        case delivered(MessageID, StatusCode)
        case failed(MessageID, Failure)
        case undelivered(MessageID)
        case ended(UsageOutcome)
    }

    package private(set) var state: State

    package static func start(with first: MessageID) -> (ClientPagerMessage, [Action]) {
        (ClientPagerMessage(state: .sending(first, queue: [])), [.send(first)])
    }

    package var nextDeadline: Instant? { nil }
    package var isEnded: Bool { if case .ended = state { true } else { false } }
    package var queuedCount: Int { if case .sending(_, let queue) = state { queue.count } else { 0 } }

    package mutating func end(at now: Instant) -> [Action] { handle(.endRequested) }

    package mutating func handle(_ input: Input) -> [Action] {
        let (next, actions) = Self.transition(from: state, on: input)
        state = next
        return actions
    }

    private static func transition(from state: State, on input: Input) -> (State, [Action]) {
        switch (state, input) {
        case (.sending(let current, let queue), .queued(let message)):
            return (.sending(current, queue: queue + [message]), [])
        case (.sending(let current, let queue), .answered(let status)):
            return next(after: .delivered(current, status), queue, lastly: .endedByPeer(status))
        case (.sending(let current, let queue), .failed(let failure)):
            return next(after: .failed(current, failure), queue, lastly: failure.outcomeOfStart)
        case (.sending(let current, let queue), .endRequested):
            return (.ending(current, undelivered: queue.count), queue.map(Action.undelivered))

        case (.ending(let current, let undelivered), .answered(let status)):
            let outcome = undelivered == 0 ? UsageOutcome.endedByPeer(status) : .undelivered(undelivered)
            return (.ended(outcome), [.delivered(current, status), .ended(outcome)])
        case (.ending(let current, let undelivered), .failed(let failure)):
            let outcome = undelivered == 0 ? failure.outcomeOfStart : .undelivered(undelivered)
            return (.ended(outcome), [.failed(current, failure), .ended(outcome)])
        case (.ending(let current, let undelivered), .queued(let message)):
            return (.ending(current, undelivered: undelivered + 1), [.undelivered(message)])
        case (.ending, .endRequested), (.ended, _):
            return (state, [])
        }
    }

    private static func next(
        after report: Action, _ queue: [MessageID], lastly outcome: UsageOutcome
    ) -> (State, [Action]) {
        guard let first = queue.first else { return (.ended(outcome), [report, .ended(outcome)]) }
        return (.sending(first, queue: Array(queue.dropFirst())), [report, .send(first)])
    }
}
