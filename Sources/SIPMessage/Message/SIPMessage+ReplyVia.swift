package import SansIO

/// The Via of a response (RFC 3261 §18.2.1, RFC 3581 §4).
extension SIPMessage {
    /// The first Via field as an answer carries it: its first value says where the request really came from, what follows
    /// it in the field stays as it came. nil where there is no Via that can be read.
    package func replyVia(from source: SocketAddress) -> String? {
        guard let entry = first(.via) else { return nil }
        var scanner = Scanner(entry.value)
        guard let view = try? ViaView(&scanner, bytes.span) else { return nil }
        var via = Via(view, in: bytes)
        if view.hasRport { via.rport = (true, source.port) }
        if view.hasRport || IPAddress(via.host) != source.ip { via.received = "\(source.ip)" }
        return via.description + bytes.unfoldedText(ByteRange(scanner.at, entry.value.upper))
    }
}
