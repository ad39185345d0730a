import BatchScript
import Testing

@Suite("Patterns of the ~ operator")
struct PatternTests {
    @Test(
        "A pattern is found where it is, and nowhere else",
        arguments: [
            ("busy", "I am busy now", true), ("busy", "I am idle", false), ("^open$", "open", true),
            ("^open$", "reopened", false),
            ("a.c", "abc", true), ("a.c", "a\nc", false), ("[a-c]+x", "bcax", true), ("[^a-c]x", "ax", false),
            ("colou?r", "color", true), ("(ab|cd)+e", "abcde", true), ("(ab|cd)+e", "ae", false),
            ("x{2,3}y", "xxy", true),
            ("^x{2,3}y", "xxxxy", false), ("x{2}", "x", false), ("\\d+ ms", "about 250 ms", true),
            ("\\bon\\b", "turn on it", true),
            ("\\bon\\b", "once", false), ("[]x]y", "]y", true), ("a\\.b", "axb", false), ("[\\d-]+z", "1-2z", true),
            ("", "", true),
            ("a|", "zzz", true), ("grüße", "viele grüße", true), ("(?:a|b)c", "bc", true), ("^$", "x", false),
            ("[^\\d]", "5", false),
        ])
    func found(_ pattern: String, _ text: String, _ expected: Bool) throws {
        #expect(try Pattern(pattern).isFound(in: text) == expected)
    }

    @Test("A trailing i means: without regard to case")
    func ignoringCase() throws {
        #expect(try Pattern("BUSY|away", ignoresCase: true).isFound(in: "i am Busy"))
        #expect(try Pattern("[A-C]x", ignoresCase: true).isFound(in: "bX"))
        #expect(try !Pattern("BUSY").isFound(in: "busy"))
    }

    @Test(
        "A pattern that cannot be read is refused with the place",
        arguments: [
            ("a(b", 2), ("a)", 2), ("[ab", 1), ("*a", 1), ("a{3,1}", 2), ("a\\", 2), ("x\\q", 2), ("a{999}", 3),
            ("(?<n>a)", 1),
        ])
    func refused(_ pattern: String, _ column: Int) {
        #expect(throws: PatternError.self) { try Pattern(pattern) }
        do { _ = try Pattern(pattern) } catch { #expect(error.column == column) }
    }

    @Test("A pattern that makes backtracking matchers take for ever does not (a peer writes the text)")
    func linear() throws {
        let text = String(repeating: "a", count: 5_000)
        #expect(try !Pattern("(a*)*(a|aa)+b").isFound(in: text))
    }
}
