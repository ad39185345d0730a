import Foundation
import Testing

/// The table that puts our DUM beside reSIProcate's names only tests that there are.
@Suite("Beside reSIProcate's DUM")
struct ComparisonTests {
    private struct Row {
        var number: Int
        var ours: String
        var tests: [String]
    }

    private static func rows() throws -> [Row] {
        let file = ArchitectureTests.root.appending(path: "Sources/UserAgent/UserAgent.docc/BesideReSIProcate.md")
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "|", omittingEmptySubsequences: false).map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            guard cells.count == 7, let number = Int(cells[1]) else { return nil }
            let tests = cells[5].split(separator: ",").map {
                $0.trimmingCharacters(in: .whitespaces).replacing("`", with: "")
            }
            return Row(number: number, ours: cells[4], tests: tests)
        }
    }

    /// The display name of every test.
    private static func names() throws -> [String] {
        let tests = ArchitectureTests.root.appending(path: "Tests")
        let found = FileManager.default.enumerator(at: tests, includingPropertiesForKeys: nil)?.compactMap {
            $0 as? URL
        }
        return try (found ?? []).filter { $0.pathExtension == "swift" }.flatMap { file in
            let text = try String(contentsOf: file, encoding: .utf8)
            return text.matches(of: #/@(?:Test|Suite)\(\s*"((?:[^"\\]|\\.)*)"/#).map { String($0.1) }
        }
    }

    @Test("All 69 rows are there, each once")
    func complete() throws {
        #expect(try Self.rows().map(\.number) == Array(1...69))
    }

    @Test("Each test that the table names is there, and each row that claims something names one")
    func namedTestsExist() throws {
        let names = try Self.names()
        for row in try Self.rows() {
            if row.tests.isEmpty {
                let isNoClaim = row.ours.contains("*later*") || row.ours.hasPrefix("no")
                #expect(isNoClaim, "row \(row.number) claims \(row.ours) and names no test")
            }
            for test in row.tests {
                let isPurpose = test.wholeMatch(of: #/[A-Z]{3}-\d{3}/#) != nil
                let found = names.contains { name in
                    isPurpose ? name.contains(test) : name.hasPrefix(test) || name.contains(" \(test)")
                }
                #expect(found, "row \(row.number): no test is named \(test)")
            }
        }
    }
}
