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

    @Test("32 parts and four levels are read, more are refused (hardening.md section 1)")
    func limits() throws {
        let part = "--b\r\n\r\nx\r\n"
        #expect(try Self.message(String(repeating: part, count: 32) + "--b--").bodyPart().parts.count == 32)
        #expect(throws: SIPParseError.self) {
            try Self.message(String(repeating: part, count: 33) + "--b--").bodyPart()
        }
        #expect(try Self.message(Self.nested(3), boundary: "b3").bodyPart().leaves.count == 1)
        #expect(throws: SIPParseError.self) { try Self.message(Self.nested(4), boundary: "b4").bodyPart() }
        let longest = String(repeating: "b", count: 70)
        #expect(
            try Self.message("--\(longest)\r\n\r\nx\r\n--\(longest)--", boundary: longest).bodyPart().parts.count == 1)
    }

    @Test(
        "What is not closed or has no boundary is refused",
        arguments: [
            ("--b\r\n\r\nx", "b"), ("x", "b"), ("--b--", ""), ("--b\r\nx\r\n--b--", "b"),
            ("", String(repeating: "b", count: 71)),
        ])
    func refused(body: String, boundary: String) throws {
        let message = try Self.message(body, boundary: boundary)
        #expect(throws: SIPParseError.self) { try message.bodyPart() }
    }
}
