package import DialogUsage
import SIPMessage
package import SansIO

/// One message, as a ladder shows it.
package struct LadderEntry: Hashable, Sendable {
    /// What it has to do with digest authentication (RFC 3261 §22).
    package enum Authentication: Hashable, Sendable { case none, challenge, credentials }

    /// Numbers all messages of the client in the order in which they came and went.
    package let serial: UInt64
    /// nil: it belongs to no usage, as what was answered at once.
    package let usage: AnyUsageID?
    package let at: Instant
    package let isSent: Bool
    /// `INVITE (sdp)`, `407 Proxy Authentication Required [SHA-256]`.
    package let summary: String
    package let peer: SocketAddress
    package let transport: TransportProtocol
    /// How many further copies went after the first; 0: none.
    package internal(set) var retransmissions: Int
    package internal(set) var lastCopyAt: Instant
    package let authentication: Authentication
    /// A challenge and the request that answers it have the same number, counted from 1 for each method of a Call-ID.
    package internal(set) var round: Int?
    let method: String
    let dialog: DialogMark
    private let bytes: [UInt8]

    init(_ rung: Ladder.Rung, _ message: SIPMessage, of usage: AnyUsageID?) {
        serial = rung.serial
        self.usage = usage
        at = rung.at
        isSent = rung.isSent
        summary = message.ladderSummary
        peer = rung.peer
        transport = rung.transport
        retransmissions = rung.retransmissions
        lastCopyAt = rung.lastCopyAt
        authentication = message.authentication
        method = message.method.description
        dialog = DialogMark(message, isSent: rung.isSent)
        bytes = rung.bytes
    }

    /// The whole message, with secrets masked and harmless to a terminal; line ends are `\n`.
    package var text: String { (try? SIPMessage(parsing: bytes))?.harmlessText ?? "" }
}

/// Which dialog a message says it belongs to (RFC 3261 §12). A tag that is not there yet is nil.
struct DialogMark: Hashable, Sendable {
    var callID: String
    var ours: String?
    var theirs: String?

    init(_ message: SIPMessage, isSent: Bool) {
        callID = (try? message.callID()) ?? ""
        let (from, to) = ((try? message.from())?.tag, (try? message.to())?.tag)
        // From is ours in the requests that we send and in the responses to them.
        (ours, theirs) = isSent == message.isRequest ? (from, to) : (to, from)
    }

    func isInDialog(of other: DialogMark) -> Bool {
        isInDialogSet(of: other) && (theirs == nil || other.theirs == nil || theirs == other.theirs)
    }
    /// The dialogs that one request of ours can lead to: the same Call-ID and the same tag of ours.
    func isInDialogSet(of other: DialogMark) -> Bool {
        callID == other.callID && (ours == nil || other.ours == nil || ours == other.ours)
    }
}

extension SIPMessage {
    fileprivate var authentication: LadderEntry.Authentication {
        if isRequest {
            return value(.authorization) != nil || value(.proxyAuthorization) != nil ? .credentials : .none
        }
        return status == 401 || status == 407 ? .challenge : .none
    }
}
