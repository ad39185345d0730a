import SansIO

extension Duration {
    /// Reads a duration as people write it: `250ms`, `3s`, `0.5s`, `2m`, `1h`; a bare number counts seconds.
    package init?(scriptText text: String) {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard !digits.isEmpty, let number = Double(digits), number.isFinite else { return nil }
        let milliseconds: Double
        switch text[digits.endIndex...] {
        case "ms": milliseconds = number
        case "s", "": milliseconds = number * 1_000
        case "m", "min": milliseconds = number * 60_000
        case "h": milliseconds = number * 3_600_000
        default: return nil
        }
        // A year: anything longer is a slip of the finger.
        guard milliseconds <= 31_536_000_000 else { return nil }
        self = .milliseconds(Int64(milliseconds.rounded()))
    }

    /// The same, written: `250ms`, `3s`, `1.5s`, `2m`.
    package var scriptText: String {
        let milliseconds = inMilliseconds
        if milliseconds % 60_000 == 0, milliseconds != 0 { return "\(milliseconds / 60_000)m" }
        if milliseconds % 1_000 == 0 { return "\(milliseconds / 1_000)s" }
        return milliseconds < 1_000 ? "\(milliseconds)ms" : "\(inSeconds)s"
    }
}
