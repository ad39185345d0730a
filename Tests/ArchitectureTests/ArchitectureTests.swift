import Foundation
import Testing

/// The purity fence: what makes every other test possible.
@Suite("Architecture")
struct ArchitectureTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardizedFileURL
    static let pure = [
        "SansIO", "SIPMessage", "SDP", "EventPackages", "SIPTransaction", "Media", "DialogUsage", "SoftphoneCore",
        "Sandbox", "Simulation", "TerminalUI", "BatchScript",
    ]
    /// Words that reach for a clock, a thread, a file, a socket, a lock or a source of randomness.
    static let forbidden = [
        "Task {", "Task.", "await ", " async ", "Date()", "Clock()", ".now()", "SystemRandomNumberGenerator", "Thread.",
        ".random(in:", ".randomElement", ".shuffled()", "DispatchQueue", "Mutex", "Lock()", "FileManager", "FileHandle",
        "getenv", "socket(", "pthread",
    ]

    static func files(of target: String) throws -> [(name: String, text: String)] {
        let folder = root.appending(path: "Sources/\(target)")
        let found = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.compactMap {
            $0 as? URL
        }
        return try (found ?? []).filter { $0.pathExtension == "swift" }.map {
            ($0.lastPathComponent, try String(contentsOf: $0, encoding: .utf8))
        }
    }

    /// The table "What each target may import" of Sources/README.md.
    static func allowedImports() throws -> [String: Set<String>] {
        let text = try String(contentsOf: root.appending(path: "Sources/README.md"), encoding: .utf8)
        var table: [String: Set<String>] = [:]
        for line in text.split(separator: "\n") where line.hasPrefix("| `") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count >= 2 else { continue }
            let names = { (cell: String) in
                Set(cell.split(separator: "`").enumerated().filter { $0.offset % 2 == 0 }.map { String($0.element) })
            }
            guard let target = names(cells[0]).first(where: { !$0.isEmpty }) else { continue }
            table[target] = names(cells[1]).filter {
                !$0.contains(",") && !$0.contains(" ") && !$0.isEmpty && $0 != "–"
            }
        }
        return table
    }

    @Test("Below the fence nothing reaches for a clock, a thread, a lock, a file, a socket or chance", arguments: pure)
    func isPure(target: String) throws {
        let files = try Self.files(of: target)
        #expect(!files.isEmpty)
        for file in files {
            let code = file.text.split(separator: "\n").filter { line in
                let trimmed = line.drop { $0 == " " }
                return !trimmed.hasPrefix("//")
            }.joined(separator: "\n")
            for word in Self.forbidden { #expect(!code.contains(word), "\(file.name) has \(word)") }
        }
    }

    @Test("Nothing is run but what the configuration names, and that without a shell (H-118, H-119)")
    func processes() throws {
        let starts = ["posix_spawn", "popen(", "system(", "execv", "execl", "Process(", "/bin/sh", "xdg-open"]
        for target in try Self.allowedImports().keys {
            for file in try Self.files(of: target) where file.name != "PasswordCommand.swift" {
                for word in starts {
                    #expect(!file.text.contains(word), "\(target)/\(file.name) has \(word)")
                }
            }
        }
        let only = try #require(try Self.files(of: "lastcall").first { $0.name == "PasswordCommand.swift" })
        #expect(only.text.contains("posix_spawnp(") && !only.text.contains("/bin/sh"))
    }

    @Test("Tables of what comes from outside are hashed by the seeded hasher of the standard library (H-134)")
    func hashing() throws {
        for target in try Self.allowedImports().keys {
            for file in try Self.files(of: target) {
                for word in ["hashValue", "_rawHashValue", "DETERMINISTIC_HASHING", "djb2", "fnv"] {
                    #expect(!file.text.contains(word), "\(target)/\(file.name) has \(word)")
                }
            }
        }
    }

    @Test("Each target imports what Sources/README.md lists for it, all of it and nothing else")
    func importsAreListed() throws {
        let allowed = try Self.allowedImports()
        for target in try FileManager.default.contentsOfDirectory(atPath: Self.root.appending(path: "Sources").path) {
            let files = try Self.files(of: target)
            guard !files.isEmpty else { continue }
            let list = try #require(allowed[target], "Sources/README.md does not list \(target)")
            var imported: Set<String> = []
            for file in files {
                for line in file.text.split(separator: "\n") {
                    let words = line.split(separator: " ")
                    guard let at = words.firstIndex(of: "import"), at <= 2, words.count > at + 1,
                        words[..<at].allSatisfy({
                            ["package", "public", "internal", "private", "@testable"].contains($0)
                        })
                    else { continue }
                    let module = String(words[words.endIndex - 1]).split(separator: ".").first.map(String.init) ?? ""
                    #expect(list.contains(module), "\(target)/\(file.name) imports \(module)")
                    imported.insert(module)
                }
            }
            #expect(list.subtracting(imported) == [], "listed for \(target), and imported nowhere")
        }
    }

    @Test("Only UserAgent says public; and SansIO of the box that other modules must be able to specialise")
    func onlyUserAgentIsPublic() throws {
        for target in Self.pure + ["Runtime", "CursesTerminal"] {
            for file in try Self.files(of: target) where (target, file.name) != ("SansIO", "Boxed.swift") {
                let lines = file.text.split(separator: "\n").filter { $0.drop { $0 == " " }.hasPrefix("public ") }
                #expect(lines.isEmpty, "\(target)/\(file.name) is public: \(lines.first ?? "")")
            }
        }
    }

    @Test("No test below the runtime sleeps on the wall clock")
    func noTestSleeps() throws {
        let tests = Self.root.appending(path: "Tests")
        let found = FileManager.default.enumerator(at: tests, includingPropertiesForKeys: nil)?.compactMap {
            $0 as? URL
        }
        for file in found ?? [] where file.pathExtension == "swift" {
            let path = file.path
            guard !path.contains("RuntimeTests"), !path.contains("ArchitectureTests") else { continue }
            let text = try String(contentsOf: file, encoding: .utf8)
            for word in ["Task.sleep", "usleep(", "nanosleep(", "Thread.sleep"] {
                #expect(!text.contains(word), "\(file.lastPathComponent) sleeps")
            }
        }
    }

    @Test("Nothing below the fence traps on what comes from outside: no try!, no as!, no fatalError", arguments: pure)
    func nothingTraps(target: String) throws {
        for file in try Self.files(of: target) {
            for word in ["try!", "as!", "fatalError("] {
                #expect(!file.text.contains(word), "\(file.name) has \(word)")
            }
        }
    }
}
