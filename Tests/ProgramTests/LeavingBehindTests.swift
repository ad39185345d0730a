import Foundation
import Glibc
import Testing

/// The real program at a registrar that is another process: what it leaves behind, however it is left.
@Suite("The receipt, however one leaves", .serialized)
struct LeavingBehindTests {
    private static let products = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    private static let program = products.appending(path: "lastcall")

    /// A registrar on a port of its own, and a folder with the configuration of a user of it.
    private final class Registrar {
        let folder: URL
        private let process = Process()
        private let lines = Pipe()

        init() throws {
            folder = URL(filePath: "/tmp/lastcall-behind-\(getpid())-\(UInt32.random(in: 0...UInt32.max))")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            process.executableURL = LeavingBehindTests.program
            process.arguments = ["--sandbox", "--linear"]
            process.standardInput = lines
            let said = Pipe()
            process.standardOutput = said
            try process.run()
            var greeting = ""
            while !greeting.contains("sandbox at 127.0.0.1:") || !greeting.hasSuffix("\n") {
                let more = said.fileHandleForReading.availableData
                guard !more.isEmpty else { throw PseudoTerminal.Failure(description: "no registrar: \(greeting)") }
                greeting += String(decoding: more, as: UTF8.self)
            }
            let port = greeting.split(separator: "sandbox at 127.0.0.1:").last?.prefix { $0.isNumber } ?? ""
            let configuration = """
                accounts:
                  - {name: carol, address: 'sip:carol@sandbox.test', server: 'sip:127.0.0.1:\(port)', password: carol-secret}
                """
            try configuration.write(to: folder.appending(path: "config.yaml"), atomically: true, encoding: .utf8)
            chmod(folder.appending(path: "config.yaml").path, 0o600)
        }
        deinit {
            try? lines.fileHandleForWriting.close()
            process.waitUntilExit()
            try? FileManager.default.removeItem(at: folder)
        }

        var arguments: [String] { ["--config", folder.appending(path: "config.yaml").path] }
        var environment: [String] { ["XDG_STATE_HOME=\(folder.path)"] }
        var receipt: String {
            (try? String(contentsOf: folder.appending(path: "lastcall/receipt.jsonl"), encoding: .utf8)) ?? ""
        }
        func silence() { lines.fileHandleForWriting.write(Data("fault silence\n".utf8)) }
    }

    @Test(
        "Left by a third Ctrl-C: the binding that nobody has taken back is in the receipt, and the next start says so")
    func thirdTime() throws {
        let registrar = try Registrar()
        let terminal = try PseudoTerminal(
            Self.program.path, registrar.arguments, environment: registrar.environment)
        try terminal.wait(for: "ClientRegistration")
        terminal.type("r")
        try terminal.wait(for: "registered for")
        registrar.silence()
        terminal.settle()
        terminal.type("\u{3}\u{3}\u{3}")
        #expect(try terminal.waitForEnd() == 130)
        #expect(registrar.receipt.contains("\"binding\":\"sip:carol@"), "\(registrar.receipt)")
        let next = try PseudoTerminal(Self.program.path, registrar.arguments, environment: registrar.environment)
        try next.wait(for: "an earlier run left carol registered")
        next.type("Q\r")
        #expect(try next.waitForEnd() == 0)
        // Still not removed, so still remembered.
        #expect(registrar.receipt.contains("\"type\":\"leftover\""))
    }

    @Test("Whoever reads the lines has stopped: what was left behind is in the receipt all the same")
    func unread() throws {
        let registrar = try Registrar()
        let process = Process()
        let (lines, said) = (Pipe(), Pipe())
        process.executableURL = Self.program
        process.arguments = registrar.arguments + ["--linear"]
        process.environment = [
            "XDG_STATE_HOME": registrar.folder.path, "PATH": "/usr/bin:/bin", "HOME": "/nonexistent",
        ]
        process.standardInput = lines
        process.standardOutput = said
        try process.run()
        lines.fileHandleForWriting.write(Data("register\n".utf8))
        var output = ""
        while !output.contains("registered for") {
            let more = said.fileHandleForReading.availableData
            guard !more.isEmpty else { break }
            output += String(decoding: more, as: UTF8.self)
        }
        registrar.silence()
        // More than the pipe holds.
        lines.fileHandleForWriting.write(Data(String(repeating: "help\n", count: 100).utf8))
        poll(nil, 0, 300)
        kill(process.processIdentifier, SIGTERM)
        process.waitUntilExit()
        #expect(process.terminationStatus == 7)
        #expect(registrar.receipt.contains("\"binding\":\"sip:carol@"), "\(registrar.receipt)")
    }
}
