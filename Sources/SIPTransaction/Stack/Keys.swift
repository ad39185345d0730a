import SIPMessage
import SansIO

/// The branch of our topmost Via and the method: what a response names (RFC 3261 §17.1.3). Of one branch there are at
/// most two transactions, a request and its CANCEL.
struct ClientKey: Hashable, Sendable {
    var branch: String
    var isCancel: Bool
}

/// What identifies a request from outside (§17.2.3): with the cookie, branch and sent-by; without it, the fields by
/// which RFC 2543 matched. Octets, because nobody ever reads it.
struct ServerKey: Hashable, Sendable {
    var identity: [UInt8]
    var method: Method

    /// The same of the INVITE that an ACK or a CANCEL belongs to.
    var ofInvite: ServerKey { ServerKey(identity: identity, method: .invite) }

    /// nil when there is no Via to match by.
    init?(_ message: SIPMessage) {
        guard let via = try? message.topViaView() else { return nil }
        method = message.method
        let bytes = message.bytes
        if via.branch.isPresent, Self.hasCookie(bytes[via.branch.bounds]) {
            identity = Array(bytes[via.branch.bounds])
            identity.append(UInt8(ascii: "|"))
            for byte in bytes[via.host.bounds] { identity.append((65...90).contains(byte) ? byte | 0x20 : byte) }
            identity.append(UInt8(truncatingIfNeeded: via.port >> 8))
            identity.append(UInt8(truncatingIfNeeded: via.port))
        } else {
            // A peer of RFC 2543: ACK and CANCEL carry the INVITE's own Request-URI, From tag, Call-ID, number and Via.
            let from = (try? message.from())?.tag ?? ""
            let call = (try? message.callID()) ?? ""
            let number = (try? message.cSeq())?.number ?? 0
            let top = (try? message.topVia())?.description ?? ""
            identity = Array("2543|\(message.requestURIText)|\(from)|\(call)|\(number)|\(top)".utf8)
        }
    }
    private init(identity: [UInt8], method: Method) {
        self.identity = identity
        self.method = method
    }

    private static func hasCookie(_ branch: ArraySlice<UInt8>) -> Bool { branch.starts(with: Via.magicCookie.utf8) }
}

/// One connection for each transport and peer.
struct FlowKey: Hashable, Sendable {
    var transport: TransportProtocol
    var remote: SocketAddress
}

/// The way a message takes.
enum Path: Hashable, Sendable {
    case datagram(local: SocketAddress, remote: SocketAddress)
    case flow(FlowID)
}
