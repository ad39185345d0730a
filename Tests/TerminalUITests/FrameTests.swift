import Testing

@testable import TerminalUI

@Suite("Frame")
struct FrameTests {
    private func frame(_ columns: Int, _ rows: Int = 1) -> Frame { Frame(size: Size(columns: columns, rows: rows)) }

    @Test("Text is clipped at the edge and at its own limit, and says how many columns it took")
    func clipping() {
        var frame = frame(8, 2)
        #expect(frame.write("lastcall 1", row: 0) == 8)
        #expect(frame.write("subscriptions", row: 1, column: 2, maxWidth: 4) == 4)
        #expect(frame.lines == ["lastcall", "  subs"])
        #expect(frame.write("x", row: 2) == 0 && frame.write("x", row: 0, column: 8) == 0)
        #expect(frame.write("abc", row: 0, column: -2) == 3)
        #expect(frame.lines[0] == "castcall")
    }

    @Test("A wide character takes two columns; one that does not fit becomes a blank")
    func wideCharacters() {
        var frame = frame(5)
        #expect(frame.write("日本語", row: 0) == 5)
        #expect(frame.lines == ["日本"])
        #expect(frame[0, 0].content == .wide("日") && frame[0, 1].content == .covered)
        #expect(frame[0, 4].content == .narrow(" "))
    }

    @Test("Overwriting half of a wide character leaves no half behind", arguments: [(0, "x 本"), (1, " x本"), (2, "日x")])
    func halves(column: Int, expected: String) {
        var frame = frame(4)
        frame.write("日本", row: 0)
        frame.write("x", row: 0, column: column)
        #expect(frame.lines == [expected])
        var other = self.frame(4)
        other.write("a日b", row: 0)
        other.write("語", row: 0, column: 2)
        #expect(other.lines == ["a 語"])
    }

    @Test(
        "Columns are counted as terminals do",
        arguments: [
            ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("한글", 4), ("ｆｕ", 4), ("☎", 1), ("😀", 2),
            ("👩‍👩‍👧", 2), ("🇩🇪", 2), ("👍🏽", 2), ("❤️", 1), ("हिन्दी", 5), ("─│┌█░▃", 6), ("●◐▶", 3),
            ("\u{1112}\u{1161}\u{11AB}", 2),
        ])
    func widths(text: String, columns: Int) {
        #expect(Width.of(text) == columns)
        var frame = frame(20)
        #expect(frame.write(text, row: 0) == columns)
    }

    @Test(
        "What a terminal would obey, or nobody could see, is made visible (H-114, H-115, H-116, terminal.md rule 9)",
        arguments: [
            ("a\u{1B}[2Jb", "a␛[2Jb"), ("a\r\nb", "a␍␊b"), ("\u{7F}\u{7}", "␡␇"), ("\u{9B}31m", "\u{FFFD}31m"),
            ("evil\u{202E}exe", "evil\u{FFFD}exe"), ("\u{200B}\u{2066}", "\u{FFFD}\u{FFFD}"), ("\u{301}x", "\u{FFFD}x"),
            ("👩‍👩‍👧 🇩🇪", "👩 DE"),
        ])
    func hostileText(text: String, shown: String) {
        var frame = frame(20)
        frame.write(text, row: 0)
        #expect(frame.lines == [shown])
    }

    @Test("No more marks than a cell can hold are stacked on one character (H-116)")
    func manyMarks() {
        var frame = frame(4)
        frame.write("a" + String(repeating: "\u{301}", count: 200), row: 0)
        #expect(frame.lines[0].unicodeScalars.count == 5)
    }

    @Test("Text is cut with an ellipsis, never in the middle of a wide character, and padded to the column")
    func fitting() {
        #expect(Width.fit("sip:alice@example.com", in: 10) == "sip:alice…")
        #expect(Width.fit("日本語", in: 5) == "日本…" && Width.fit("日本語", in: 4) == "日…")
        #expect(Width.fit("abc", in: 3) == "abc" && Width.fit("abc", in: 0) == "")
        #expect(Width.pad("日本語", to: 4) == "日… " && Width.pad("7", to: 3, rightAligned: true) == "  7")
    }

    @Test("Filling and restyling are clipped, and restyling keeps what stands there")
    func areas() {
        var frame = frame(4, 3)
        frame.fill(row: -1, column: 2, width: 9, height: 3, with: "█")
        #expect(frame.lines == ["  ██", "  ██", ""])
        frame.restyle(row: 0, height: 9) { $0.with(.reverse) }
        #expect(frame.lines == ["  ██", "  ██", ""])
        #expect(frame[2, 3].style == .reverse)
    }

    @Test("Styles are exported as escape sequences, changed only where they change")
    func styledExport() {
        var frame = frame(6)
        frame.write("ok", row: 0, style: Style(.green, .bold))
        frame.write("日", row: 0, column: 2, style: Style(.palette(208), on: .blue))
        #expect(frame.styledLines == ["\u{1B}[0;1;32mok\u{1B}[0;38;5;208;44m日\u{1B}[0m  "])
    }

    @Test("Frames compare by what they show, so that an unchanged screen is known to be unchanged")
    func equality() {
        var (one, other) = (frame(5), frame(5))
        one.write("a", row: 0)
        other.write("b", row: 0)
        #expect(one != other)
        other.write("a", row: 0)
        #expect(one == other)
        other.cursor = Frame.Position(row: 0, column: 1)
        #expect(one != other)
    }

    @Test("No size makes a frame trap", arguments: [(0, 0), (-3, 5), (1, 1), (2, -1)])
    func degenerate(columns: Int, rows: Int) {
        var frame = frame(columns, rows)
        frame.write("日x", row: 0)
        frame.fill(row: 0, column: 0, width: .max, height: .max)
        frame.restyle(row: .min, column: .min, width: .max) { $0 }
        #expect(frame.write("日x", row: 0, column: 0, maxWidth: .max) <= max(0, columns))
        #expect(frame.styledLines.count == max(0, rows))
    }
}
