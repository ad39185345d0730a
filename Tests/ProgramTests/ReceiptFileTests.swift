import DialogUsage
import Glibc
import SIPMessage
import SansIO
import SoftphoneCore
import Testing

@testable import lastcall

@Suite("The receipt on disk, from one run to the next")
struct ReceiptFileTests {
    private static func folder() -> String {
        var template = Array("/tmp/lastcall-receipt-XXXXXX".utf8CString)
        return mkdtemp(&template).map { String(cString: $0) } ?? ""
    }

    @Test("What a registrar may keep is found by the next run, as long as it may be there")
    func roundTrip() throws {
        let folder = Self.folder()
        defer { Self.remove(folder) }
        let file = try #require(
            ReceiptFile(environment: ["XDG_STATE_HOME": folder + "/state", "HOME": "/nonexistent"]))
        #expect(file.path == folder + "/state/lastcall/receipt.jsonl")
        #expect(file.leftovers(at: .zero).isEmpty)
        let now = Instant.zero + .seconds(1)
        let contact = try AnyURI(parsing: "sip:alice@192.0.2.7:5060")
        let carried = [
            Leftover(account: "alice", contact: contact, until: nil),
            Leftover(account: "old", contact: contact, until: now - .seconds(3_600)),
        ]
        file.keep(.empty(.graceful), names: [:], carried: carried)
        #expect(file.leftovers(at: now) == [carried[0]])
        var facts = stat()
        #expect(stat(file.path, &facts) == 0 && facts.st_mode & 0o777 == 0o600)
    }

    @Test(
        "Whatever stands in the file, the program starts", arguments: ["", "{", "\"binding\":\"", "\u{0}\u{1}", "- a"])
    func damaged(text: String) throws {
        let folder = Self.folder()
        defer { Self.remove(folder) }
        let file = try #require(ReceiptFile(environment: ["XDG_STATE_HOME": folder]))
        file.keep(.empty(.graceful), names: [:], carried: [])
        let descriptor = open(file.path, O_WRONLY | O_TRUNC)
        OutputFiles.write(text + "\n{\"binding\":\"not a uri\",\"account\":\"a\"}\n", to: descriptor)
        close(descriptor)
        #expect(file.leftovers(at: .zero).isEmpty)
    }

    @Test("Without a place for state nothing is kept, and nobody complains")
    func nowhere() {
        #expect(ReceiptFile(environment: [:]) == nil)
        #expect(ReceiptFile(environment: ["XDG_STATE_HOME": "relative"]) == nil)
        let file = ReceiptFile(environment: ["HOME": "/proc/nowhere"])
        file?.keep(.empty(.graceful), names: [:], carried: [])
        #expect(file?.leftovers(at: .zero).isEmpty == true)
    }

    private static func remove(_ folder: String) {
        for part in ["/state/lastcall/receipt.jsonl", "/lastcall/receipt.jsonl"] { unlink(folder + part) }
        for part in ["/state/lastcall", "/state", "/lastcall", ""] { rmdir(folder + part) }
    }
}
