import Glibc
import Testing

/// The real program on a real pseudo-terminal with its own sandbox.
@Suite("Leaving the terminal (shutdown.md, sections 10 and 11)", .serialized)
struct InterruptTests {
    /// Beside the tests, where the build has put it.
    private static let program: String? = {
        var path = [CChar](repeating: 0, count: Int(PATH_MAX))
        guard readlink("/proc/self/exe", &path, path.count - 1) > 0, let directory = dirname(&path) else { return nil }
        return String(cString: directory) + "/lastcall"
    }()

    private func started() throws -> (PseudoTerminal, modes: tcflag_t) {
        let program = try #require(Self.program)
        let terminal = try PseudoTerminal(program, ["--sandbox"])
        // The first screen is there.
        try terminal.wait(for: "ClientRegistration")
        return (terminal, terminal.modes)
    }

    /// The screen is the user's again: line editing and echo are on, the alternate screen is left and the cursor shown.
    private func expectWhole(_ terminal: PseudoTerminal, sourceLocation: SourceLocation = #_sourceLocation) {
        let wanted = tcflag_t(ICANON | ECHO | ISIG)
        #expect(terminal.modes & wanted == wanted, "modes", sourceLocation: sourceLocation)
        let output = terminal.output
        let left = output.ranges(of: "\u{1b}[?1049l").last?.lowerBound
        let entered = output.ranges(of: "\u{1b}[?1049h").last?.lowerBound
        #expect(entered != nil)
        #expect(
            (left ?? output.startIndex) > (entered ?? output.endIndex), "still the alternate screen",
            sourceLocation: sourceLocation)
    }

    @Test("111. Ctrl-C once, and once more time to think it over: graceful, exit code 0")
    func once() throws {
        let (terminal, modes) = try started()
        #expect(modes & tcflag_t(ECHO) == 0, "the program reads keys itself")
        terminal.type("\u{3}")
        #expect(try terminal.waitForEnd() == 0)
        expectWhole(terminal)
        #expect(terminal.output.contains("Left in order"))
    }

    @Test("111. Ctrl-C twice: forced, best effort, exit code 130 (H-139)")
    func twice() throws {
        let (terminal, _) = try started()
        terminal.type("r")
        try terminal.wait(for: "registered for")
        terminal.type("\u{3}\u{3}")
        #expect(try terminal.waitForEnd() == 130)
        expectWhole(terminal)
    }

    @Test("111. Ctrl-C three times: out at once, exit code 130")
    func threeTimes() throws {
        let (terminal, _) = try started()
        terminal.type("\u{3}\u{3}\u{3}")
        #expect(try terminal.waitForEnd() == 130)
        expectWhole(terminal)
    }

    @Test(
        "A signal once: graceful, exit code 0; the terminal is whole (H-120, H-139)",
        arguments: [SIGTERM, SIGHUP, SIGINT])
    func asked(signal: CInt) throws {
        let (terminal, _) = try started()
        terminal.send(signal)
        #expect(try terminal.waitForEnd() == 0)
        expectWhole(terminal)
    }

    @Test("A crash leaves the terminal whole, and is still a crash to the parent (H-120)")
    func crash() throws {
        let (terminal, _) = try started()
        terminal.send(SIGSEGV)
        #expect(try terminal.waitForEnd() == -SIGSEGV)
        expectWhole(terminal)
    }
}
