import SansIO

/// The INVITE client transaction (RFC 3261 §17.1.1, RFC 6026 §8.4).
///
///   calling ──1xx──▶ proceeding ──2xx──▶ accepted ──Timer M──▶ terminated
///      │                 └──300-699──▶ completed ──Timer D──▶ terminated
///      │                 └──nobody wants it any more──▶ terminated
///      └──Timer B, transport──▶ terminated
struct InviteClientTransaction: Hashable, Sendable {
    enum State: Hashable, Sendable {
        /// Timer A repeats, Timer B gives up.
        case calling(retransmitAt: Instant?, interval: Duration, giveUpAt: Instant)
        /// It rings, without limit, or until its user has lost interest.
        case proceeding(giveUpAt: Instant?)
        /// ACK sent; repeated answers are acknowledged again until Timer D.
        case completed(until: Instant)
        /// 2xx passed on; so are its repetitions, until Timer M.
        case accepted(until: Instant)
        case terminated
    }
    enum Input: Hashable, Sendable {
        case provisional, accepted, refused
        case transportFailed(TransactionFailure)
        /// Nobody is left who wants the answer: once it rings, it does so no longer than that.
        case limited(until: Instant)
        case deadlineReached
    }
    typealias Action = ClientAction

    private(set) var state: State
    private let timers: TimerValues
    private let isReliable: Bool

    init(timers: TimerValues, isReliable: Bool, at now: Instant) {
        self.timers = timers
        self.isReliable = isReliable
        state = .calling(
            retransmitAt: isReliable ? nil : now + timers.t1, interval: timers.t1, giveUpAt: now + timers.timeout)
    }

    var nextDeadline: Instant? {
        switch state {
        case .calling(let retransmitAt, _, let giveUpAt): earliest(retransmitAt, giveUpAt)
        case .completed(let until), .accepted(let until): until
        case .proceeding(let giveUpAt): giveUpAt
        case .terminated: nil
        }
    }
    /// Timer B, while it runs. Once a provisional response has come nothing bounds the wait (RFC 3261 §17.1.1.2), unless
    /// its user does.
    var givesUpAt: Instant? {
        switch state {
        case .calling(_, _, let giveUpAt): giveUpAt
        case .proceeding(let giveUpAt): giveUpAt
        case .completed, .accepted, .terminated: nil
        }
    }
    var isAwaitingFinal: Bool {
        switch state {
        case .calling, .proceeding: true
        case .completed, .accepted, .terminated: false
        }
    }

    mutating func handle(_ input: Input, at now: Instant) -> [Action] {
        let (next, actions) = transition(on: input, at: now)
        state = next
        return actions
    }

    private func transition(on input: Input, at now: Instant) -> (State, [Action]) {
        switch (state, input) {
        case (.calling, .provisional): return (.proceeding(giveUpAt: nil), [.pass])
        case (.proceeding, .provisional): return (state, [.pass])
        case (.calling, .accepted), (.proceeding, .accepted):
            return (.accepted(until: now + timers.timeout), [.pass])
        case (.accepted, .accepted): return (state, [.pass])
        case (.calling, .refused), (.proceeding, .refused):
            if isReliable { return (.terminated, [.acknowledge, .pass, .terminate]) }
            return (.completed(until: now + timers.d), [.acknowledge, .pass])
        case (.completed, .refused): return (state, [.acknowledge])
        case (.calling(let retransmitAt, let interval, let giveUpAt), .deadlineReached):
            guard now < giveUpAt else { return (.terminated, [.fail(.timedOut), .terminate]) }
            guard let retransmitAt, now >= retransmitAt else { return (state, []) }
            return (
                .calling(retransmitAt: now + interval * 2, interval: interval * 2, giveUpAt: giveUpAt), [.retransmit]
            )
        case (.proceeding(nil), .limited(let until)): return (.proceeding(giveUpAt: until), [])
        case (.proceeding(let giveUpAt), .deadlineReached):
            let isOver = giveUpAt.map { now >= $0 } ?? false
            return isOver ? (.terminated, [.fail(.timedOut), .terminate]) : (state, [])
        case (.completed(let until), .deadlineReached), (.accepted(let until), .deadlineReached):
            return now >= until ? (.terminated, [.terminate]) : (state, [])
        case (.calling, .transportFailed(let failure)), (.proceeding, .transportFailed(let failure)):
            return (.terminated, [.fail(failure), .terminate])
        case (.completed, .transportFailed): return (.terminated, [.terminate])
        case (.calling, .limited), (.proceeding, .limited), (.completed, .limited), (.accepted, .limited),
            (.completed, .provisional), (.completed, .accepted),
            (.accepted, .provisional), (.accepted, .refused), (.accepted, .transportFailed), (.terminated, _):
            return (state, [])
        }
    }
}
