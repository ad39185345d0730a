/// Searches eight octets at a time. Every load is bounds-checked by `RawSpan`; "unsafe" in its name speaks of types that
/// not every bit pattern is a value of, which `UInt64` is not.
extension Span<UInt8> {
    @inline(__always) func word(at offset: Int) -> UInt64 {
        UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// The first octet below 14, among which are CR, LF, HTAB and NUL; `end` if there is none.
    @inline(__always) func firstControl(from start: Int, to end: Int) -> Int {
        var at = start
        // Two words in a turn. The lowest mark is exact: a borrow reaches only octets above one that is below 14.
        while at &+ 16 <= end {
            let words = bytes.unsafeLoadUnaligned(fromByteOffset: at, as: SIMD2<UInt64>.self)
            let marks =
                (words &- SIMD2(repeating: 0x0E0E_0E0E_0E0E_0E0E)) & ~words & SIMD2(repeating: 0x8080_8080_8080_8080)
            if marks[0] | marks[1] != 0 {
                let (low, high) = (UInt64(littleEndian: marks[0]), UInt64(littleEndian: marks[1]))
                return low != 0
                    ? at &+ low.trailingZeroBitCount &>> 3 : at &+ 8 &+ high.trailingZeroBitCount &>> 3
            }
            at &+= 16
        }
        while at < end, self[at] >= 14 { at &+= 1 }
        return at
    }

    /// The first octet that means something within quotes: `"`, `\`, or a control; `end` if there is none.
    @inline(__always) func firstQuoteEnd(from start: Int, to end: Int) -> Int {
        var at = start
        while at &+ 8 <= end {
            let word = word(at: at)
            let quotes = word ^ 0x2222_2222_2222_2222
            let slashes = word ^ 0x5C5C_5C5C_5C5C_5C5C
            let ones: UInt64 = 0x0101_0101_0101_0101
            let found =
                ((word &- 0x2020_2020_2020_2020) & ~word) | ((quotes &- ones) & ~quotes)
                | ((slashes &- ones) & ~slashes)
            let marks = found & 0x8080_8080_8080_8080
            if marks != 0 { return at &+ marks.trailingZeroBitCount &>> 3 }
            at &+= 8
        }
        while at < end, self[at] >= 32, self[at] != UInt8(ascii: "\""), self[at] != UInt8(ascii: "\\") { at &+= 1 }
        return at
    }

    /// Whether two dots may stand side by side in this piece. No is certain; yes may be due to what follows the piece.
    @inline(__always) func mayHaveEmptyLabel(_ range: ByteRange) -> Bool {
        var at = range.lower
        while at < range.upper {
            guard at &+ 8 <= count else { return true }
            let dots = word(at: at) ^ 0x2E2E_2E2E_2E2E_2E2E
            let marks = (dots &- 0x0101_0101_0101_0101) & ~dots & 0x8080_8080_8080_8080
            if marks & (marks &>> 8) != 0 { return true }
            at &+= 7
        }
        return false
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

    /// How many of the eight octets from `offset` on are letters, digits, `-` or `.` before one that is not.
    @inline(__always) private func plainPrefix(at offset: Int) -> Int {
        let word = word(at: offset)
        let low = word & 0x7F7F_7F7F_7F7F_7F7F
        let folded = low | 0x2020_2020_2020_2020
        // Adding what is missing to 128 marks the octets from a bound on; no sum reaches the next octet.
        let letters = (folded &+ 0x1F1F_1F1F_1F1F_1F1F) & ~(folded &+ 0x0505_0505_0505_0505)
        let digits = (low &+ 0x5050_5050_5050_5050) & ~(low &+ 0x4646_4646_4646_4646)
        let dashes = (low &+ 0x5353_5353_5353_5353) & ~(low &+ 0x5151_5151_5151_5151)
        let others = ~(letters | digits | dashes) | word
        return (others & 0x8080_8080_8080_8080).trailingZeroBitCount &>> 3
    }

    /// Where a run of octets of a class ends. The class must hold letters, digits, `-` and `.`, which most of any run is.
    @inline(__always) func endOfRun(of set: ByteClass, from start: Int, to end: Int) -> Int {
        var at = start
        while true {
            while at &+ 8 <= end {
                let plain = plainPrefix(at: at)
                at &+= plain
                if plain < 8 { break }
            }
            guard at < end, set.contains(self[at]) else { return at }
            at &+= 1
        }
    }

    /// Up to eight octets from `start` as one number in lower case, the first octet lowest. Letters and `-` only map to
    /// what they are; other octets may collide, so what is compared with must be made of those.
    @inline(__always) func foldedWord(from start: Int, count length: Int) -> UInt64 {
        let length = Swift.min(length, 8)
        let word = (start &+ 8 <= count ? self.word(at: start) : lastWord(from: start)) | 0x2020_2020_2020_2020
        return length == 8 ? word : word & ((1 as UInt64) &<< UInt64(truncatingIfNeeded: length &* 8) &- 1)
    }

    /// The octets from `start` on, where there are fewer than eight. Kept out of line: it happens once in a message.
    @inline(never) private func lastWord(from start: Int) -> UInt64 {
        var word: UInt64 = 0
        for at in start..<count { word |= UInt64(self[at]) &<< UInt64((at &- start) &* 8) }
        return word
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
