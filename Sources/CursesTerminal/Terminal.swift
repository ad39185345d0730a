import CTerminal
import Glibc
package import TerminalUI

/// The user's terminal, taken over from `init` to `stop`. There is one, and one thread uses it.
package final class Terminal {
    /// What characters may be shown.
    package enum Glyphs: Hashable, Sendable {
        /// All, if the user's locale is UTF-8; else ASCII.
        case byLocale
        case unicode
        /// Stand-ins take the place of all others.
        case ascii
    }
    private var shown: Frame?
    private let isASCII: Bool
    private let hasColours: Bool

    /// Also guards crashes from then on: whatever ends the program, the terminal is as it was.
    package init(colours: Bool, glyphs: Glyphs) throws(TerminalError) {
        let outcome = ct_start(colours, glyphs == .unicode)
        isASCII = glyphs == .ascii || !ct_is_utf8()
        hasColours = ct_colours() > 0
        switch outcome {
        case CInt(ct_ok): ct_guard_crashes()
        case CInt(ct_not_a_terminal): throw .notATerminal
        default: throw .cannotPosition(term: getenv("TERM").map { String(cString: $0) } ?? "")
        }
    }
    deinit { ct_stop() }

    /// Whether there can be a screen: TERM names a terminal that can place its cursor. To be asked before there is one.
    package static var canPosition: Bool { ct_can_position() }

    package func stop() { ct_stop() }

    /// From another thread, when the one that draws hangs in a write: the modes come back, and what has not been read
    /// is thrown away. Nothing may be drawn after it.
    package static func abandon() { ct_abandon() }

    /// How large it is now, as the system says.
    package var size: Size {
        var (rows, columns): (CInt, CInt) = (0, 0)
        ct_measure(&rows, &columns)
        return Size(columns: Int(columns), rows: Int(rows))
    }
    /// Brings the screen from what it shows to this frame. Cells that have not changed are not touched, and if none
    /// has, not one byte is sent.
    package func show(_ frame: Frame) {
        guard frame != shown else { return }
        if shown?.size != frame.size { ct_clear() }
        let before = shown?.size == frame.size ? shown : nil
        frame.forEachChange(from: before) { cell, row, column in put(cell, row, column) }
        if let cursor = frame.cursor {
            ct_show_cursor(CInt(clamping: cursor.row), CInt(clamping: cursor.column))
        } else {
            ct_hide_cursor()
        }
        ct_refresh()
        ct_take_mouse(frame.takesMouse)
        shown = frame
    }

    /// Takes the terminal back after others had it, and draws everything again.
    func resume() { ct_resume() }

    private func put(_ cell: Cell, _ row: Int, _ column: Int) {
        // Where there are no colours, a coloured line must not become a plain one.
        let style = ct_style(hasColours ? cell.style : Theme.mono.shown(cell.style))
        switch cell.content {
        case .narrow(let character): put(isASCII ? character.standIn : character, row, column, style)
        case .wide where isASCII, .covered where isASCII: put("?", row, column, style)
        case .wide(let character): put(character, row, column, style)
        case .covered: break
        }
    }
    private func put(_ character: Character, _ row: Int, _ column: Int, _ style: ct_style) {
        let all = character.unicodeScalars
        if let only = all.first, all.index(after: all.startIndex) == all.endIndex {
            var scalar = only.value
            return ct_put(CInt(clamping: row), CInt(clamping: column), &scalar, 1, style)
        }
        let scalars = all.map(\.value)
        ct_put(CInt(clamping: row), CInt(clamping: column), scalars, CInt(clamping: scalars.count), style)
    }
}

extension ct_style {
    fileprivate init(_ style: Style) {
        let pairs: [(Style.Attributes, Int)] = [
            (.bold, ct_bold), (.dim, ct_dim), (.reverse, ct_reverse), (.underline, ct_underline),
        ]
        let attributes = pairs.reduce(0 as UInt8) { bits, pair in
            style.attributes.contains(pair.0) ? bits | UInt8(truncatingIfNeeded: pair.1) : bits
        }
        self.init(
            foreground: Self.number(style.foreground), background: Self.number(style.background),
            attributes: attributes)
    }
    private static func number(_ colour: Colour) -> Int16 {
        switch colour {
        case .standard: -1
        case .palette(let number): Int16(number)
        }
    }
}
