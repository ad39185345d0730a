import Foundation
import Glibc
import Testing

@Suite("Log files that are moved away", .serialized)
struct RotationTests {
    private static let products = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()

    @Test(
        "SIGUSR1: what comes after goes to a file of the same name, in lines and in a script", arguments: [true, false])
    func reopened(isLinear: Bool) throws {
        let folder = URL(filePath: "/tmp/lastcall-rotation-\(getpid())-\(isLinear)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func file(_ name: String) -> String { folder.appending(path: name).path }
        func text(_ name: String) -> String { (try? String(contentsOfFile: file(name), encoding: .utf8)) ?? "" }
        let process = Process()
        let (lines, said) = (Pipe(), Pipe())
        process.executableURL = Self.products.appending(path: "lastcall")
        process.arguments = ["--sandbox", "--log", file("log"), "--trace", file("trace")]
        process.arguments? += isLinear ? ["--linear"] : ["--batch", file("script")]
        try "register\nsleep 1s\nunregister\n".write(toFile: file("script"), atomically: true, encoding: .utf8)
        (process.standardInput, process.standardOutput, process.standardError) = (lines, said, said)
        try process.run()
        if isLinear { lines.fileHandleForWriting.write(Data("register\n".utf8)) }
        for _ in 0..<1_000 where !text("log").contains("reg.ok") { poll(nil, 0, 5) }
        for name in ["log", "trace"] { rename(file(name), file(name + ".1")) }
        kill(process.processIdentifier, SIGUSR1)
        for _ in 0..<1_000 where access(file("trace"), F_OK) != 0 || access(file("log"), F_OK) != 0 { poll(nil, 0, 5) }
        try lines.fileHandleForWriting.close()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(text("log.1").contains("reg.ok") && !text("log.1").contains("reg.removed"))
        #expect(text("log").contains("reg.removed") && text("log").contains("\"type\":\"end\""))
        #expect(text("trace.1").contains("REGISTER ") && text("trace").contains("REGISTER "))
        var facts = stat()
        #expect(stat(file("log"), &facts) == 0 && facts.st_mode & 0o777 == 0o600)
    }
}
