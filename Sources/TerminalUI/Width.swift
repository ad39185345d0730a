/// How many columns text takes in a terminal, and what of it may be shown at all.
///
/// Display names and messages come from strangers: nothing that moves the cursor, changes the direction of writing or
/// hides itself reaches the screen (`terminal.md` rule 9).
package enum Width {
    /// Columns of text as `Frame.write` shows it.
    package static func of(_ text: some StringProtocol) -> Int {
        if isPlain(text) { return text.utf8.count }
        var columns = 0
        for character in text { forEachVisible(character) { columns += $1 } }
        return columns
    }

    /// Nothing but ASCII that is shown as it is: most texts are.
    static func isPlain(_ text: some StringProtocol) -> Bool { text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } }

    /// The longest beginning of `text` that fits, with `…` at the end when something was cut off.
    package static func fit(_ text: String, in columns: Int) -> String {
        guard of(text) > columns else { return text }
        guard columns > 0 else { return "" }
        var (fitting, used) = ("", 0)
        for character in text {
            let width = of(String(character))
            guard used + width < columns else { break }
            fitting.append(character)
            used += width
        }
        return fitting + "…"
    }

    /// `text` with spaces after it (or before it) up to exactly `columns`; cut when it is longer.
    package static func pad(_ text: String, to columns: Int, rightAligned: Bool = false) -> String {
        let fitting = fit(text, in: columns)
        let spaces = String(repeating: " ", count: max(0, columns - of(fitting)))
        return rightAligned ? spaces + fitting : fitting + spaces
    }

    /// Calls `show` with each character to put for this one, and its width of 1 or 2.
    static func forEachVisible(_ character: Character, _ show: (Character, Int) -> Void) {
        let scalars = character.unicodeScalars
        guard let base = scalars.first else { return }
        switch base.value {
        case 0x20..<0x7F where scalars.count == 1: show(character, 1)
        case 0..<0x20: for scalar in scalars { show(picture(of: scalar), 1) }
        case 0x7F: show("\u{2421}", 1)
        // Letters of the West, lines and blocks: nearly everything else that is ever shown.
        case 0xAE..<0x300 where scalars.count == 1, 0x2500..<0x25A0 where scalars.count == 1: show(character, 1)
        case 0x1F1E6...0x1F1FF:
            // Flags are pairs of letters whose width no two terminals agree about: shown as the letters.
            for scalar in scalars { show(letter(of: scalar), 1) }
        default: forEachCell(of: scalars, show)
        }
    }

    /// A cell is a base with its marks. Letters and marks that take space themselves get a cell of their own. Of a
    /// joined emoji sequence the first stands for all, because terminals do not agree about the width of the others.
    private static func forEachCell(of scalars: Character.UnicodeScalarView, _ show: (Character, Int) -> Void) {
        var cell = String.UnicodeScalarView()
        var base: Unicode.Scalar = " "
        func finish() {
            if let character = String(cell).first { show(character, isWide(base) ? 2 : 1) }
        }
        for scalar in scalars {
            guard !cell.isEmpty else {
                base = isHidden(scalar) ? "\u{FFFD}" : scalar
                cell.append(base)
                continue
            }
            switch scalar.properties.generalCategory {
            case .nonspacingMark, .enclosingMark:
                if !(0xFE00...0xFE0F).contains(scalar.value), cell.count < mostScalars { cell.append(scalar) }
            case .otherLetter where (0x1160...0x11FF).contains(scalar.value):
                cell.append(scalar)  // vowels and final consonants of a Hangul syllable
            case .format, .modifierSymbol:
                if base.properties.isEmoji { return finish() }
            default:
                finish()
                base = scalar
                cell = String.UnicodeScalarView([scalar])
            }
        }
        finish()
    }

    /// A base and four marks are what a cell of the terminal library holds, and enough for every script.
    private static let mostScalars = 5

    /// The control picture of a C0 character: `␛` for ESC.
    private static func picture(of scalar: Unicode.Scalar) -> Character {
        Unicode.Scalar(0x2400 + scalar.value).map(Character.init) ?? "\u{FFFD}"
    }
    private static func letter(of scalar: Unicode.Scalar) -> Character {
        guard scalar.value >= 0x1F1E6 else { return "\u{FFFD}" }
        return Unicode.Scalar(scalar.value - 0x1F1E6 + 0x41).map(Character.init) ?? "\u{FFFD}"
    }

    /// Characters that a terminal obeys or that cannot be seen: controls, bidi and other format characters, marks
    /// without a base, line separators, surrogates, private and unassigned ones.
    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
        case .nonspacingMark, .enclosingMark: true
        default: false
        }
    }

    static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value >= 0x1100 else { return false }
        if scalar.properties.isEmojiPresentation { return true }
        var (low, high) = (0, wide.count)
        while low < high {
            let middle = (low + high) / 2
            if scalar.value > wide[middle].upperBound {
                low = middle + 1
            } else if scalar.value < wide[middle].lowerBound {
                high = middle
            } else {
                return true
            }
        }
        return false
    }

    /// East Asian Wide and Fullwidth (Unicode Standard Annex 11) by block, without those that emoji presentation tells.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F,  // Hangul initial consonants
        0x2329...0x232A, 0x2E80...0x303E,  // CJK radicals and punctuation
        0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,  // kana, ideographs
        0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,  // Yi, Hangul
        0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6,  // compatibility forms
        0x16FE0...0x16FFF, 0x17000...0x18DFF, 0x1AFF0...0x1B2FF,  // Tangut, Khitan, kana supplements
        0x1F200...0x1F265, 0x20000...0x2FFFD, 0x30000...0x3FFFD,  // enclosed ideographs, extensions
    ]
}
