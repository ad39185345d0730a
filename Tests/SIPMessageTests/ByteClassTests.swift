@testable import SIPMessage
import Testing

@Suite("Classes of octets")
struct ByteClassTests {
    private static let alphanumeric = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    private static let mark = "-_.!~*'()"

    @Test("Each class holds what the grammar says and nothing else (RFC 3261 §25.1)")
    func contents() {
        let expected: [(ByteClass, String)] = [
            (.token, Self.alphanumeric + "-.!%*_+`'~"), (.word, Self.alphanumeric + "-.!%*_+`'~()<>:\\\"/[]?{}"),
            (.user, Self.alphanumeric + Self.mark + "&=+$,;?/"), (.password, Self.alphanumeric + Self.mark + "&=+$,"),
            (.uriParameter, Self.alphanumeric + Self.mark + "[]/:&+$"),
            (.uriHeader, Self.alphanumeric + Self.mark + "[]/?:+$"),
            (.unreserved, Self.alphanumeric + Self.mark), (.hostname, Self.alphanumeric + "-._"),
            (.ipv6, "0123456789abcdefABCDEF:."),
            (.scheme, Self.alphanumeric + "+-."), (.parameterValue, Self.alphanumeric + "-.!%*_+`'~[]:"),
        ]
        for (set, characters) in expected {
            #expect((0...255).filter { set.contains(UInt8($0)) } == characters.utf8.map(Int.init).sorted())
        }
    }

    @Test("A run found eight octets at a time ends where one found octet by octet ends")
    func runs() {
        for position in 0..<20 {
            for byte in 0...255 {
                var bytes = [UInt8](repeating: UInt8(ascii: "z"), count: 24)
                bytes[position] = UInt8(byte)
                let expected = bytes.firstIndex { !ByteClass.token.contains($0) } ?? 24
                #expect(bytes.span.endOfRun(of: .token, from: 0, to: 24) == expected)
                #expect(bytes.span.firstControl(from: 0, to: 24) == bytes.firstIndex { $0 < 14 } ?? 24)
                #expect(bytes.span.first(UInt8(byte), from: 0, to: 24) == bytes.firstIndex(of: UInt8(byte)) ?? 24)
            }
        }
    }

    @Test("Every known field is found by its names in any case, and by nothing else")
    func fieldTable() {
        for field in KnownField.allCases where field != .other {
            #expect(FieldName(field.name.uppercased()).known == field)
            #expect(FieldName(field.name + "x").known == .other)
            var twisted = Array(field.name.utf8)
            twisted[twisted.count / 2] ^= 1
            #expect(FieldName(String(decoding: twisted, as: UTF8.self)).known != field)
        }
    }
}
