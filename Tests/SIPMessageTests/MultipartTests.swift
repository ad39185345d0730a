import SIPMessage
import Testing

@Suite("Multipart bodies")
struct MultipartTests {
    private static func message(_ body: String, boundary: String = "b") throws -> SIPMessage {
        try Samples.message([("Content-Type", ["c: multipart/mixed;boundary=\"\(boundary)\""])], body: body)
    }

    @Test("Preamble and epilogue are left out; a line that only begins like a delimiter is text (RFC 2046 §5.1)")
    func parts() throws {
        let body =
            "preamble\r\n--b\r\nContent-Type: text/plain\r\n\r\n--bx\r\nx\r\n--b  \r\n\r\n\r\n--b--\r\nepilogue --b"
        let parts = try Self.message(body).bodyPart().parts
        #expect(parts.map { String(decoding: $0.body, as: UTF8.self) } == ["--bx\r\nx", ""])
        #expect(parts.map { $0.contentType?.essence } == ["text/plain", nil])
    }

    @Test("A body that is not multipart is one part")
    func single() throws {
        let part = try Samples.message([("Content-Type", ["c: text/plain"])], body: "x").bodyPart()
        #expect(part.leaves.map(\.body) == [[UInt8(ascii: "x")]])
    }

    private static func nested(_ depth: Int) -> String {
        depth == 0
            ? "--b0\r\n\r\nx\r\n--b0--"
            : "--b\(depth)\r\nContent-Type: multipart/mixed;boundary=b\(depth - 1)\r\n\r\n\(nested(depth - 1))\r\n--b\(depth)--"
    }

    @Test("32 parts and four levels are read, more are refused (H-025, hardening.md section 1)")
    func limits() throws {
        let part = "--b\r\n\r\nx\r\n"
        #expect(try Self.message(String(repeating: part, count: 32) + "--b--").bodyPart().parts.count == 32)
        #expect(throws: SIPParseError.self) {
            try Self.message(String(repeating: part, count: 33) + "--b--").bodyPart()
        }
        #expect(try Self.message(Self.nested(3), boundary: "b3").bodyPart().leaves.count == 1)
        #expect(throws: SIPParseError.self) { try Self.message(Self.nested(4), boundary: "b4").bodyPart() }
        // As many as a datagram holds: each level opens, and none is closed.
        let opening = (0..<900).map {
            "--b\($0)\r\nContent-Type: multipart/mixed;boundary=b\($0 + 1)\r\n\r\n"
        }.joined()
        #expect(throws: SIPParseError.self) { try Self.message(opening, boundary: "b0").bodyPart() }
        let empty = String(repeating: "--b\r\n\r\n", count: 7_000)
        #expect(throws: SIPParseError.self) { try Self.message(empty + "--b--").bodyPart() }
        let longest = String(repeating: "b", count: 70)
        #expect(
            try Self.message("--\(longest)\r\n\r\nx\r\n--\(longest)--", boundary: longest).bodyPart().parts.count == 1)
    }

    @Test(
        "What is not closed, has no boundary or half a part is refused (H-024)",
        arguments: [
            ("--b\r\n\r\nx", "b"), ("x", "b"), ("--b--", ""), ("--b\r\nx\r\n--b--", "b"), ("--", "b"), ("--b", "b"),
            ("-", "-"), ("--b\n\nx\n--b--\n", "b"), ("--b\r\nContent-Type: text/plain\r\n--b--", "b"),
            ("--b\r\nContent-Type text\r\n\r\nx\r\n--b--", "b"), ("--b\r\n: x\r\n\r\nx\r\n--b--", "b"), ("--b-", "b"),
            ("--b\r\n--b--", "b"),
            ("--b\r\n\r\nx\r\n--b-", "b"), ("--b", "b "), ("--b--", String(repeating: "b", count: 71)), ("", "b"),
        ])
    func refused(body: String, boundary: String) throws {
        let message = try Self.message(body, boundary: boundary)
        #expect(throws: SIPParseError.self) { try message.bodyPart() }
    }

    @Test("A boundary in the last octet, no part and parts without fields or body are read as they stand (H-024)")
    func borders() throws {
        #expect(try Self.message("--b--").bodyPart().parts.isEmpty)
        #expect(try Self.message("--b\r\n\r\n\r\n--b\r\n\r\n\r\n--b--").bodyPart().parts.map(\.body) == [[], []])
        let typed = try Self.message("--b\r\nContent-Type: text/plain\r\n\r\n\r\n--b--").bodyPart()
        #expect(typed.parts.map { $0.contentType?.essence } == ["text/plain"])
    }

    @Test("Every prefix of a multipart body is refused until its last delimiter is whole (H-024)")
    func prefixes() throws {
        let whole = Self.nested(3) + "\r\n"
        for count in 0...whole.utf8.count {
            let prefix = String(whole.prefix(count))
            let message = try Self.message(prefix, boundary: "b3")
            if prefix.contains("--b3--") {
                #expect(try message.bodyPart().leaves.count == 1, "\(count)")
            } else {
                #expect(throws: SIPParseError.self, "\(count)") { try message.bodyPart() }
            }
        }
    }

    @Test(
        "A Content-Type that is none is refused (H-028)",
        arguments: [
            "text", "text/", "/plain", "text/plain;", "text/plain;x", "a b/c", "text/plain;charset=\"x", "", ";a=b",
            "text%2Fplain", "text/plain%0D%0AVia: x", "text/plain;x=y z",
        ])
    func contentTypes(text: String) throws {
        let message = try Samples.message([("Content-Type", ["Content-Type: \(text)"])], body: "x")
        if text == "text/plain;x" {
            #expect(try message.contentType()?.parameters.has("x") == true)
        } else {
            #expect(throws: SIPParseError.self) { try message.contentType() }
            #expect(throws: SIPParseError.self) { try message.bodyPart() }
        }
    }

    @Test("A Content-Type of a thousand parameters is one, or too long a line (H-028)")
    func manyParameters() throws {
        let many = "text/plain" + String(repeating: ";x=y", count: 1_000)
        #expect(try Samples.message([("X", ["Content-Type: \(many)"])]).contentType()?.essence == "text/plain")
        let tooMany = "text/plain" + String(repeating: ";x=y", count: 10_000)
        #expect(try Samples.refusal([("X", ["Content-Type: \(tooMany)"])]) == .tooLong)
    }
}
