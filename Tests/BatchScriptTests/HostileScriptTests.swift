import BatchScript
import SansIO
import Testing

@Suite("Scripts that nobody meant to write")
struct HostileScriptTests {
    private static let seeds = [
        "expect sub.notify of s1 where body ~ /in the \"garden\" [a-z]{2,3}/i and state == active within 3s # note",
        "assert (call.c1.rtp.received > 100 or not usages.total == 0) && sent.REGISTER <= 2 \"why\"",
        "call sip:bob@sandbox.test as c1 timeout 3s expect 4xx & \\\n as c2", "set timeout ${env:X}",
        "var a b\nprint ${a} ${rc}",
        "account add a sip:a@b.c server sip:d.e password \"x \\\" y\" expires 10m",
        "wait usages 0 of ClientSubscription within 1s",
        "try message bob \"grüße 😀\" type text/plain", "shutdown if-idle calls giveup 1m or-refuse",
        "refuse call.ended of c1 for 250ms", "repeat 3\nprint ${turn}\nend\nparallel\nsleep 1s\nend",
        "if usages.total == 0\nexit 3\nelse\nlabel x\nend\nfinally\nsource a\nend", "require version>=1.2",
    ]
    private static let pieces: [Character] = [
        "\"", "\\", "#", "$", "{", "}", "/", "~", "(", ")", "&", "|", "=", "!", "<", "\n", "\r", "\t", " ", "\u{0}",
        "\u{1B}", "\u{202E}",
        "é", "😀", "9", "-", ".", ":", "%", "'",
    ]

    @Test("Any text is either a script or has errors with places inside it; nothing traps (H: bad input)")
    func mutations() {
        var entropy = Entropy(seed: 4711)
        for _ in 0..<4_000 {
            var text = Array(Self.seeds.randomElement(using: &entropy) ?? "")
            for _ in 0..<Int.random(in: 1...6, using: &entropy) where !text.isEmpty {
                let place = Int.random(in: 0..<text.count, using: &entropy)
                switch Int.random(in: 0..<3, using: &entropy) {
                case 0: text.remove(at: place)
                case 1: text.insert(Self.pieces.randomElement(using: &entropy) ?? " ", at: place)
                default:
                    text.replaceSubrange(place..., with: text[place...].prefix(Int.random(in: 0...9, using: &entropy)))
                }
            }
            let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            for error in Lab.errors(in: String(text), environment: ["X": "3s"]) {
                #expect((1...lines.count).contains(error.line), "\(error)")
                #expect((1...(text.count + 2)).contains(error.column), "\(error)")
                #expect(!error.text.isEmpty)
            }
        }
    }

    @Test("A script of a hundred thousand empty and nonsensical lines is refused with a bounded list")
    func bounded() {
        #expect(Lab.errors(in: String(repeating: "nonsense\n\n", count: 50_000)).count == 20)
    }

    @Test("An expression nested without end is an error, not a stack that runs over")
    func nesting() {
        let text = "assert " + String(repeating: "(", count: 5_000) + "usages.total"
        #expect(Lab.errors(in: text).first?.text == "nested too deeply")
        let pattern = "assert sub.s1.body ~ /" + String(repeating: "(", count: 5_000) + "/"
        #expect(Lab.errors(in: pattern).first?.text == "nested too deeply")
    }
}
