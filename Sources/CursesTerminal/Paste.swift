/// What has been pasted so far.
///
/// ncurses knows the sequence that ends a paste, but only when it comes in one piece: one that was cut on its way, as a
/// slow line does, comes as characters. It must end the paste all the same, or the keyboard would be dead from then on.
struct Paste {
    enum Progress {
        case goesOn
        /// The end was among the characters.
        case over
    }
    private(set) var text = ""
    /// How much of the ending has come.
    private var matched = 0
    private static let ending = Array("\u{1B}[201~".unicodeScalars)
    /// A paste of more octets is cut: no field takes more.
    private static let longest = 65_536

    /// Its end has been told apart from it, so that everything is text.
    var whole: String {
        var paste = self
        paste.release()
        return paste.text
    }

    mutating func take(_ scalar: Unicode.Scalar) -> Progress {
        if scalar == Self.ending[matched] {
            matched += 1
            return matched == Self.ending.count ? .over : .goesOn
        }
        release()
        // The ending begins with Esc and has no other.
        if scalar == Self.ending[0] { matched = 1 } else { append(scalar) }
        return .goesOn
    }

    /// What looked like the beginning of the ending was none.
    private mutating func release() {
        for scalar in Self.ending.prefix(matched) { append(scalar) }
        matched = 0
    }

    private mutating func append(_ scalar: Unicode.Scalar) {
        guard text.utf8.count < Self.longest else { return }
        text.unicodeScalars.append(scalar == "\r" ? "\n" : scalar)
    }
}
