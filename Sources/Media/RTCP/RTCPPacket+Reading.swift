extension RTCPPacket {
    /// A compound packet. nil when it does not begin with a report, when a length reaches past the end, or when
    /// anything but the last packet is padded (RFC 3550 A.2; H-090).
    package static func read(_ bytes: [UInt8]) -> [RTCPPacket]? {
        guard bytes.count >= 8, bytes[1] == 200 || bytes[1] == 201 else { return nil }
        var packets: [RTCPPacket] = []
        var offset = 0
        while offset < bytes.count {
            guard bytes.count - offset >= 4, bytes[offset] >> 6 == 2 else { return nil }
            let length = 4 * (Int(BigEndian.read(bytes, at: offset + 2, octets: 2)) + 1)
            let end = offset + length
            let isPadded = bytes[offset] & 0x20 != 0
            guard end <= bytes.count, !isPadded || (offset > 0 && end == bytes.count) else { return nil }
            guard let packet = one(Array(bytes[offset..<end])) else { return nil }
            packets.append(packet)
            offset = end
        }
        return packets
    }

    private static func one(_ bytes: [UInt8]) -> RTCPPacket? {
        let count = Int(bytes[0] & 0x1F)
        switch bytes[1] {
        case 200:
            guard bytes.count >= 28 + 24 * count else { return nil }
            let information = SenderInformation(
                time: BigEndian.read(bytes, at: 8, octets: 8), rtpTimestamp: word(bytes, 16), packets: word(bytes, 20),
                octets: word(bytes, 24))
            return .senderReport(ssrc: word(bytes, 4), information, reports(bytes, at: 28, count: count))
        case 201:
            guard bytes.count >= 8 + 24 * count else { return nil }
            return .receiverReport(ssrc: word(bytes, 4), reports(bytes, at: 8, count: count))
        case 203:
            guard bytes.count >= 4 + 4 * count else { return nil }
            return .goodbye((0..<count).map { word(bytes, 4 + 4 * $0) })
        default: return .other(type: bytes[1])
        }
    }

    private static func reports(_ bytes: [UInt8], at start: Int, count: Int) -> [ReceptionReport] {
        (0..<count).map { index in
            let at = start + 24 * index
            let lost = word(bytes, at + 4)
            return ReceptionReport(
                ssrc: word(bytes, at), fractionLost: bytes[at + 4],
                lost: Int32(bitPattern: lost << 8) >> 8, highest: word(bytes, at + 8), jitter: word(bytes, at + 12),
                lastReport: word(bytes, at + 16), delay: word(bytes, at + 20))
        }
    }

    private static func word(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
        UInt32(truncatingIfNeeded: BigEndian.read(bytes, at: offset, octets: 4))
    }
}
