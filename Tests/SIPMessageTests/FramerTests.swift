import SIPMessage
import SansIO
import Testing

@Suite("Streams")
struct FramerTests {
    private static let one = Samples.bytes([("Content-Length", ["l: 5"])], body: "12345")
    private static let two = Samples.bytes([("Content-Length", ["Content-Length: 0"])])

    private static func items(_ framer: inout StreamFramer) -> [StreamItem] {
        var items: [StreamItem] = []
        while let item = framer.next() { items.append(item) }
        return items
    }

    @Test("Messages come out whole however the stream is cut (RFC 3261 §18.3)", arguments: [1, 2, 3, 7, 100, 1000])
    func pieces(size: Int) {
        var framer = StreamFramer()
        var found: [StreamItem] = []
        let stream = Self.one + Self.two + [13, 10, 13, 10] + Self.one + Self.two + [13, 10, 13, 10] + Self.two
        for start in stride(from: 0, to: stream.count, by: size) {
            framer.append(Array(stream[start..<min(stream.count, start + size)]))
            found += Self.items(&framer)
        }
        let messages = found.compactMap { if case .message(let bytes) = $0 { bytes } else { nil } }
        #expect(messages == [Self.one, Self.two, Self.one, Self.two, Self.two])
        #expect(!framer.isIncomplete)
    }

    @Test("Pings and pongs between messages are told apart (RFC 5626 §3.5.1)")
    func keepAlive() {
        var framer = StreamFramer()
        framer.append([13, 10, 13, 10])
        #expect(Self.items(&framer) == [.keepAlivePing])
        framer.append([13, 10])
        #expect(Self.items(&framer) == [.keepAlivePong])
        framer.append([13, 10] + Self.two)
        #expect(Self.items(&framer) == [.keepAlivePong, .message(Self.two)])
        framer.append([13])
        #expect(Self.items(&framer) == [])
        #expect(framer.isIncomplete)
    }

    @Test("Without Content-Length, or over the limits, the stream fails once and for all (RFC 3261 §20.14, H-011)")
    func failures() {
        let tooLong = [UInt8](repeating: UInt8(ascii: "a"), count: MessageLimits.headerSection + 1)
        let large = Samples.bytes([("Content-Length", ["l: \(MessageLimits.body + 1)"])])
        for bytes in [Samples.bytes(), tooLong, large] {
            var framer = StreamFramer()
            framer.append(bytes)
            let items = Self.items(&framer)
            #expect(items.count == 1)
            if case .failed? = items.first {} else { Issue.record("not failed") }
            framer.append(Self.two)
            #expect(Self.items(&framer) == [])
            #expect(!framer.isIncomplete)
        }
    }
}
