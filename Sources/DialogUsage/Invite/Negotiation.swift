package import SIPMessage

/// Offer and answer in one dialog (RFC 3264, RFC 3261 §13.2.1, RFC 3262 §5, RFC 3311 §5, RFC 6337 §2): who has described
/// what, and what a description that comes means.
///
///                 we offer                       reliable answer
///   nothing ──────────────────▶ offeredByUs ───────────────────────▶ agreed
///      │                          │      ▲                           │   ▲
///      │ offer of the peer        │      └── we offer again ─────────┤   │
///      ▼                          ▼ answer in an unreliable 1xx      │   │
///   offeredByPeer              previewed ── 2xx ─────────────────────┼───┤
///      ▲  └── we answer ─────────────────────────────────────────────┼───┘
///      └──────────── offer in re-INVITE, UPDATE or PRACK ────────────┘
///
/// A refused offer leads back to what stood before it. The first description in answer to ours counts; whatever comes
/// later for the same offer is ignored, also in the 2xx (RFC 3261 §13.2.1).
package struct Negotiation: Hashable, Sendable {
    package enum State: Hashable, Sendable {
        case nothing
        case offeredByUs(Basis)
        /// An unreliable provisional response has shown the answer, which a reliable one will repeat.
        case previewed
        case offeredByPeer(Basis)
        case agreed
    }
    /// What stood before the offer.
    package enum Basis: Hashable, Sendable { case nothing, agreement }

    package enum Input: Hashable, Sendable {
        case weOffered, weAnswered
        /// The offer that is out was refused, or taken back.
        case withdrawn
        case described(Carrier)
        /// The message could have carried a description, and has none.
        case silent(Carrier)
    }
    /// What brings a description of the peer.
    package enum Carrier: Hashable, Sendable {
        /// INVITE or UPDATE.
        case request
        case prack, acknowledgement
        case unreliableProvisional, reliableProvisional
        /// 2xx to INVITE, UPDATE or PRACK.
        case success
    }
    package enum Action: Hashable, Sendable {
        case takeAnswer
        /// We owe an answer.
        case takeOffer
        /// 491: our own offer has no answer yet; 500: the peer's has none (RFC 3311 §5.2).
        case refuse(StatusCode)
        /// An offer or an answer was due here.
        case missing
    }

    package private(set) var state = State.nothing

    package init() {}

    package mutating func handle(_ input: Input) -> [Action] {
        let (next, actions) = Self.transition(from: state, on: input)
        state = next
        return actions
    }

    private static func transition(from state: State, on input: Input) -> (State, [Action]) {
        switch (state, input) {

        case (.nothing, .weOffered): return (.offeredByUs(.nothing), [])
        case (.nothing, .described(.request)), (.nothing, .described(.reliableProvisional)),
            (.nothing, .described(.success)), (.nothing, .described(.prack)):
            return (.offeredByPeer(.nothing), [.takeOffer])
        case (.nothing, .silent(.success)):
            return (state, [.missing])

        case (.offeredByUs(.nothing), .described(.unreliableProvisional)):
            return (.previewed, [.takeAnswer])
        case (.offeredByUs, .described(.reliableProvisional)), (.offeredByUs, .described(.success)),
            (.offeredByUs, .described(.prack)), (.offeredByUs, .described(.acknowledgement)):
            return (.agreed, [.takeAnswer])
        case (.offeredByUs, .described(.request)), (.previewed, .described(.request)):
            return (state, [.refuse(491)])
        case (.offeredByUs, .silent(.success)), (.offeredByUs, .silent(.prack)),
            (.offeredByUs, .silent(.acknowledgement)):
            return (state, [.missing])
        case (.offeredByUs(.nothing), .withdrawn): return (.nothing, [])
        case (.offeredByUs(.agreement), .withdrawn): return (.agreed, [])

        case (.previewed, .described(.reliableProvisional)), (.previewed, .described(.success)),
            (.previewed, .silent(.success)):
            return (.agreed, [])
        case (.previewed, .withdrawn): return (.nothing, [])

        case (.offeredByPeer, .weAnswered): return (.agreed, [])
        case (.offeredByPeer, .described(.request)), (.offeredByPeer, .described(.prack)):
            return (state, [.refuse(500)])
        case (.offeredByPeer(.nothing), .withdrawn): return (.nothing, [])
        case (.offeredByPeer(.agreement), .withdrawn): return (.agreed, [])

        case (.agreed, .weOffered): return (.offeredByUs(.agreement), [])
        case (.agreed, .described(.request)), (.agreed, .described(.prack)):
            return (.offeredByPeer(.agreement), [.takeOffer])

        case (.nothing, .weAnswered), (.nothing, .withdrawn), (.nothing, .described(.acknowledgement)),
            (.nothing, .described(.unreliableProvisional)), (.nothing, .silent(.request)), (.nothing, .silent(.prack)),
            (.nothing, .silent(.acknowledgement)), (.nothing, .silent(.unreliableProvisional)),
            (.nothing, .silent(.reliableProvisional)),
            (.offeredByUs, .weOffered), (.offeredByUs, .weAnswered), (.offeredByUs, .silent(.request)),
            (.offeredByUs(.agreement), .described(.unreliableProvisional)),
            (.offeredByUs, .silent(.unreliableProvisional)), (.offeredByUs, .silent(.reliableProvisional)),
            (.previewed, .weOffered), (.previewed, .weAnswered), (.previewed, .described(.prack)),
            (.previewed, .described(.acknowledgement)), (.previewed, .described(.unreliableProvisional)),
            (.previewed, .silent(.request)), (.previewed, .silent(.prack)), (.previewed, .silent(.acknowledgement)),
            (.previewed, .silent(.unreliableProvisional)), (.previewed, .silent(.reliableProvisional)),
            (.offeredByPeer, .weOffered), (.offeredByPeer, .described(.acknowledgement)),
            (.offeredByPeer, .described(.unreliableProvisional)), (.offeredByPeer, .described(.reliableProvisional)),
            (.offeredByPeer, .described(.success)), (.offeredByPeer, .silent),
            (.agreed, .weAnswered), (.agreed, .withdrawn), (.agreed, .described(.acknowledgement)),
            (.agreed, .described(.unreliableProvisional)), (.agreed, .described(.reliableProvisional)),
            (.agreed, .described(.success)), (.agreed, .silent):
            return (state, [])
        }
    }
}
