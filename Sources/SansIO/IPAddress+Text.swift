extension IPAddress: CustomStringConvertible {
    /// Reads dotted-decimal IPv4, or IPv6 with or without brackets (RFC 4291 §2.2); nil for anything else,
    /// which then is a name. A zone index is refused: it has no meaning on the wire.
    package init?(_ text: some StringProtocol) { self.init(bytes: Array(text.utf8)[...]) }

    package init?(bytes: ArraySlice<UInt8>) {
        if bytes.first == UInt8(ascii: "["), bytes.last == UInt8(ascii: "]"), bytes.count > 2 {
            guard let v6 = Self.readV6(Array(bytes.dropFirst().dropLast())) else { return nil }
            self = v6
        } else if let bits = Self.readV4(bytes) {
            self = .v4(bits)
        } else {
            guard bytes.contains(UInt8(ascii: ":")), let v6 = Self.readV6(Array(bytes)) else { return nil }
            self = v6
        }
    }

    /// IPv6 in the canonical form of RFC 5952, without brackets.
    package var description: String {
        switch self {
        case .v4(let bits):
            return String(unsafeUninitializedCapacity: 15) { text in
                var count = 0
                let put = { (byte: UInt8) in
                    text[count] = byte
                    count += 1
                }
                for shift in [24, 16, 8, 0] as [UInt32] {
                    let part = UInt8(truncatingIfNeeded: bits >> shift)
                    if part >= 100 { put(48 + part / 100) }
                    if part >= 10 { put(48 + part / 10 % 10) }
                    put(48 + part % 10)
                    if shift > 0 { put(UInt8(ascii: ".")) }
                }
                return count
            }
        case .v6(let high, let low):
            let groups = (0..<8).map { UInt16(truncatingIfNeeded: ($0 < 4 ? high : low) >> (48 - 16 * UInt64($0 % 4))) }
            return Self.canonical(groups)
        }
    }

    private static func canonical(_ groups: [UInt16]) -> String {
        var best = 0..<0
        var start = 0
        while start < 8 {
            guard groups[start] == 0 else {
                start += 1
                continue
            }
            var end = start
            while end < 8, groups[end] == 0 { end += 1 }
            if end - start > max(1, best.count) { best = start..<end }
            start = end
        }
        let text = { (range: Range<Int>) in groups[range].map { String($0, radix: 16) }.joined(separator: ":") }
        return best.isEmpty ? text(0..<8) : text(0..<best.lowerBound) + "::" + text(best.upperBound..<8)
    }

    private static func readV4(_ bytes: ArraySlice<UInt8>) -> UInt32? {
        guard (7...15).contains(bytes.count) else { return nil }
        var (bits, part): (UInt32, UInt32) = (0, 0)
        var (digits, dots) = (0, 0)
        for byte in bytes {
            if byte == UInt8(ascii: ".") {
                guard digits > 0, dots < 3 else { return nil }
                bits = bits << 8 | part
                (part, digits) = (0, 0)
                dots += 1
            } else {
                guard (48...57).contains(byte), digits < 3 else { return nil }
                part = part * 10 + UInt32(byte - 48)
                digits += 1
                guard part < 256 else { return nil }
            }
        }
        return dots == 3 && digits > 0 ? bits << 8 | part : nil
    }

    private static func readV6(_ bytes: [UInt8]) -> IPAddress? {
        guard bytes.count <= 45 else { return nil }
        var head: [UInt16] = []
        var tail: [UInt16]?
        var rest = bytes[...]
        if rest.starts(with: Array("::".utf8)) {
            tail = []
            rest = rest.dropFirst(2)
        }
        while !rest.isEmpty {
            let group = rest.prefix { $0 != UInt8(ascii: ":") }
            var read: [UInt16]
            if group.contains(UInt8(ascii: ".")) {
                guard group.endIndex == rest.endIndex, let v4 = readV4(group) else { return nil }
                read = [UInt16(v4 >> 16), UInt16(v4 & 0xFFFF)]
            } else {
                guard (1...4).contains(group.count),
                    let value = UInt16(String(decoding: group, as: UTF8.self), radix: 16),
                    group.first != UInt8(ascii: "+")
                else { return nil }
                read = [value]
            }
            if tail == nil { head += read } else { tail = tail.map { $0 + read } }
            rest = rest[group.endIndex...]
            guard !rest.isEmpty else { break }
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: ":") {
                guard tail == nil else { return nil }
                tail = []
                rest = rest.dropFirst()
            } else if rest.isEmpty {
                return nil
            }
        }
        let written = head.count + (tail?.count ?? 0)
        guard tail == nil ? written == 8 : written < 8 else { return nil }
        let groups = head + Array(repeating: 0, count: 8 - written) + (tail ?? [])
        let half = { (range: Range<Int>) in groups[range].reduce(0 as UInt64) { $0 << 16 | UInt64($1) } }
        return .v6(half(0..<4), half(4..<8))
    }
}
