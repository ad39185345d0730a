import DialogUsage
import SoftphoneCore
import Testing

@Suite("Completion at the prompt")
struct CompletionTests {
    private struct Names: Vocabulary {
        let accounts = ["alice", "work"]
        let contacts: [String] = []
        let peers = ["sip:bob@example.com"]
        func usages(of kinds: Set<UsageKind>) -> [String] {
            [("c1", UsageKind.clientInviteSession), ("s1", .clientSubscription)]
                .filter { kinds.isEmpty || kinds.contains($0.1) }.map(\.0)
        }
    }
    private let vocabulary = Names()

    @Test(
        "A word is completed to what can stand there",
        arguments: [
            ("reg", ["register"]), ("acc", ["account", "accept"]), ("account ", ["add", "use", "remove", "save"]),
            ("account u", ["use"]), ("account use ", ["alice", "work"]), ("hangup ", ["c1"]), ("unsubscribe ", ["s1"]),
            ("transfer attended c1 ", []), ("conference ", ["c1"]),
            ("shutdown skip ", ["c1", "s1"]), ("hold c", ["c1"]),
            ("call ", ["sip:bob@example.com"]),
            ("call sip:bob@example.com ", ["as", "on", "play", "record", "codec", "header"]),
            ("call bob as c9 ", ["on", "play", "record", "codec", "header"]),
            ("call bob on ", ["alice", "work"]), ("dtmf 1 via ", ["rtp", "info"]), ("publish b", ["busy"]),
            ("shutdown f", ["force"]),
            ("subscribe pres", ["presence", "presence.winfo"]), ("xyzzy ", []), ("message bob \"he", []),
            ("call bob play ", []),
        ])
    func completions(line: String, words: [String]) {
        #expect(CommandSpec.completions(of: line, knowing: vocabulary) == words)
        #expect(CommandSpec.completions(of: line, knowing: vocabulary, most: 1) == Array(words.prefix(1)))
    }

    /// Whoever looked at all of them would never come back.
    private struct Everybody: Vocabulary {
        let accounts: [String] = []
        let contacts: [String] = []
        func usages(of kinds: Set<UsageKind>) -> some Sequence<String> { (1...).lazy.map { "csub-\($0)" } }
        var peers: some Sequence<String> { (1...).lazy.map { "sip:p\($0)@lab.test" } }
    }

    @Test("Of however many names no more are looked at than are wanted")
    func many() {
        let names = Everybody()
        let peers = CommandSpec.completions(of: "call sip:p1", knowing: names, most: 3)
        #expect(peers == ["sip:p1@lab.test", "sip:p10@lab.test", "sip:p11@lab.test"])
        #expect(CommandSpec.completions(of: "unsubscribe ", knowing: names, most: 2) == ["csub-1", "csub-2"])
    }
}
