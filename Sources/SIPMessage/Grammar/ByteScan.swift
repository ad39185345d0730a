/// Searches eight octets at a time. Every load is bounds-checked by `RawSpan`; "unsafe" in its name speaks of types that
/// not every bit pattern is a value of, which `UInt64` is not.
extension Span<UInt8> {
    @inline(__always) func word(at offset: Int) -> UInt64 {
        UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// The first octet below 14, among which are CR, LF, HTAB and NUL; `end` if there is none.
    @inline(__always) func firstControl(from start: Int, to end: Int) -> Int {
        var at = start
        while at &+ 8 <= end {
            let word = word(at: at)
            // The lowest marked octet is exact: a borrow reaches only those above one that is below 14.
            let marks = (word &- 0x0E0E_0E0E_0E0E_0E0E) & ~word & 0x8080_8080_8080_8080
            if marks != 0 { return at &+ marks.trailingZeroBitCount &>> 3 }
            at &+= 8
        }
        while at < end, self[at] >= 14 { at &+= 1 }
        return at
    }

    /// The first octet equal to `byte`; `end` if there is none.
    @inline(__always) func first(_ byte: UInt8, from start: Int, to end: Int) -> Int {
        let pattern = 0x0101_0101_0101_0101 &* UInt64(byte)
        var at = start
        while at &+ 8 <= end {
            let word = word(at: at) ^ pattern
            let marks = (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
            if marks != 0 { return at &+ marks.trailingZeroBitCount &>> 3 }
            at &+= 8
        }
        while at < end, self[at] != byte { at &+= 1 }
        return at
    }

    /// Up to eight octets from `start` as one number in lower case, the first octet lowest. Letters and `-` only map to
    /// what they are; other octets may collide, so what is compared with must be made of those.
    @inline(__always) func foldedWord(from start: Int, count length: Int) -> UInt64 {
        let length = Swift.min(length, 8)
        var word: UInt64 = 0
        if start &+ 8 <= count {
            word = self.word(at: start)
        } else {
            for step in 0..<length { word |= UInt64(self[start &+ step]) &<< UInt64(step &* 8) }
        }
        word |= 0x2020_2020_2020_2020
        return length == 8 ? word : word & ((1 as UInt64) &<< UInt64(length &* 8) &- 1)
    }

    /// Whether the piece is this word of lower-case letters, `-` and digits, in any case. At most 8 octets.
    @inline(__always) func isWord(_ range: ByteRange, _ word: ShortWord) -> Bool {
        range.count == word.count && foldedWord(from: range.lower, count: word.count) == word.bits
    }
}

/// A word of at most eight ASCII octets as a number, to be compared in one step.
struct ShortWord: Sendable {
    let bits: UInt64
    let count: Int

    /// Lower-case letters and `-` only; a constant of ours.
    @inline(__always) init(_ text: StaticString) {
        var bits: UInt64 = 0
        count = text.utf8CodeUnitCount
        text.withUTF8Buffer { buffer in
            for index in 0..<Swift.min(8, buffer.count) { bits |= UInt64(buffer[index] | 0x20) &<< UInt64(index &* 8) }
        }
        self.bits = bits
    }
}
