package import SIPMessage

/// How a usage ended: one of these for each (`shutdown.md`, section 9).
package enum UsageOutcome: Hashable, Sendable {
    /// We ended it and the peer agreed, or had forgotten it already (R6).
    case local(StatusCode?)
    /// It ended by itself or by the peer: BYE, a refusal, a NOTIFY `terminated`, delivery.
    case endedByPeer(StatusCode?)
    /// Prepared, but nothing had been sent.
    case neverSent
    /// Its first request failed, or was challenged while ending.
    case neverEstablished
    /// 2xx to SUBSCRIBE 0, but no final NOTIFY within the grace (the 2004 case).
    case notifyMissing
    /// The end request itself was refused; the usage is gone on our side all the same.
    case refused(StatusCode)
    /// Messages that were never sent.
    case undelivered(Int)
    case peerUnresponsive
    case transportFailed
    /// Still there when the give-up time came.
    case gaveUp
    case skipped
    case forced

    /// Whether the peer can be believed to know that it is over.
    package var isClean: Bool {
        switch self {
        case .local, .endedByPeer, .neverSent, .neverEstablished: true
        case .notifyMissing, .refused, .undelivered, .peerUnresponsive, .transportFailed, .gaveUp, .skipped, .forced:
            false
        }
    }
    /// `result` in records.
    package var result: String {
        switch self {
        case .local, .endedByPeer, .neverSent, .neverEstablished, .notifyMissing: "ended"
        case .refused: "refused"
        case .undelivered: "undelivered"
        case .peerUnresponsive, .transportFailed, .gaveUp, .skipped, .forced: "abandoned"
        }
    }
    /// `cause` in records; nil where the result says it all.
    package var cause: String? {
        switch self {
        case .local, .endedByPeer, .refused, .undelivered: nil
        case .neverSent: "neverSent"
        case .neverEstablished: "neverEstablished"
        case .notifyMissing: "notifyMissing"
        case .peerUnresponsive: "peerUnresponsive"
        case .transportFailed: "transportFailed"
        case .gaveUp: "gaveUp"
        case .skipped: "skipped"
        case .forced: "forced"
        }
    }
    package var status: StatusCode? {
        switch self {
        case .local(let status), .endedByPeer(let status): status
        case .refused(let status): status
        case .neverSent, .neverEstablished, .notifyMissing, .undelivered, .peerUnresponsive, .transportFailed, .gaveUp,
            .skipped, .forced:
            nil
        }
    }
}
