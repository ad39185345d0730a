import Foundation
import Testing

/// The example of the library, as its user would run it, in the sandbox of the program.
@Suite("The example", .serialized)
struct ExampleTests {
    /// Where the build has put the tests, and the programs beside them.
    private static let products = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()

    @Test("Forty lines register, watch, call and leave in order")
    func example() throws {
        let sandbox = Process()
        sandbox.executableURL = Self.products.appending(path: "lastcall")
        sandbox.arguments = ["--sandbox", "--batch", "-"]
        let (script, said) = (Pipe(), Pipe())
        sandbox.standardInput = script
        sandbox.standardOutput = said
        sandbox.standardError = said
        try sandbox.run()
        script.fileHandleForWriting.write(Data("sleep 60s\n".utf8))
        try script.fileHandleForWriting.close()
        defer {
            sandbox.terminate()
            sandbox.waitUntilExit()
        }
        let port = try #require(Self.port(said.fileHandleForReading))

        let example = Process()
        example.executableURL = Self.products.appending(path: "lastcall-example")
        example.arguments = ["sip:carol@sandbox.test", "sip:127.0.0.1:\(port)", "carol-secret", "sip:bob@sandbox.test"]
        let output = Pipe()
        example.standardOutput = output
        try example.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        example.waitUntilExit()
        #expect(example.terminationStatus == 0)
        for line in [
            "registered for", "watching: active", "connected", "creg-1: local(status: Optional(200))", "clean",
        ] {
            #expect(text.contains(line), "\(line) is not in: \(text)")
        }
        #expect(!text.contains("not clean"))
    }

    @Test("It has no more than forty lines")
    func length() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Sources/lastcall-example/Example.swift")
        #expect(try String(contentsOf: file, encoding: .utf8).split(separator: "\n").count <= 40)
    }

    /// From the line `sandbox: udp,tcp 127.0.0.1:PORT`.
    private static func port(_ output: FileHandle) -> Int? {
        var text = ""
        while !text.contains(#/sandbox: .*\n/#) {
            let more = output.availableData
            guard !more.isEmpty else { return nil }
            text += String(decoding: more, as: UTF8.self)
        }
        let line = text.split(separator: "\n").first { $0.contains("sandbox: ") }
        return line?.split(separator: ":").last.flatMap { Int($0.trimmingCharacters(in: .whitespaces)) }
    }
}
