import Foundation
import Glibc
import Testing

/// The real program on a real pseudo-terminal: what it must never do to it.
@Suite("Manners on a terminal (terminal.md, rules 5 and 6)", .serialized)
struct MannersTests {
    private static let products = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    private static var program: String { products.appending(path: "lastcall").path }

    private func started(_ arguments: [String] = ["--sandbox"]) throws -> PseudoTerminal {
        let terminal = try PseudoTerminal(Self.program, arguments)
        try terminal.wait(for: "ClientRegistration")
        return terminal
    }

    @Test("Ctrl-Z gives the terminal back to the shell, and fg draws everything again")
    func suspension() throws {
        let script = "\(Self.program) --sandbox; echo STOPPED; read answer; fg; echo OVER"
        let terminal = try PseudoTerminal("/bin/bash", ["-m", "-c", script])
        try terminal.wait(for: "ClientRegistration")
        #expect(terminal.modes & tcflag_t(ECHO) == 0)
        terminal.type("\u{1a}")
        try terminal.wait(for: "STOPPED")
        #expect(terminal.modes & tcflag_t(ECHO | ICANON) == tcflag_t(ECHO | ICANON))
        #expect(terminal.output.contains("\u{1b}[?1049l"))
        terminal.type("\n")
        try terminal.wait(for: "ClientRegistration", times: 2)
        #expect(terminal.modes & tcflag_t(ECHO) == 0)
        terminal.type("Q\r")
        try terminal.wait(for: "OVER")
        #expect(terminal.modes & tcflag_t(ECHO | ICANON) == tcflag_t(ECHO | ICANON))
        #expect(try terminal.waitForEnd() == 0)
    }

    @Test("Ctrl-Z where nobody could continue the program, as in what ssh runs, leaves it running")
    func nobodyToContinue() throws {
        let script = "\(Self.program) --sandbox; echo OVER"
        let terminal = try PseudoTerminal("/bin/bash", ["-c", script])
        try terminal.wait(for: "ClientRegistration")
        terminal.type("\u{1a}")
        terminal.type("Q\r")
        try terminal.wait(for: "OVER")
        #expect(try terminal.waitForEnd() == 0)
    }

    @Test("The mouse is taken at the start, given back to the shell and at the end, and clicks are heard")
    func mouse() throws {
        let (on, off) = ("\u{1b}[?1000h\u{1b}[?1006h", "\u{1b}[?1006l\u{1b}[?1000l")
        let script = "\(Self.program) --sandbox; echo STOPPED; read answer; fg; echo OVER"
        let terminal = try PseudoTerminal("/bin/bash", ["-m", "-c", script])
        try terminal.wait(for: "ClientRegistration")
        try terminal.wait(for: on)
        // The first key of the key bar.
        terminal.type("\u{1b}[<0;2;30M\u{1b}[<0;2;30m")
        try terminal.wait(for: "Keys and commands")
        terminal.type("\u{1b}")
        try terminal.wait(for: "ClientRegistration", times: 2)
        terminal.type("\u{1a}")
        try terminal.wait(for: "STOPPED")
        #expect(terminal.output.contains(off))
        terminal.type("\n")
        try terminal.wait(for: on, times: 2)
        terminal.type("Y")
        try terminal.wait(for: off, times: 2)
        terminal.type("Y")
        try terminal.wait(for: on, times: 3)
        terminal.type("Q\r")
        try terminal.wait(for: "OVER")
        #expect(terminal.output.ranges(of: off).count == 3)
        #expect(try terminal.waitForEnd() == 0)

        let other = try started(["--sandbox", "--mouse", "off"])
        other.type("Q\r")
        #expect(try other.waitForEnd() == 0)
        #expect(!other.output.contains(on))
    }

    @Test(
        "SIGTERM once is graceful, twice is now; SIGQUIT does not ask",
        arguments: [(SIGTERM, 143), (SIGQUIT, 130)] as [(CInt, CInt)])
    func forced(signal: CInt, exit: CInt) throws {
        let terminal = try started()
        terminal.type("r")
        try terminal.wait(for: "registered for")
        terminal.type(":fault silence\r")
        try terminal.wait(for: "applied")
        if signal == SIGTERM {
            terminal.send(SIGTERM)
            try terminal.wait(for: "gives up in")
        }
        terminal.send(signal)
        #expect(try terminal.waitForEnd() == exit)
        #expect(terminal.modes & tcflag_t(ECHO | ICANON) == tcflag_t(ECHO | ICANON))
        #expect(terminal.output.contains("\u{1b}[?1049l"))
    }

    @Test("A new size is drawn for at once")
    func resized() throws {
        let terminal = try started()
        terminal.resize(columns: 50, rows: 10)
        try terminal.wait(for: "have 50×10")
        terminal.resize(columns: 100, rows: 30)
        try terminal.wait(for: "ClientRegistration", times: 2)
        terminal.type("Q\r")
        #expect(try terminal.waitForEnd() == 0)
    }

    @Test("When nothing changes not one byte is written in a second, and one countdown is a few bytes")
    func silence() throws {
        let terminal = try started()
        terminal.settle()
        #expect(terminal.bytesWritten(within: 1_200) == 0)
        terminal.type("r")
        try terminal.wait(for: "registered for")
        terminal.settle()
        // A notice goes, and the seconds of the registration's time are counted down.
        #expect(terminal.bytesWritten(within: 2_000) < 600)
        terminal.type("Q\r")
        #expect(try terminal.waitForEnd() == 0)
    }

    @Test("A terminal that is gone takes the program with it, in order")
    func hungUp() throws {
        let terminal = try started()
        terminal.type("r")
        try terminal.wait(for: "registered for")
        terminal.hangUp()
        #expect(try terminal.waitForEndUnread() == 0)
    }

    @Test("Whoever does not read what we write delays no SIP, and can still be left by a signal")
    func stopped() throws {
        let terminal = try started()
        terminal.type("r")
        try terminal.wait(for: "registered for")
        // Nobody reads from here on, until the program hangs in a write.
        for round in 0..<400 {
            if terminal.isWriterStuck { break }
            terminal.resize(columns: round % 2 == 0 ? 180 : 200, rows: 60)
            poll(nil, 0, 10)
        }
        #expect(terminal.isWriterStuck)
        let ports = terminal.udpPorts
        #expect(ports.count >= 2, "our own and the sandbox's")
        let unanswered = ports.filter {
            (PseudoTerminal.answerTime(toOptionsAt: $0) ?? .seconds(9)) > .milliseconds(200)
        }
        #expect(unanswered.isEmpty)
        terminal.send(SIGTERM)
        let began = ContinuousClock.now
        #expect(try terminal.waitForEndUnread() == 0)
        #expect(ContinuousClock.now - began < .seconds(4))
        #expect(terminal.modes & tcflag_t(ECHO | ICANON) == tcflag_t(ECHO | ICANON))
    }
}
