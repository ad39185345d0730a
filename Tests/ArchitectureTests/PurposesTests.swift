import Foundation
import Testing

/// The table of test purposes in Tests/README.md, beside the numbers that stand in the names of the tests.
@Suite("Test purposes")
struct PurposesTests {
    private static let tests = ArchitectureTests.root.appending(path: "Tests")
    private static let purposes = ArchitectureTests.root.appending(path: "../shared/conformance/test-purposes.md")
    private static let command = "run: scripts/purposes --write"

    /// `| SYN | 001–032 | 30 of 32 | 6 of 7 | 004 ★: why; not yet: 020 |`
    struct Row {
        var group: String
        var numbers: ClosedRange<Int>
        var withTest: Int
        /// Of those with a star; nil: the group has none.
        var stars: (withTest: Int, all: Int)?
        var missing: Set<Int>
        var missingStars: Set<Int>
    }

    private static func table() throws -> [Row] {
        let text = try String(contentsOf: tests.appending(path: "README.md"), encoding: .utf8)
        let table = try #require(text.firstMatch(of: #/<!-- purposes: begin -->(?s:(.*?))<!-- purposes: end -->/#))
            .output.1
        let rows = table.matches(
            of: #/\| (\w+) \| (\d+)–(\d+) \| (\d+) of (\d+) \| (?:(\d+) of (\d+) )?\| ?(.*?) ?\|\n/#)
        return try rows.map { row in
            let numbers = try #require(Int(row.output.2))...(try #require(Int(row.output.3)))
            #expect(Int(row.output.5) == numbers.count, "\(row.output.1) has another number of purposes")
            var stars: (Int, Int)?
            if let some = row.output.6.flatMap({ Int($0) }), let all = row.output.7.flatMap({ Int($0) }) {
                stars = (some, all)
            }
            // Numbers of three digits that stand alone are purposes; a reason must not hold any.
            let missing = row.output.8.matches(of: #/\b(\d{3})( ★)?(?=[,:;]|$)/#)
            return Row(
                group: String(row.output.1), numbers: numbers, withTest: try #require(Int(row.output.4)),
                stars: stars, missing: Set(missing.compactMap { Int($0.output.1) }),
                missingStars: Set(missing.filter { $0.output.2 != nil }.compactMap { Int($0.output.1) }))
        }
    }

    /// The numbers in the display names of all tests that are not disabled, by group.
    static func numbered() throws -> [String: Set<Int>] {
        var found: [String: Set<Int>] = [:]
        let files = FileManager.default.enumerator(at: tests, includingPropertiesForKeys: nil)?.compactMap {
            $0 as? URL
        }
        for file in files ?? [] where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            for test in text.matches(of: #/@Test\(\s*"((?:[^"\\]|\\.)*)"(?s:(.*?))\bfunc /#) {
                guard !test.output.2.contains(".disabled(") else { continue }
                for number in test.output.1.matches(of: #/\b([A-Z]{3}|H)-(\d{3})\b/#) {
                    found[String(number.output.1), default: []].insert(try #require(Int(number.output.2)))
                }
                let shutdown = test.output.1.prefixMatch(of: #/(\d{1,3}(?:(?:, | and )\d{1,3})*)\. /#)?.output.1
                for number in (shutdown ?? "").matches(of: #/\d+/#) {
                    found["shutdown", default: []].insert(try #require(Int(number.output)))
                }
            }
        }
        return found
    }

    @Test("The table of Tests/README.md says which purposes have a test")
    func tableIsTrue() throws {
        let found = try Self.numbered()
        let table = try Self.table()
        #expect(table.count == 31)
        for row in table {
            let numbers = found[row.group] ?? []
            let foreign = numbers.subtracting(row.numbers)
            #expect(foreign.isEmpty, "\(row.group) has no purposes \(foreign.sorted()); mend the names of their tests")
            let withTest = numbers.intersection(row.numbers)
            let missing = Set(row.numbers).subtracting(withTest)
            #expect(row.withTest == withTest.count, "\(row.group): \(Self.command)")
            #expect(row.missing == missing, "\(row.group): \(Self.command)")
            if let stars = row.stars {
                #expect(stars.withTest == stars.all - row.missingStars.count, "\(row.group): \(Self.command)")
            } else {
                #expect(row.missingStars.isEmpty, "\(row.group): \(Self.command)")
            }
        }
    }

    @Test("The table of Tests/README.md has the purposes of their page, and its stars", .enabled(if: isOnPage))
    func tableIsComplete() throws {
        let page = try String(contentsOf: Self.purposes, encoding: .utf8)
        var all: [String: Set<Int>] = [:]
        var stars: [String: Set<Int>] = [:]
        for line in page.split(separator: "\n") {
            guard let purpose = line.prefixMatch(of: #/\| ([A-Z]{3})-(\d{3})( ★)? \|/#) else { continue }
            let (group, number) = (String(purpose.output.1), try #require(Int(purpose.output.2)))
            all[group, default: []].insert(number)
            if purpose.output.3 != nil { stars[group, default: []].insert(number) }
        }
        #expect(!all.isEmpty)
        for row in try Self.table() where row.group != "H" && row.group != "shutdown" {
            #expect(all.removeValue(forKey: row.group) == Set(row.numbers), "\(row.group): \(Self.command)")
            #expect((row.stars?.all ?? 0) == (stars[row.group] ?? []).count, "\(row.group): \(Self.command)")
            #expect(
                row.missingStars == row.missing.intersection(stars[row.group] ?? []), "\(row.group): \(Self.command)")
        }
        #expect(all.isEmpty)
    }

    private static var isOnPage: Bool { FileManager.default.fileExists(atPath: purposes.path) }

    @Test("Every reason is for a purpose that has no test")
    func reasonsAreNeeded() throws {
        let text = try String(contentsOf: Self.tests.appending(path: "README.md"), encoding: .utf8)
        let reasons = try #require(text.split(separator: "### Why some have none").last)
        let table = try Self.table()
        for reason in reasons.matches(of: #/\n\| ([A-Z]{3}|H|shutdown) (\S.*?) \| (.+?) \|/#) {
            let row = try #require(table.first { $0.group == reason.output.1 }, "no group \(reason.output.1)")
            if reason.output.2 == "all" {
                #expect(!row.missing.isEmpty, "\(row.group) has its tests: take its reason out")
            } else {
                let numbers = Set(reason.output.2.matches(of: #/\d+/#).compactMap { Int($0.output) })
                #expect(!numbers.isEmpty)
                #expect(numbers.isSubset(of: row.missing), "\(row.group) \(numbers.sorted()): take the reason out")
            }
        }
    }
}
