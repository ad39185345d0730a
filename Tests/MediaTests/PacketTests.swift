import Media
import SansIO
import Testing

@Suite("RTP and RTCP packets (RFC 3550)")
struct PacketTests {
    private static let plain = RTPPacket(
        marker: true, payloadType: 8, sequence: 65_535, timestamp: .max, ssrc: 0xDEAD_BEEF, payload: [1, 2, 3])

    @Test("A packet is written as §5.1 draws it, and read again")
    func roundTrip() {
        let bytes = Self.plain.serialised()
        #expect(bytes == [0x80, 0x88, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xDE, 0xAD, 0xBE, 0xEF, 1, 2, 3])
        #expect(RTPPacket(parsing: bytes) == Self.plain)
    }

    @Test("Sources, extension and padding are stepped over (§5.1, §5.3.1)")
    func decorated() {
        let head = Array(Self.plain.serialised().prefix(12).dropFirst())
        let bytes: [UInt8] =
            [0xB2] + head + [0, 0, 0, 1, 0, 0, 0, 2] + [0xBE, 0xDE, 0, 1, 9, 9, 9, 9] + [1, 2, 3] + [0, 0, 3]
        #expect(RTPPacket(parsing: bytes) == Self.plain)
    }

    @Test("What does not fit itself is dropped (H-089, H-093)")
    func hostile() {
        let head = Array(Self.plain.serialised().prefix(12).dropFirst())
        for count in 0..<12 { #expect(RTPPacket(parsing: Array(([0x80] + head).prefix(count))) == nil) }
        let refused: [[UInt8]] = [
            [0x00] + head, [0x40] + head, [0xC0] + head,  // versions 0, 1, 3
            [0x8F] + head,  // fifteen sources in twelve octets
            [0x90] + head, [0x90] + head + [0, 0, 0], [0x90] + head + [0, 0, 0, 1],
            [0x90] + head + [0, 0, 255, 255, 1, 1, 1, 1],
            [0xA0] + head + [0], [0xA0] + head + [255], [0xA0] + head + [1, 3],  // padding 0, or longer than there is
            [0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42] + [UInt8](repeating: 0, count: 12),  // STUN
            [22, 254, 255] + [UInt8](repeating: 0, count: 20),  // DTLS
        ]
        for bytes in refused { #expect(RTPPacket(parsing: bytes) == nil, "\(bytes)") }
        #expect(RTPPacket(parsing: [0x80] + head)?.payload == [])
    }

    @Test("A compound of report, name and goodbye is read as written (§6.1, §6.4)")
    func compound() throws {
        let report = ReceptionReport(
            ssrc: 2, fractionLost: 64, lost: -5, highest: 70_000, jitter: 12, lastReport: 77, delay: 88)
        let information = SenderInformation(time: 0x0123_4567_89AB_CDEF, rtpTimestamp: 9, packets: 10, octets: 1_600)
        let bytes = RTCPPacket.write([
            .senderReport(ssrc: 1, information, [report]), .sourceDescription(ssrc: 1, canonicalName: "abc"),
            .goodbye([1]),
        ])
        #expect(bytes.count == 52 + 16 + 8)
        let read = try #require(RTCPPacket.read(bytes))
        #expect(read == [.senderReport(ssrc: 1, information, [report]), .other(type: 202), .goodbye([1])])
    }

    @Test("A compound that does not fit itself is dropped whole (H-090, A.2)")
    func hostileReports() {
        let empty: [UInt8] = [0x80, 201, 0, 1, 0, 0, 0, 1]
        #expect(RTCPPacket.read(empty) == [.receiverReport(ssrc: 1, [])])
        let refused: [[UInt8]] = [
            [], [0x80, 201, 0, 0], [0x81, 203, 0, 1, 0, 0, 0, 1], [0x81, 201, 0, 1, 0, 0, 0, 1],
            [0x80, 201, 0, 2, 0, 0, 0, 1], [0x80, 200, 0, 1, 0, 0, 0, 1], [0x40, 201, 0, 1, 0, 0, 0, 1],
            [0xA0, 201, 0, 1, 0, 0, 0, 1], empty + [0x81], empty + [0x81, 203, 0, 0],
            empty + [0x81, 203, 255, 255, 1, 1, 1, 1],
            empty + [0xA0, 203, 0, 0] + empty,
        ]
        for bytes in refused { #expect(RTCPPacket.read(bytes) == nil, "\(bytes)") }
        #expect(RTCPPacket.read(empty + [0x8F, 207, 0, 0] + [0x80, 205, 0, 1, 9, 9, 9, 9])?.count == 3)
    }

    @Test("Random octets neither trap nor are believed often (seeded)")
    func noise() {
        var entropy = Entropy(seed: 3_550)
        var read = 0
        for _ in 0..<20_000 {
            var bytes = (0..<Int(entropy.next() % 64)).map { _ in UInt8(truncatingIfNeeded: entropy.next()) }
            if RTPPacket(parsing: bytes) != nil { read += 1 }
            if bytes.count > 1 { bytes[1] = 200 + UInt8(entropy.next() % 2) }
            _ = RTCPPacket.read(bytes)
        }
        #expect(read < 6_000)
    }
}
