import SIPMessage
import SansIO

/// What identifies a request from outside (RFC 3261 §17.2.3): with the cookie, its branch and sent-by; without it, the
/// fields by which RFC 2543 matched.
struct ServerKey: Hashable, Sendable {
    private var octets: [UInt8]
    private(set) var method: Method
    /// The branch has no cookie.
    private(set) var isOld: Bool

    /// nil when there is no Via, so that there is nothing to match by.
    /// `ignoringToTag`: as an INVITE without one, which is how an old peer's ACK to our refusal of it is found.
    init?(_ message: SIPMessage, _ core: CoreFields, ignoringToTag: Bool = false) {
        guard let via = core.via(0) else { return nil }
        method = message.method
        octets = []
        let bytes = message.bytes
        if via.branch.isPresent, bytes[via.branch.bounds].starts(with: Via.magicCookie.utf8) {
            isOld = false
            octets.reserveCapacity(via.branch.count + via.host.count + 4)
            octets += bytes[via.branch.bounds]
            appendSentBy(via, bytes)
        } else {
            isOld = true
            let tag = ignoringToTag ? nil : core.to?.tag
            for range in [via.branch, via.transport, core.from?.tag, core.callID, tag] {
                if let range, range.isPresent { octets += bytes[range.bounds] }
                octets.append(0)
            }
            octets += message.requestURIText.utf8
            octets += "\(core.cSeq?.number ?? 0)".utf8
            appendSentBy(via, bytes)
        }
    }

    private mutating func appendSentBy(_ via: ViaView, _ bytes: [UInt8]) {
        octets.append(0)
        for octet in bytes[via.host.bounds] { octets.append((65...90).contains(octet) ? octet | 0x20 : octet) }
        octets.append(UInt8(truncatingIfNeeded: via.port &>> 8))
        octets.append(UInt8(truncatingIfNeeded: via.port))
    }

    /// The key of the request with the same branch and this method, as ACK and CANCEL look for it.
    func with(_ method: Method) -> ServerKey {
        var key = self
        key.method = method
        return key
    }
}
