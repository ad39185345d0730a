import Foundation
import Testing

/// Every script of `scripts/examples`, as its user would run it: the real program, its own sandbox, real sockets.
@Suite("The example scripts", .serialized)
struct ExampleScriptTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../scripts/examples").standardizedFileURL
    private static let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appending(path: "lastcall")
    private static let scripts: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".batch") }.sorted()
    }()

    private func run(_ arguments: [String], _ variables: [String: String] = [:]) throws -> (code: Int32, output: String)
    {
        let process = Process()
        process.executableURL = Self.program
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(variables) { $1 }
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }

    @Test("There are enough of them, and each says in its first lines how it is run")
    func complete() throws {
        #expect(Self.scripts.count >= 15)
        for script in Self.scripts {
            let text = try String(contentsOf: Self.folder.appending(path: script), encoding: .utf8)
            #expect(text.contains("scripts/run --sandbox --batch scripts/examples/\(script)"), "\(script)")
        }
    }

    @Test("Each does its job, says how it went, and leaves nothing", arguments: scripts)
    func example(_ script: String) throws {
        let out = FileManager.default.temporaryDirectory.appending(path: "lastcall-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: out, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: out) }
        let (code, output) = try run(
            [
                "--sandbox", "--batch", Self.folder.appending(path: script).path, "--output", "jsonl", "--timeout",
                "60s",
            ], ["OUT": out.path])
        #expect(code == (script == "crashed-presence.batch" ? 7 : 0), "\(output.suffix(4_000))")
        #expect(output.split(separator: "\n").last?.contains("\"type\":\"end\"") == true)
        if script == "evidence.batch" {
            for file in ["state.json", "screen.txt", "ladder.txt", "call.pcap", "call.wav"] {
                let size = try Data(contentsOf: out.appending(path: file)).count
                #expect(size > 50, "\(file)")
            }
            #expect(try String(contentsOf: out.appending(path: "screen.txt"), encoding: .utf8).contains("lastcall"))
        }
    }

    @Test("Each is a script to --check, and to --dry-run", arguments: scripts)
    func checked(_ script: String) throws {
        let path = Self.folder.appending(path: script).path
        let check = try run(["--sandbox", "--check", path], ["OUT": "/tmp"])
        #expect(check.code == 0)
        #expect(check.output.contains("no errors"))
        let plan = try run(["--sandbox", "--dry-run", "--batch", path], ["OUT": "/tmp"])
        #expect(plan.code == 0)
        #expect(plan.output.contains("shutdown"))
    }

    @Test("A script that is none: 2, with the last record that its format has")
    func wrong() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).batch")
        try Data("regster\n".utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        for (format, begin, code) in [
            ("jsonl", "{\"v\":1,\"type\":\"end\"", 2), ("tap", "Bail out!", 2), ("junit", "<?xml", 2),
            ("nagios", "SIP UNKNOWN - ", 3),
        ] as [(String, String, Int32)] {
            let (exit, output) = try run(["--batch", file.path, "--output", format])
            #expect(exit == code)
            #expect(output.hasPrefix(begin), "\(output)")
        }
        #expect(try run(["--check", file.path]).code == 2)
    }
}
