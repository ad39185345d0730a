import DialogUsage
import SoftphoneCore
import Testing

@Suite("Completion at the prompt")
struct CompletionTests {
    private let vocabulary = Vocabulary(
        accounts: ["alice", "work"], usages: [.init("c1", .clientInviteSession), .init("s1", .clientSubscription)],
        peers: ["sip:bob@example.com"])

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
    }
}
