package import SansIO

/// The Via of a response (RFC 3261 §18.2.1, RFC 3581 §4).
extension SIPMessage {
    /// The first Via line of this request as it has to stand in a response: `received`, and the value of `rport` where
    /// the sender asks for it, say where the request really came from (RFC 3261 §18.2.1, RFC 3581 §4). Nothing else in it
    /// changes. nil without a Via that can be read.
    package func replyVia(from source: SocketAddress) -> String? {
        guard let entry = first(.via) else { return nil }
        var scanner = Scanner(entry.value)
        guard let via = try? ViaView(&scanner, bytes.span) else { return nil }
        let isTrue = IPAddress(bytes: bytes[via.host.bounds]) == source.ip
        guard via.hasRport || !isTrue else { return bytes.unfoldedText(entry.value) }
        let rest = bytes[scanner.at..<entry.value.upper]
        // Somebody has filled something in already: what is not from us does not stay.
        if via.received.isPresent || via.rport != 0 {
            var stamped = Via(via, in: bytes)
            if via.hasRport { stamped.rport = (true, source.port) }
            stamped.received = source.ip.description
            return stamped.description + bytes.unfoldedText(ByteRange(scanner.at, entry.value.upper))
        }
        var text: [UInt8] = []
        text.reserveCapacity(entry.value.count + 48)
        let place = via.hasRport ? via.rportName.upper : scanner.at
        text += bytes[entry.value.lower..<place]
        if via.hasRport { text += "=\(source.port)".utf8 }
        text += bytes[place..<scanner.at]
        text += ";received=".utf8
        text += source.ip.description.utf8
        text += rest
        return text.unfoldedText(ByteRange(0, text.count))
    }
}
