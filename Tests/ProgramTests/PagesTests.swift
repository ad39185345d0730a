import Foundation
import Testing
import TerminalUI

@testable import lastcall

/// `scripts/docs` sets LASTCALL_WRITE_PAGES, and then the pages are written and not compared.
@Suite("Pages made from the command table")
struct PagesTests {
    @Test(
        "The commands page and the manual page say what the table says",
        arguments: [
            ("Sources/Manual/commands.md", CommandsPage.markdown), ("Sources/Manual/lastcall.1", ManualPage.text),
        ])
    func same(path: String, text: String) throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = root.appendingPathComponent(path)
        if ProcessInfo.processInfo.environment["LASTCALL_WRITE_PAGES"] != nil {
            try Data(text.utf8).write(to: file)
        } else {
            let written = try String(contentsOf: file, encoding: .utf8)
            #expect(written == text, "\(path) is not of this table; scripts/docs makes it again")
        }
    }
}
