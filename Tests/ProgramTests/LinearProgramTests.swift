import Foundation
import Glibc
import Testing

/// The real program in lines: on a terminal that can do nothing else, and in a pipe.
@Suite("Lines instead of a screen, for real", .serialized)
struct LinearProgramTests {
    private static let products = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    private static var program: String { products.appending(path: "lastcall").path }

    @Test("On a dumb terminal there is a prompt, every change is a line, and not one control sequence is written")
    func dumb() throws {
        let terminal = try PseudoTerminal(Self.program, ["--sandbox"], term: "dumb")
        try terminal.wait(for: "> ")
        #expect(terminal.modes & tcflag_t(ECHO | ICANON) == tcflag_t(ECHO | ICANON), "the terminal edits lines itself")
        terminal.type("register\n")
        try terminal.wait(for: "register: registered for 60m")
        terminal.type("subscribe presence sip:bob@sandbox.test as s1\n")
        try terminal.wait(for: "bob@sandbox.test is open")
        terminal.type("list\n")
        try terminal.wait(for: "2 usages alive")
        terminal.type("shutdown --plan\n")
        try terminal.wait(for: "2. ClientRegistration, 1 usage")
        terminal.type("quit\n")
        #expect(try terminal.waitForEnd() == 0)
        #expect(terminal.output.contains("ending group 4, ClientSubscription"))
        #expect(terminal.output.contains("Left in order: 2 usages ended"))
        #expect(!terminal.output.contains("\u{1b}"))
    }

    @Test("Ctrl-C once is graceful, twice is now", arguments: [(1, 0), (2, 130)] as [(Int, CInt)])
    func interrupt(times: Int, exit: CInt) throws {
        let terminal = try PseudoTerminal(Self.program, ["--sandbox", "--linear"])
        try terminal.wait(for: "> ")
        terminal.type("register\n")
        try terminal.wait(for: "register: registered for 60m")
        if times > 1 {
            terminal.type("fault silence\n")
            try terminal.wait(for: "fault silence: applied")
        }
        terminal.type("\u{3}")
        if times > 1 {
            try terminal.wait(for: "leaving, 0 of 1 ended, gives up in")
            terminal.type("\u{3}")
        }
        #expect(try terminal.waitForEnd() == exit)
        #expect(!terminal.output.contains("\u{1b}"))
    }

    private func run(_ arguments: [String], _ input: String) throws -> (exit: Int32, output: String, errors: String) {
        let process = Process()
        process.executableURL = URL(filePath: Self.program)
        process.arguments = arguments
        let (lines, said, complaints) = (Pipe(), Pipe(), Pipe())
        process.standardInput = lines
        process.standardOutput = said
        process.standardError = complaints
        try process.run()
        lines.fileHandleForWriting.write(Data(input.utf8))
        try lines.fileHandleForWriting.close()
        let output = String(decoding: said.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let errors = String(decoding: complaints.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, output, errors)
    }

    @Test("In a pipe each line waits for the one before, the end of input leaves in order, and a dead server is named")
    func pipe() throws {
        let (exit, output, _) = try run(
            ["--sandbox", "--linear"],
            """
            register
            subscribe presence sip:bob@sandbox.test as s1
            show s1
            nonsense
            fault crash presence
            shutdown giveup 3s

            """)
        #expect(exit == 7, "\(output)")
        for line in [
            "register: registered for 60m", "waits for nothing", "error: column 1: unknown verb 'nonsense'",
            "fault crash presence: applied",
            "s1 waits for the answer to SUBSCRIBE with Expires 0", "ClientRegistration alice       ended      200",
            "ClientSubscription s1          abandoned", "Left, but not in order",
        ] {
            #expect(output.contains(line), "\(line) is not in: \(output)")
        }
        let clean = try run(["--sandbox", "--linear"], "register\n")
        #expect(clean.exit == 0)
        #expect(clean.output.contains("Left in order: 1 usage ended"))
    }

    @Test("Lines that cannot be run yet wait in the pipe, and not in memory")
    func unread() throws {
        let process = Process()
        process.executableURL = URL(filePath: Self.program)
        process.arguments = ["--sandbox", "--linear"]
        let (lines, said) = (Pipe(), Pipe())
        process.standardInput = lines
        process.standardOutput = said
        try process.run()
        let input = lines.fileHandleForWriting.fileDescriptor
        // Nobody answers the REGISTER, so that every line after it has to wait.
        lines.fileHandleForWriting.write(Data("fault silence\nregister\n".utf8))
        var output = ""
        while !output.contains("applied") {
            let more = said.fileHandleForReading.availableData
            guard !more.isEmpty else { break }
            output += String(decoding: more, as: UTF8.self)
        }
        _ = fcntl(input, F_SETFL, O_NONBLOCK)
        let chunk = Array(String(repeating: "list\n", count: 800).utf8)
        var (taken, silence) = (0, 0)
        while taken < 1 << 20, silence < 20 {
            let count = write(input, chunk, chunk.count)
            taken += max(0, count)
            silence = count > 0 ? 0 : silence + 1
            if count <= 0 { poll(nil, 0, 20) }
        }
        #expect(taken > 0 && taken < 200_000)
        kill(process.processIdentifier, SIGQUIT)
        process.waitUntilExit()
        #expect(process.terminationStatus == 130)
    }

    @Test("Without a terminal and without a wish for lines: one line says how to run it, and exit code 2")
    func nowhere() throws {
        let (exit, output, errors) = try run(["--sandbox"], "")
        #expect(exit == 2)
        #expect(output.isEmpty)
        #expect(errors == "lastcall needs a terminal; without one: lastcall --batch FILE, or --linear for lines\n")
    }
}
