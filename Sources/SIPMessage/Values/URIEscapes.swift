/// The `%HH` escapes of URIs (RFC 3261 §19.1.2).
extension String {
    /// With every escape resolved, once. Octets that are no UTF-8 become U+FFFD.
    package var unescaped: String { resolvingEscapes { _ in true } }

    /// With escapes of unreserved characters resolved and the others in upper case, so that texts which mean the same
    /// are the same (§19.1.4).
    var normalisedEscapes: String { resolvingEscapes(ByteClass.unreserved.contains) }

    private func resolvingEscapes(_ resolves: (UInt8) -> Bool) -> String {
        let bytes = Array(utf8)
        guard bytes.contains(UInt8(ascii: "%")) else { return self }
        var resolved: [UInt8] = []
        var at = 0
        while at < bytes.count {
            if bytes[at] == UInt8(ascii: "%"), at + 2 < bytes.count, let high = bytes[at + 1].hexDigit,
                let low = bytes[at + 2].hexDigit
            {
                let byte = high << 4 | low
                if resolves(byte) { resolved.append(byte) } else { resolved += Self.escape(byte) }
                at += 3
            } else {
                resolved.append(bytes[at])
                at += 1
            }
        }
        return String(decoding: resolved, as: UTF8.self)
    }

    func escaped(but allowed: ByteClass) -> String {
        var text: [UInt8] = []
        for byte in utf8 {
            if allowed.contains(byte) { text.append(byte) } else { text += Self.escape(byte) }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func escape(_ byte: UInt8) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        return [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
}

extension SIPURI {
    /// Text as the user part of a URI: what may not stand there becomes `%HH`.
    package static func escapingUser(_ text: String) -> String { text.escaped(but: .user) }
}
