import BatchScript
import DialogUsage
import SansIO
import Testing

/// The last record and the exit code, whatever happens in whatever line.
@Suite("A script survives")
struct SurvivalTests {
    /// One line for every verb, and what must be there before it.
    static let verbs: [(setup: String, line: String)] = [
        ("", "register"), ("register", "unregister"), ("register", "refresh"), ("", "fetch bindings"),
        ("", "call bob as c"), ("", "call bob as c expect 200"), ("call bob as c", "cancel c"), (call, "hangup c"),
        (call, "hold c"), (call + "\nhold c", "resume c"), (call, "mute c"), (call, "reinvite c"), (call, "update c"),
        (call, "dtmf c 42# via rtp"), (call, "dtmf c 42# via info"), (call, "play c hello.wav"),
        (bob, "transfer c echo"), (bob + "\ncall echo as d\nexpect call.connected of d", "transfer c to d"),
        (call + "\ncall bob as d\nexpect call.connected of d", "conference"), ("", "options bob"),
        ("", "message bob hello"), ("", "subscribe presence bob as s"), ("subscribe presence bob as s", "refresh s"),
        ("subscribe presence bob as s", "unsubscribe s"), ("", "publish presence open as p"),
        ("publish presence open as p", "unpublish p"), ("", "account add x sip:x@sandbox.test"), ("", "sleep 1m"),
        ("", "expect call.incoming within 1m"), ("", "wait usages 9 within 1m"), ("", "refuse call.ended for 1m"),
        ("register", "shutdown graceful giveup 4s"), ("", "shutdown if-idle giveup 4s"),
        ("", "repeat 3\nsleep 1m\nend"), ("", "parallel\nsleep 1m\nregister\nend"), ("", "dump state"),
        ("", "transfers accept"),
    ]
    private static let bob = "call bob as c\nexpect call.connected of c"
    private static let call = "call echo as c\nexpect call.connected of c"

    private func expectEnd(
        _ run: SimulatedRun, _ codes: Set<Int32>, _ what: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let exit = run.verdict?.exit.rawValue
        let told = run.lines.map(\.text).joined(separator: "\n")
        #expect(exit.map(codes.contains) == true, "\(what): \(told)", sourceLocation: sourceLocation)
        let last = run.lines.last { $0.stream == .output }?.text
        #expect(last?.hasPrefix("{\"v\":1,\"type\":\"end\"") == true, "\(what)", sourceLocation: sourceLocation)
        #expect(
            last?.contains("\"exit\":\(exit ?? -1),") == true, "\(what): \(last ?? "")", sourceLocation: sourceLocation)
        #expect(run.census?.isEmpty == true, "\(what)", sourceLocation: sourceLocation)
    }

    @Test("The end of input in every verb: what is alive is ended, and all is well", arguments: verbs.indices)
    func endOfInput(_ index: Int) throws {
        let (setup, line) = Self.verbs[index]
        let isWait = line.contains("1m") && !line.contains("sleep") && !line.contains("refuse")
        expectEnd(try SimulatedRun.run("\(setup)\n\(line)"), isWait ? [1] : [0], line)
    }

    @Test("SIGTERM in every verb: 143, or the clean end of a shutdown that was under way", arguments: verbs.indices)
    func terminated(_ index: Int) throws {
        let (setup, line) = Self.verbs[index]
        // The line waits because nobody answers it.
        let silence = ["sleep", "expect", "wait", "refuse", "repeat", "parallel", "dump"].contains {
            line.hasPrefix($0)
        }
        let run = try SimulatedRun.run(
            "\(setup)\n\(silence ? "" : "fault silence")\n\(line)", interrupted: (.terminate, after: .seconds(3)))
        expectEnd(run, [143, 0, 1, 5, 7], line)
        if line.contains("1m") { #expect(run.verdict?.exit == .terminated, "\(line)") }
        #expect((run.verdict?.elapsed ?? .zero) < .seconds(20), "\(line)")
    }

    @Test(
        "A dead server in every verb: never 0 where an answer was needed, and in bounded time", arguments: verbs.indices
    )
    func deadServer(_ index: Int) throws {
        let (setup, line) = Self.verbs[index]
        guard !line.contains("1m") else { return }
        let end = line.hasPrefix("shutdown") ? "" : "shutdown graceful giveup 4s"
        let run = try SimulatedRun.run("set timeout 4s\n\(setup)\nfault silence\n\(line)\n\(end)")
        let isLocal = [
            "mute", "dtmf c 42# via rtp", "play", "account", "dump", "transfers", "conference", "shutdown if-idle",
        ]
        .contains { line.hasPrefix($0) }
        let leavesNothing = isLocal && setup.isEmpty
        expectEnd(run, leavesNothing ? [0] : [1, 4, 5, 7], line)
        #expect((run.verdict?.elapsed ?? .zero) < .seconds(40), "\(line)")
    }

    @Test("Three signals in every verb come to an end at once", arguments: [0, 4, 7, 19, 20, 21, 24])
    func impatience(_ index: Int) throws {
        let (setup, line) = Self.verbs[index]
        let run = try SimulatedRun.run(
            "\(setup)\nfault silence\n\(line)\nsleep 1m", interrupted: (.interrupt, after: .seconds(3)), times: 2)
        expectEnd(run, [130, 1, 7], line)
        #expect(run.verdict?.exit != .success, "\(line)")
    }

    @Test("10,000 lines that each ask somebody something")
    func long() throws {
        let run = try SimulatedRun.run("register\n" + Self.tenThousand)
        expectEnd(run, [0], "10,000 lines")
        #expect(run.verdict?.passed == 10_002)
    }
    private static let tenThousand =
        String(repeating: "print x\nassert usages.total == 1\nset timeout 5s\nflush events\n", count: 2_500)

    @Test(
        "Hostile text in what a script says stays text, in every format",
        arguments: [OutputFormat.text, .jsonl, .tap, .junit, .nagios])
    func hostile(_ format: OutputFormat) throws {
        let text = "\u{1B}[2J\u{202E}evil\u{7}]]>&<\u{0}"
        let run = try SimulatedRun.run(
            "print \"\(text)\"\nlabel \"\(text)\"\nassert 1 == 2 \"\(text)\"", format: format)
        #expect(run.verdict?.exit == .failed)
        for line in run.lines {
            #expect(!line.text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0 == "\u{202E}" }, "\(line)")
        }
    }
}
