/// A piece of a message: offsets into its octets, small enough to be kept by the dozen.
package struct ByteRange: Hashable, Sendable {
    package var start: UInt32
    package var end: UInt32

    /// What is not there, as opposed to what is there and empty.
    package static let absent = ByteRange(start: .max, end: .max)

    @inline(__always) init(start: UInt32, end: UInt32) {
        self.start = start
        self.end = end
    }
    /// No message is as long as 4 GiB: the limits say so before any offset is taken.
    @inline(__always) init(_ start: Int, _ end: Int) {
        self.start = UInt32(truncatingIfNeeded: start)
        self.end = UInt32(truncatingIfNeeded: end)
    }

    @inline(__always) package var isPresent: Bool { start != .max }
    @inline(__always) package var isEmpty: Bool { start == end }
    @inline(__always) package var count: Int { Int(end &- start) }
    @inline(__always) package var bounds: Range<Int> { Int(start)..<Int(end) }
    @inline(__always) var lower: Int { Int(start) }
    @inline(__always) var upper: Int { Int(end) }
}

extension [UInt8] {
    /// The octets as text; what is no UTF-8 becomes U+FFFD (H-015).
    func text(_ range: ByteRange) -> String {
        range.isPresent ? String(decoding: self[range.bounds], as: UTF8.self) : ""
    }
    func optionalText(_ range: ByteRange) -> String? { range.isPresent ? text(range) : nil }

    /// The text with each fold made one SP (RFC 3261 §7.3.1).
    func unfoldedText(_ range: ByteRange) -> String {
        guard range.isPresent else { return "" }
        let slice = self[range.bounds]
        guard slice.contains(13) || slice.contains(10) else { return String(decoding: slice, as: UTF8.self) }
        var unfolded: [UInt8] = []
        unfolded.reserveCapacity(slice.count)
        var at = range.lower
        while at < range.upper {
            guard self[at] == 13 || self[at] == 10 else {
                unfolded.append(self[at])
                at += 1
                continue
            }
            while let last = unfolded.last, last == 32 || last == 9 { unfolded.removeLast() }
            while at < range.upper, self[at].isLinearWhite { at += 1 }
            unfolded.append(32)
        }
        return String(decoding: unfolded, as: UTF8.self)
    }

    /// A quoted string without its quotes and with its quoted-pairs resolved; anything else as `unfoldedText`.
    func unquotedText(_ range: ByteRange) -> String {
        guard range.isPresent, range.count >= 2, self[range.lower] == UInt8(ascii: "\"") else {
            return unfoldedText(range)
        }
        let inner = ByteRange(range.lower + 1, range.upper - 1)
        guard self[inner.bounds].contains(UInt8(ascii: "\\")) else { return unfoldedText(inner) }
        var resolved: [UInt8] = []
        var at = inner.lower
        while at < inner.upper {
            if self[at] == UInt8(ascii: "\\"), at + 1 < inner.upper { at += 1 }
            resolved.append(self[at])
            at += 1
        }
        return resolved.unfoldedText(ByteRange(0, resolved.count))
    }
}
