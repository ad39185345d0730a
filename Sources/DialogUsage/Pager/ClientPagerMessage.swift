package import SIPMessage
package import SansIO

/// Pager-mode messages of ours to one peer (RFC 3428): one in flight, the others in a queue, since §8 wants no second
/// MESSAGE before the first is answered. It ends by itself when the queue is empty.
///
///            answered, failed: the next one
///   sending ──────────────────────────────┐
///    │ │ ▲                                │
///    │ │ └────────────────────────────────┘ the last one: ended
///    │ │ end, giving back the queue
///    │ └────────▶ ending ── answered, failed ──▶ ended
///    │ end, flushing the queue
///    └──────────▶ flushing ── the last one; or a failure, or time is up: the rest is given back ──▶ ended
package struct ClientPagerMessage: BaseUsage, Hashable {
    package static let kind = UsageKind.clientPagerMessage

    package enum State: Hashable, Sendable {
        case sending(MessageID, queue: [MessageID])
        /// The end was asked for: the one in flight is awaited, the others were given back (W23).
        case ending(MessageID, undelivered: Int)
        /// The end was asked for, and the others are still sent while time allows (W23, `flushQueue`).
        case flushing(MessageID, queue: [MessageID], until: Instant)
        case ended(UsageOutcome)
    }
    package enum Input: Hashable, Sendable {
        case queued(MessageID)
        case answered(StatusCode)
        case failed(Failure)
        /// `flushUntil` nil: what waits is given back.
        case endRequested(flushUntil: Instant?)
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
    package var queuedCount: Int {
        switch state {
        case .sending(_, let queue), .flushing(_, let queue, _): queue.count
        case .ending, .ended: 0
        }
    }

    package mutating func end(at now: Instant) -> [Action] { handle(.endRequested(flushUntil: nil), at: now) }

    package mutating func handle(_ input: Input, at now: Instant) -> [Action] {
        let (next, actions) = Self.transition(from: state, on: input, at: now)
        state = next
        return actions
    }

    private static func transition(from state: State, on input: Input, at now: Instant) -> (State, [Action]) {
        switch (state, input) {
        case (.sending(let current, let queue), .queued(let message)):
            return (.sending(current, queue: queue + [message]), [])
        case (.sending(let current, let queue), .answered(let status)):
            return next(after: .delivered(current, status), queue, lastly: .endedByPeer(status))
        case (.sending(let current, let queue), .failed(let failure)):
            return next(after: .failed(current, failure), queue, lastly: failure.outcomeOfStart)
        case (.sending(let current, let queue), .endRequested(flushUntil: nil)):
            return (.ending(current, undelivered: queue.count), queue.map(Action.undelivered))
        case (.sending(let current, let queue), .endRequested(let until?)):
            return (.flushing(current, queue: queue, until: until), [])

        case (.ending(let current, let undelivered), .answered(let status)):
            let outcome = undelivered == 0 ? UsageOutcome.endedByPeer(status) : .undelivered(undelivered)
            return (.ended(outcome), [.delivered(current, status), .ended(outcome)])
        case (.ending(let current, let undelivered), .failed(let failure)):
            let outcome = undelivered == 0 ? failure.outcomeOfStart : .undelivered(undelivered)
            return (.ended(outcome), [.failed(current, failure), .ended(outcome)])
        case (.ending(let current, let undelivered), .queued(let message)):
            return (.ending(current, undelivered: undelivered + 1), [.undelivered(message)])

        case (.flushing(let current, let queue, let until), .answered(let status)):
            guard let first = queue.first else {
                return (.ended(.endedByPeer(status)), [.delivered(current, status), .ended(.endedByPeer(status))])
            }
            guard now < until else { return giveBack(queue, after: .delivered(current, status)) }
            let rest = Array(queue.dropFirst())
            return (.flushing(first, queue: rest, until: until), [.delivered(current, status), .send(first)])
        case (.flushing(let current, let queue, _), .failed(let failure)):
            // What one message could not do the others could not either, and nobody waits for them one by one.
            guard !queue.isEmpty else {
                let outcome = failure.outcomeOfStart
                return (.ended(outcome), [.failed(current, failure), .ended(outcome)])
            }
            return giveBack(queue, after: .failed(current, failure))
        case (.flushing(let current, let queue, let until), .queued(let message)):
            return (.flushing(current, queue: queue + [message], until: until), [])

        case (.ending, .endRequested), (.flushing, .endRequested), (.ended, .queued), (.ended, .answered),
            (.ended, .failed), (.ended, .endRequested):
            return (state, [])
        }
    }

    private static func next(
        after report: Action, _ queue: [MessageID], lastly outcome: UsageOutcome
    ) -> (State, [Action]) {
        guard let first = queue.first else { return (.ended(outcome), [report, .ended(outcome)]) }
        return (.sending(first, queue: Array(queue.dropFirst())), [report, .send(first)])
    }
    private static func giveBack(_ queue: [MessageID], after report: Action) -> (State, [Action]) {
        let outcome = UsageOutcome.undelivered(queue.count)
        return (.ended(outcome), [report] + queue.map(Action.undelivered) + [.ended(outcome)])
    }
}
