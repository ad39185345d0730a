import Foundation
import Testing
import TerminalUI

@testable import lastcall

/// `scripts/docs` sets LASTCALL_WRITE_PAGES, and then the pages are written and not compared.
@Suite("Pages made from the tables of commands and of the configuration")
struct PagesTests {
    @Test(
        "The pages, the manual page and the schema say what the tables say",
        arguments: [
            ("Sources/Manual/commands.md", CommandsPage.markdown), ("Sources/Manual/lastcall.1", ManualPage.text),
            ("Sources/Manual/configuration.md", ConfigurationPage.markdown),
            ("Sources/Manual/config.schema.json", ConfigurationSchema.text),
        ])
    func same(path: String, text: String) throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = root.appendingPathComponent(path)
        if ProcessInfo.processInfo.environment["LASTCALL_WRITE_PAGES"] != nil {
            try Data(text.utf8).write(to: file)
        } else {
            let written = try String(contentsOf: file, encoding: .utf8)
            #expect(written == text, "\(path) is not of these tables; scripts/docs makes it again")
        }
    }
}
