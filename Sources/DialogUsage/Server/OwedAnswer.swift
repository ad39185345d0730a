package import SIPMessage
package import SansIO

/// What a request from outside that opens no dialog is owed: one final answer, and no second one.
///
///                ┌── the application answers ────────────┐
///   unanswered ──┼── our end: 480, of a server 503 (W31) ┼──▶ ended
///                └── nobody answered in time: 500 ───────┘
///
/// The client gives up after 64·T1 and may be told nothing afterwards (RFC 4320 §4.2), so an application that forgets a
/// request is not waited for that long: the core answers in its place.
package struct OwedAnswer: Hashable, Sendable {
    package enum State: Hashable, Sendable {
        case unanswered(until: Instant)
        case ended(UsageOutcome)
    }
    package enum Input: Hashable, Sendable {
        /// With a final status, by the application or by the core on its behalf.
        case answered(StatusCode)
        case endRequested
        case deadlineReached
    }
    package enum Action: Hashable, Sendable {
        case refuse(StatusCode)
        case ended(UsageOutcome)
    }

    package private(set) var state: State
    /// What our own end answers.
    private let whenEnded: StatusCode

    package init(answerBy until: Instant, whenEnded: StatusCode) {
        state = .unanswered(until: until)
        self.whenEnded = whenEnded
    }

    package var nextDeadline: Instant? {
        switch state {
        case .unanswered(let until): until
        case .ended: nil
        }
    }
    package var isEnded: Bool {
        switch state {
        case .unanswered: false
        case .ended: true
        }
    }

    package mutating func handle(_ input: Input, at now: Instant) -> [Action] {
        let (next, actions) = transition(on: input, at: now)
        state = next
        return actions
    }

    private func transition(on input: Input, at now: Instant) -> (State, [Action]) {
        switch (state, input) {
        case (.unanswered, .answered(let status)):
            return (.ended(.endedByPeer(status)), [.ended(.endedByPeer(status))])
        case (.unanswered, .endRequested):
            return refused(whenEnded)
        case (.unanswered(let until), .deadlineReached):
            return now >= until ? refused(500) : (state, [])
        case (.ended, .answered), (.ended, .endRequested), (.ended, .deadlineReached):
            return (state, [])
        }
    }
    private func refused(_ status: StatusCode) -> (State, [Action]) {
        (.ended(.local(status)), [.refuse(status), .ended(.local(status))])
    }
}

/// A usage that is one request from outside, until it has its answer.
package protocol ServerRequestUsage: BaseUsage where Action == OwedAnswer.Action {
    var answer: OwedAnswer { get set }
    init(_ answer: OwedAnswer)
}

extension ServerRequestUsage {
    package var nextDeadline: Instant? { answer.nextDeadline }
    package var isEnded: Bool { answer.isEnded }
    package mutating func end(at now: Instant) -> [Action] { answer.handle(.endRequested, at: now) }
}
