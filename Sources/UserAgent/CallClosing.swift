import DialogUsage
import SIPMessage
import SansIO

/// Why a call ends, as its user thinks of it.
public enum CallClosing: Hashable, Sendable {
    case byUs
    case byPeer
    /// Whoever called us gave up before we answered.
    case cancelledByPeer
    /// Our call was refused, with a status from 300 to 699 and the peer's words for it.
    case refused(status: Int, phrase: String)
    /// Nobody answered, or nobody could be reached; in a sentence.
    case failed(String)

    init(_ closing: SessionClosing) {
        switch closing {
        case .byUs: self = .byUs
        case .byPeer: self = .byPeer
        case .cancelledByPeer: self = .cancelledByPeer
        case .refused(let status, let phrase): self = .refused(status: Int(status.value), phrase: phrase)
        case .failed(let failure): self = .failed("\(failure)")
        }
    }
}

/// One Reason of a BYE, a CANCEL or a final answer (RFC 3326): `SIP`, 200, "Call completed elsewhere".
public struct CallReason: Hashable, Sendable {
    /// Whose numbers `cause` is one of: `SIP`, `Q.850`.
    public var protocolName: String
    /// Its number; nil where none was given.
    public var cause: Int?
    /// For people.
    public var text: String?

    init(_ reason: Reason) {
        protocolName = visible(reason.protocolName)
        cause = reason.cause
        text = reason.text.map { visible($0) }
    }
}
