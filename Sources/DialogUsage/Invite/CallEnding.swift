package import SIPMessage

/// Why a call ended, for a history: by whom, with what answer, and what was given as the reason (RFC 3326).
package struct CallEnding: Hashable, Sendable {
    package enum Party: Hashable, Sendable { case us, peer, network }
    package var by: Party
    /// The final answer to the INVITE, where one ended it.
    package var status: StatusCode?
    /// For people: the phrase of the answer, or the text of a Reason.
    package var text: String?
    /// As BYE, CANCEL or the answer said it; ours where we ended it.
    package var causes: [Reason]

    package init(_ closing: SessionClosing, causes: [Reason] = []) {
        self.causes = causes
        let said = causes.lazy.compactMap(\.text).first
        switch closing {
        case .byUs:
            by = .us
            text = said
        case .byPeer, .cancelledByPeer:
            by = .peer
            text = said
        case .refused(let code, let reason):
            by = .peer
            status = code
            text = said ?? reason
        case .failed(let failure):
            by = .network
            status = failure.status
            text = said ?? failure.description
        }
    }

    /// CANCEL because another of the places that rang has answered (RFC 3326 §2, §3.1).
    package var isAnsweredElsewhere: Bool {
        causes.contains { $0.protocolName.uppercased() == "SIP" && $0.cause == 200 }
    }
}
