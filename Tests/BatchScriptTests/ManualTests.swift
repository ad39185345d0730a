import Foundation
import Testing

@Suite("The page of the scripts")
struct ManualTests {
    private static let page = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Sources/Manual/scripts.md")

    @Test("Every example of it is a script")
    func examples() throws {
        let parts = try String(contentsOf: Self.page, encoding: .utf8).components(separatedBy: "```")
        let examples = stride(from: 1, to: parts.count, by: 2).map { parts[$0] }.filter { $0.hasPrefix("batch\n") }
        #expect(examples.count >= 2)
        for example in examples {
            let text = String(example.dropFirst(6))
            #expect(Lab.errors(in: text).isEmpty, "\(Lab.errors(in: text))")
        }
    }
}
