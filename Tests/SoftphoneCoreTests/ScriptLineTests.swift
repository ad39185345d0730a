import SansIO
import SoftphoneCore
import Testing

@Suite("How a line is cut into words")
struct ScriptLineTests {
    @Test(
        "Blanks part words, quotes hold them together, escapes inside are read",
        arguments: [
            ("a  b\tc", ["a", "b", "c"]), ("message \"a b\"", ["message", "a b"]),
            (#""say \"hi\" \\ \n""#, ["say \"hi\" \\ \n"]),
            ("a\"b c\"d", ["ab cd"]), ("\"\"", [""]), ("", []), ("x # comment", ["x"]), ("# all", []),
            ("dtmf c1 12#", ["dtmf", "c1", "12#"]),
            ("call ${env:SIP USER}@x y", ["call", "${env:SIP USER}@x", "y"]),
        ])
    func words(line: String, words: [String]) throws {
        #expect(try ScriptLine.words(of: line).map(\.text) == words)
    }

    @Test("Columns are counted from 1 in characters, not in bytes")
    func columns() throws {
        let words = try ScriptLine.words(of: "é \"ü\" x")
        #expect(words.map(\.column) == [1, 3, 7])
        #expect(words.map(\.endColumn) == [2, 6, 8])
        #expect(words.map(\.isQuoted) == [false, true, false])
    }

    @Test("An unknown escape is refused at its place")
    func escapes() {
        let error = #expect(throws: CommandError.self) { try ScriptLine.words(of: #"print "a\qb""#) }
        #expect(error?.column == 9)
    }

    @Test("A line longer than the limit is not read")
    func longLines() {
        #expect(throws: CommandError.self) { try ScriptLine.words(of: String(repeating: "a ", count: 10_000)) }
    }

    @Test(
        "Durations are read and written",
        arguments: [
            ("250ms", Duration.milliseconds(250), "250ms"), ("3s", .seconds(3), "3s"), ("2m", .seconds(120), "2m"),
            ("1h", .seconds(3600), "60m"),
            ("0", .zero, "0s"), ("600", .seconds(600), "10m"), ("1.5s", .milliseconds(1500), "1.5s"),
        ])
    func durations(text: String, duration: Duration, written: String) {
        #expect(Duration(scriptText: text) == duration)
        #expect(duration.scriptText == written)
        #expect(Duration(scriptText: written) == duration)
    }

    @Test(
        "What is no duration is none",
        arguments: ["", "s", "-1s", "1x", "1e3s", "1..2s", "٣s", "99999999999h", "nan", "inf s"])
    func noDurations(text: String) {
        #expect(Duration(scriptText: text) == nil)
    }
}
