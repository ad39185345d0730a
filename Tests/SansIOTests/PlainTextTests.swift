import SansIO
import Testing

@Suite("Hostile text")
struct PlainTextTests {
    @Test(
        "What does not print is shown as a sign (H-013, H-015)",
        arguments: [
            ("plain text", "plain text"), ("Grüße, 大停電 🙂", "Grüße, 大停電 🙂"), ("\u{1B}[2J", "␛[2J"),
            ("a\r\nb\tc", "a␍␊b␉c"), ("\u{0}\u{7}\u{7F}", "␀␇␡"), ("\u{9B}31m", "‹U+009B›31m"),
            ("\u{202E}gpj.exe", "‹U+202E›gpj.exe"), ("a\u{200B}b\u{2028}", "a‹U+200B›b‹U+2028›"),
            ("\u{FEFF}x\u{E0041}", "‹U+FEFF›x‹U+E0041›"), ("\u{FFFE}", "‹U+FFFE›"),
        ])
    func shown(text: String, expected: String) { #expect(visible(text) == expected) }

    @Test("A substring is shown as a string is")
    func substring() { #expect(visible("ab\u{1B}".dropFirst()) == "b␛") }
}
