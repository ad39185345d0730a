package import SIPMessage
package import SansIO

/// A REFER that we got, from asking the application to the last status of the request it led to (RFC 3515 §2.4). Beside
/// it stands the subscription that carries the news.
///
///           accept                       final status of the referred request
///   asked ──────────▶ attempting ─────────────────────────────────────────────▶ concluded
///    │ │                  ▲ accept                                                 ▲
///    │ └────▶ deferred ───┴─ decline, end, too late ───────────────────────────────┤
///    │  undecided: 202                                                             │
///    └── decline, end: a refusal; no reports wanted: 202 with Refer-Sub: false ────┘
///
/// A decision that does not come at once must not keep the REFER waiting: 202 is sent before its transaction expires
/// (§2.4.2), and the subscription is pending meanwhile.
package struct ServerReferral: Hashable, Sendable {
    package enum State: Hashable, Sendable {
        case asked(decideBy: Instant)
        case deferred
        /// The last status that we heard of the referred request.
        case attempting(SipfragStatus)
        case concluded
    }
    package enum Input: Hashable, Sendable {
        case accepted
        case declined(StatusCode)
        case heard(SipfragStatus)
        case deadlineReached
        case endRequested
    }
    package enum Action: Hashable, Sendable {
        /// 202 and the first NOTIFY, pending or active.
        case accept(ServerSubscription.Live, SipfragStatus)
        /// 202 that says that no subscription was made (RFC 4488 §4).
        case acceptWithoutReports
        case refuse(StatusCode)
        case notify(SipfragStatus)
        case conclude(SipfragStatus)
    }

    package private(set) var state: State
    /// False: the REFER said Refer-Sub: false.
    private let wantsReports: Bool

    package init(wantsReports: Bool, decideBy: Instant) {
        state = .asked(decideBy: decideBy)
        self.wantsReports = wantsReports
    }

    package var nextDeadline: Instant? { if case .asked(let decideBy) = state { decideBy } else { nil } }
    /// What the last NOTIFY says when we leave now, where one is owed (`shutdown.md` W17): a call without a final answer is
    /// cancelled after it, and what nobody has decided will not be done.
    package var statusOnLeaving: SipfragStatus? {
        switch state {
        case .deferred: SipfragStatus(603)
        case .attempting: SipfragStatus(487)
        case .asked, .concluded: nil
        }
    }
    package var awaitsDecision: Bool {
        switch state {
        case .asked, .deferred: true
        case .attempting, .concluded: false
        }
    }

    package mutating func handle(_ input: Input) -> [Action] {
        let (next, actions) = transition(on: input)
        state = next
        return actions
    }

    private func transition(on input: Input) -> (State, [Action]) {
        switch (state, input) {
        case (.asked, .accepted):
            guard wantsReports else { return (.concluded, [.acceptWithoutReports]) }
            return (.attempting(Self.trying), [.accept(.active, Self.trying)])
        case (.asked, .declined(let status)):
            return (.concluded, [.refuse(status)])
        case (.asked, .deadlineReached):
            return (.deferred, [.accept(.pending, Self.trying)])
        case (.asked, .endRequested):
            return (.concluded, [])  // The subscription that was asked for is refused.

        case (.deferred, .accepted):
            return (.attempting(Self.trying), [.notify(Self.trying)])
        case (.deferred, .declined(let status)):
            return (.concluded, [.conclude(SipfragStatus(status))])
        case (.deferred, .endRequested), (.attempting, .endRequested):
            return (.concluded, statusOnLeaving.map { [.conclude($0)] } ?? [])

        case (.attempting(let last), .heard(let status)):
            if status.status >= 200 { return (.concluded, [.conclude(status)]) }
            return (.attempting(status), status == last ? [] : [.notify(status)])
        case (.asked, .heard), (.deferred, .heard), (.deferred, .deadlineReached), (.attempting, .accepted),
            (.attempting, .declined), (.attempting, .deadlineReached), (.concluded, _):
            return (state, [])
        }
    }

    private static let trying = SipfragStatus(100)
}
