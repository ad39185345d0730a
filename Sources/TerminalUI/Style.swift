/// A colour of the terminal's own palette, so that it fits the user's theme.
package enum Colour: Hashable, Sendable {
    /// Whatever the terminal uses for text, or behind it.
    case standard
    /// 0–7 the normal colours, 8–15 the bright ones, 16–255 the fixed cube and the greys.
    case palette(UInt8)

    package static let black = Colour.palette(0)
    package static let red = Colour.palette(1)
    package static let green = Colour.palette(2)
    package static let yellow = Colour.palette(3)
    package static let blue = Colour.palette(4)
    package static let magenta = Colour.palette(5)
    package static let cyan = Colour.palette(6)
    package static let white = Colour.palette(7)
    package static let grey = Colour.palette(8)
    package static let brightRed = Colour.palette(9)
    package static let brightGreen = Colour.palette(10)
    package static let brightYellow = Colour.palette(11)
    package static let brightBlue = Colour.palette(12)
    package static let brightMagenta = Colour.palette(13)
    package static let brightCyan = Colour.palette(14)
    package static let brightWhite = Colour.palette(15)
}

/// How a cell looks besides its character. Never the only way in which something is said (`terminal.md` rule 8).
package struct Style: Hashable, Sendable {
    package struct Attributes: OptionSet, Hashable, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }
        package static let bold = Attributes(rawValue: 1)
        package static let dim = Attributes(rawValue: 2)
        package static let reverse = Attributes(rawValue: 4)
        package static let underline = Attributes(rawValue: 8)
    }
    package var foreground: Colour
    package var background: Colour
    package var attributes: Attributes

    package init(
        _ foreground: Colour = .standard, on background: Colour = .standard, _ attributes: Attributes = []
    ) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }
    package static let plain = Style()
    package static let bold = Style(.standard, .bold)
    package static let dim = Style(.standard, .dim)
    package static let reverse = Style(.standard, .reverse)

    /// Of the chosen row: one colour from end to end, whatever its words have.
    package var selected: Style { Style(.standard, attributes.union(.reverse)) }
    package func with(_ more: Attributes) -> Style { Style(foreground, on: background, attributes.union(more)) }
    package func on(_ background: Colour) -> Style { Style(foreground, on: background, attributes) }

    /// The escape sequence that chooses this style from any other (ECMA-48 SGR).
    package var selectGraphicRendition: String {
        var codes = ["0"]
        let named: [(Attributes, String)] = [(.bold, "1"), (.dim, "2"), (.underline, "4"), (.reverse, "7")]
        codes += named.filter { attributes.contains($0.0) }.map(\.1)
        codes +=
            Self.codes(of: foreground, normal: 30, bright: 90) + Self.codes(of: background, normal: 40, bright: 100)
        return "\u{1B}[" + codes.joined(separator: ";") + "m"
    }

    private static func codes(of colour: Colour, normal: Int, bright: Int) -> [String] {
        switch colour {
        case .standard: []
        case .palette(let number) where number < 8: ["\(normal + Int(number))"]
        case .palette(let number) where number < 16: ["\(bright + Int(number) - 8)"]
        case .palette(let number): ["\(normal + 8)", "5", "\(number)"]
        }
    }
}
