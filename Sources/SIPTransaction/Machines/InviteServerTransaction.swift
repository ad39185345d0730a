import SansIO

/// The INVITE server transaction (RFC 3261 §17.2.1, RFC 6026 §8.5).
///
///   proceeding ──2xx──▶ accepted ──Timer L──▶ terminated
///       └──300-699──▶ completed ──ACK──▶ confirmed ──Timer I──▶ terminated
///                         └──Timer H──▶ terminated
struct InviteServerTransaction: Hashable, Sendable {
    enum State: Hashable, Sendable {
        /// 100 is sent at that instant, unless the user of the transaction is quicker.
        case proceeding(tryingAt: Instant?)
        /// The refusal is repeated (Timer G, unreliable transports only) until ACK or Timer H.
        case completed(retransmitAt: Instant?, interval: Duration, giveUpAt: Instant)
        case confirmed(until: Instant)
        case accepted(until: Instant)
        case terminated
    }
    enum Input: Hashable, Sendable {
        case repeated
        case respondedProvisional, respondedAccepted, respondedRefused
        case acknowledged
        case deadlineReached
    }
    typealias Action = ServerAction

    private(set) var state: State
    private let timers: TimerValues
    private let isReliable: Bool

    init(timers: TimerValues, isReliable: Bool, at now: Instant) {
        self.timers = timers
        self.isReliable = isReliable
        state = .proceeding(tryingAt: now + timers.trying)
    }

    var nextDeadline: Instant? {
        switch state {
        case .proceeding(let tryingAt): tryingAt
        case .completed(let retransmitAt, _, let giveUpAt): earliest(retransmitAt, giveUpAt)
        case .confirmed(let until), .accepted(let until): until
        case .terminated: nil
        }
    }
    /// Timer H, while it runs.
    var givesUpAt: Instant? { if case .completed(_, _, let giveUpAt) = state { giveUpAt } else { nil } }
    var isUnanswered: Bool { if case .proceeding = state { true } else { false } }
    var awaitsAcknowledgement: Bool { if case .completed = state { true } else { false } }

    mutating func handle(_ input: Input, at now: Instant) -> [Action] {
        let (next, actions) = transition(on: input, at: now)
        state = next
        return actions
    }

    private func transition(on input: Input, at now: Instant) -> (State, [Action]) {
        switch (state, input) {
        case (.proceeding(let tryingAt), .repeated):
            return tryingAt == nil ? (state, [.resend]) : (.proceeding(tryingAt: nil), [.sendTrying])
        case (.proceeding, .respondedProvisional): return (.proceeding(tryingAt: nil), [.send])
        case (.proceeding, .respondedAccepted): return (.accepted(until: now + timers.timeout), [.send])
        case (.proceeding, .respondedRefused):
            let retransmitAt = isReliable ? nil : now + timers.t1
            return (
                .completed(retransmitAt: retransmitAt, interval: timers.t1, giveUpAt: now + timers.timeout), [.send]
            )
        case (.proceeding(let tryingAt?), .deadlineReached):
            return now >= tryingAt ? (.proceeding(tryingAt: nil), [.sendTrying]) : (state, [])

        case (.accepted, .respondedAccepted): return (state, [.send])
        case (.accepted, .acknowledged): return (state, [.passAcknowledgement])
        case (.accepted(let until), .deadlineReached):
            return now >= until ? (.terminated, [.terminate(acknowledged: true)]) : (state, [])

        case (.completed, .repeated): return (state, [.resend])
        case (.completed, .acknowledged):
            if isReliable { return (.terminated, [.refusalAcknowledged, .terminate(acknowledged: true)]) }
            return (.confirmed(until: now + timers.t4), [.refusalAcknowledged])
        case (.completed(let retransmitAt, let interval, let giveUpAt), .deadlineReached):
            guard now < giveUpAt else { return (.terminated, [.terminate(acknowledged: false)]) }
            guard let retransmitAt, now >= retransmitAt else { return (state, []) }
            let next = min(interval * 2, timers.t2)
            return (.completed(retransmitAt: now + next, interval: next, giveUpAt: giveUpAt), [.resend])

        case (.confirmed(let until), .deadlineReached):
            return now >= until ? (.terminated, [.terminate(acknowledged: true)]) : (state, [])

        case (.proceeding, .acknowledged), (.proceeding(.none), .deadlineReached), (.accepted, .repeated),
            (.accepted, .respondedProvisional), (.accepted, .respondedRefused), (.completed, .respondedProvisional),
            (.completed, .respondedAccepted), (.completed, .respondedRefused), (.confirmed, .repeated),
            (.confirmed, .respondedProvisional), (.confirmed, .respondedAccepted), (.confirmed, .respondedRefused),
            (.confirmed, .acknowledged), (.terminated, _):
            return (state, [])
        }
    }
}
