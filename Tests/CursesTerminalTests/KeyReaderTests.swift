import CTerminal
import TerminalUI
import Testing

@testable import CursesTerminal

@Suite("Keys, as the terminal sends them")
struct KeyReaderTests {
    private func codes(_ text: String) -> [KeyReader.Code] {
        text.unicodeScalars.map { KeyReader.Code(kind: ct_key_character, value: $0.value) }
    }
    private let begin = KeyReader.Code(kind: ct_key_paste_begin)
    private let end = KeyReader.Code(kind: ct_key_paste_end)

    @Test("Characters, named keys, control keys, Alt and Esc alone")
    func plain() {
        var reader = KeyReader()
        #expect(
            reader.keys(of: codes("aß\u{3}\t\r\u{7F}")) == [
                .character("a"), .character("ß"), .control("c"), .tab, .enter, .backspace,
            ])
        #expect(
            reader.keys(of: [KeyReader.Code(kind: ct_key_up), KeyReader.Code(kind: ct_key_function, value: 5)]) == [
                .up, .function(5),
            ])
        #expect(reader.keys(of: codes("\u{1B}x")) == [.alt("x")])
        #expect(reader.keys(of: codes("\u{1B}")) == [.escape])
        #expect(reader.keys(of: codes("\u{1B}\u{1B}a")) == [.escape, .alt("a")])
        #expect(reader.keys(of: codes("\u{1B}") + [KeyReader.Code(kind: ct_key_up)]) == [.escape, .up])
    }

    @Test("A paste is one key, also when it comes in parts; lines end as the terminal's Enter does")
    func paste() {
        var reader = KeyReader()
        #expect(reader.keys(of: [begin] + codes("sip:bob\r")) == [])
        #expect(
            reader.keys(of: codes("@x\u{1B}[2q") + [end] + codes("z")) == [
                .paste("sip:bob\n@x\u{1B}[2q"), .character("z"),
            ])
        // The paste itself ends with the beginning of an ending.
        #expect(reader.keys(of: [begin] + codes("a\u{1B}[20") + [end]) == [.paste("a\u{1B}[20")])
    }

    @Test("The end of a paste that was cut on its way ends it all the same, wherever it was cut")
    func cutEnding() {
        let ending = Array("\u{1B}[201~")
        for place in 1..<ending.count {
            var reader = KeyReader()
            #expect(reader.keys(of: [begin] + codes("text" + String(ending[..<place]))) == [])
            #expect(reader.keys(of: codes(String(ending[place...]) + "q")) == [.paste("text"), .character("q")])
        }
        var reader = KeyReader()
        #expect(reader.keys(of: [begin] + codes("a\u{1B}[2\u{1B}[201~b")) == [.paste("a\u{1B}[2"), .character("b")])
    }

    @Test(
        "A paste that is too long is cut, ends where it ends, and takes no longer for each character than a short one")
    func longPaste() {
        var reader = KeyReader()
        let long = String(repeating: "0123456789", count: 100_000)
        let keys = reader.keys(of: [begin] + codes(long + "\u{1B}[201~") + codes("q"))
        #expect(keys.count == 2 && keys.last == .character("q"))
        #expect(keys.first == .paste(String(long.prefix(65_536))))
    }

    @Test("Nothing in a paste is a key")
    func keysInside() {
        var reader = KeyReader()
        let inside = [KeyReader.Code(kind: ct_key_function, value: 1), KeyReader.Code(kind: ct_key_enter)]
        #expect(reader.keys(of: [begin] + codes("a") + inside + codes("b") + [end]) == [.paste("ab")])
    }

    private let mouse = KeyReader.Code(kind: ct_key_mouse)

    @Test("A report of the mouse is one thing, also when it comes in parts, and what is none is left out")
    func mouseReports() {
        var reader = KeyReader()
        #expect(
            reader.inputs(of: [mouse] + codes("0;12;5M") + [mouse] + codes("0;12;5mq")) == [
                .mouse(Mouse(.press, row: 4, column: 11)), .key(.character("q")),
            ])
        #expect(reader.inputs(of: [mouse] + codes("64;1")).isEmpty)
        #expect(reader.inputs(of: codes(";1M")) == [.mouse(Mouse(.wheelUp, row: 0, column: 0))])
        #expect(reader.inputs(of: [mouse] + codes("0;x")) == [.key(.character("x"))])
        #expect(reader.keys(of: [mouse] + codes(String(repeating: "1", count: 21))).count == 1)
        #expect(reader.inputs(of: [mouse] + codes("0;1") + [KeyReader.Code(kind: ct_key_up)]) == [.key(.up)])
    }

    @Test("Nothing that is pasted clicks")
    func pastedReports() {
        var reader = KeyReader()
        #expect(reader.keys(of: [begin, mouse] + codes("0;1;1M") + [end]) == [.paste("0;1;1M")])
    }
}

extension KeyReader {
    fileprivate mutating func keys(of codes: [Code]) -> [Key] {
        inputs(of: codes).compactMap { if case .key(let key) = $0 { key } else { nil } }
    }
}
