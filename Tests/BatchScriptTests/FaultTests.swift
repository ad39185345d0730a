import BatchScript
import SansIO
import Testing

@Suite("Network faults of a script (--allow-faults)")
struct FaultTests {
    private func run(_ script: String) throws -> SimulatedRun { try SimulatedRun.run(script, allowsFaults: true) }

    private func expect(
        _ script: String, _ exit: ExitCode = .success, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let run = try run(script)
        let told = run.lines.map(\.text).joined(separator: "\n")
        #expect(run.verdict?.exit == exit, "\(told)", sourceLocation: sourceLocation)
    }

    @Test("A dropped request is sent again: the line is done, half a second later")
    func drop() throws {
        let run = try run("fault drop out REGISTER 1\nregister")
        #expect(run.verdict?.exit == .success)
        #expect((run.verdict?.elapsed ?? .zero) >= .milliseconds(500))
        try expect(
            "register\nsubscribe presence bob as b\nflush events\nfault drop in NOTIFY 1\nrefresh b\nexpect sub.notify of b within 5s"
        )
    }

    @Test("Delay in both directions, for all or for some")
    func delay() throws {
        let run = try run("fault delay out 200ms\nfault delay in 200ms 100%\nregister")
        #expect(run.verdict?.exit == .success)
        #expect((run.verdict?.elapsed ?? .zero) >= .milliseconds(800), "the challenge is delayed too")
        try expect("fault delay in 2s 30%\nset timeout 20s\nregister\nmessage bob hello\nfault clear")
    }

    @Test("A black hole swallows a host whole, and clear lets it out again")
    func blackhole() throws {
        try expect(
            "register\nfault blackhole 127.0.0.1\ntry message bob hello timeout 3s\nassert not ${rc} == 0\nfault clear\nmessage bob hello"
        )
        try expect("fault blackhole 127.0.0.1\nregister timeout 3s", .failed)
    }

    @Test("reset breaks connections, and does no harm where there are none")
    func reset() throws { try expect("register\nfault reset\nmessage bob hello") }

    @Test("The same faults come at the same places each time")
    func repeatable() throws {
        let script = "fault delay in 700ms 0.5\nset timeout 20s\nregister\nmessage bob hello\ncall echo as c\nhangup c"
        #expect(try run(script).lines == run(script).lines)
    }

    @Test(
        "What is no fault, or not allowed, is refused with its place",
        arguments: [
            ("fault drop sideways", 12, "out or in"), ("fault drop", 11, "out or in"),
            ("fault drop out NOTIFY many", 23, "no number"), ("fault delay in soon", 16, "no duration"),
            ("fault delay in 1s 3", 19, "no share"), ("fault blackhole", 16, "an address or a name"),
            ("fault reset now", 13, "the end of the line"),
        ])
    func errors(_ line: String, _ column: Int, _ remedy: String) {
        let found = Lab.errors(in: line, allowsFaults: true).first
        #expect(found?.text.contains(remedy) == true, "\(String(describing: found))")
        #expect(found?.column == column, "\(String(describing: found))")
        #expect(Lab.errors(in: line).first?.text.contains("needs --allow-faults") == true)
    }
}
