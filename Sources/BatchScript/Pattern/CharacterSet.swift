/// A set of characters.
struct CharacterSet: Hashable, Sendable {
    var ranges: [ClosedRange<Unicode.Scalar>]
    var isInverted = false

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        ranges.contains { $0.contains(scalar) } != isInverted
    }

    static let any = CharacterSet(ranges: ["\n"..."\n"], isInverted: true)
    static let digit = CharacterSet(ranges: ["0"..."9"])
    static let word = CharacterSet(ranges: ["0"..."9", "A"..."Z", "a"..."z", "_"..."_", "\u{AA}"..."\u{10FFFF}"])
    static let space = CharacterSet(ranges: [" "..." ", "\t"..."\r"])
    var inverted: CharacterSet { CharacterSet(ranges: ranges, isInverted: !isInverted) }
}

extension CharacterSet {
    /// The one character of a set of one.
    var only: Unicode.Scalar? {
        guard !isInverted, ranges.count == 1, ranges[0].lowerBound == ranges[0].upperBound else { return nil }
        return ranges[0].lowerBound
    }
    /// The ranges that the ranges leave out.
    var complement: [ClosedRange<Unicode.Scalar>] {
        var result: [ClosedRange<Unicode.Scalar>] = []
        var from: UInt32 = 0
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if from < range.lowerBound.value { result += Self.scalars(from, range.lowerBound.value - 1) }
            from = range.upperBound.value + 1
        }
        return from <= 0x10FFFF ? result + Self.scalars(from, 0x10FFFF) : result
    }
    /// The characters from one number to another, without the surrogates between them.
    private static func scalars(_ low: UInt32, _ high: UInt32) -> [ClosedRange<Unicode.Scalar>] {
        let pieces: [(UInt32, UInt32)] = [(low, min(high, 0xD7FF)), (max(low, 0xE000), high)]
        return pieces.compactMap { low, high in
            guard low <= high, let first = Unicode.Scalar(low), let last = Unicode.Scalar(high) else { return nil }
            return first...last
        }
    }
}
