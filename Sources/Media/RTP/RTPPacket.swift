/// One RTP packet (RFC 3550 §5.1).
package struct RTPPacket: Hashable, Sendable {
    package var marker: Bool
    package var payloadType: UInt8
    package var sequence: UInt16
    package var timestamp: UInt32
    package var ssrc: UInt32
    package var payload: [UInt8]

    package static let headerLength = 12

    package init(
        marker: Bool = false, payloadType: UInt8, sequence: UInt16, timestamp: UInt32, ssrc: UInt32, payload: [UInt8]
    ) {
        self.marker = marker
        self.payloadType = payloadType
        self.sequence = sequence
        self.timestamp = timestamp
        self.ssrc = ssrc
        self.payload = payload
    }

    /// nil for what is not RTP: too short, another version, lists or an extension that end behind the packet, padding
    /// that is longer than what it pads, or none where some is announced (H-089). STUN and DTLS fail by their version
    /// (H-093).
    package init?(parsing bytes: [UInt8]) {
        guard bytes.count >= Self.headerLength, bytes[0] >> 6 == 2 else { return nil }
        var start = Self.headerLength + 4 * Int(bytes[0] & 0xF)
        if bytes[0] & 0x10 != 0 {
            guard bytes.count >= start + 4 else { return nil }
            start += 4 + 4 * (Int(bytes[start + 2]) << 8 | Int(bytes[start + 3]))
        }
        var end = bytes.count
        guard start <= end else { return nil }
        if bytes[0] & 0x20 != 0 {
            let padding = Int(bytes[end - 1])
            guard padding > 0, padding <= end - start else { return nil }
            end -= padding
        }
        self.init(
            marker: bytes[1] & 0x80 != 0, payloadType: bytes[1] & 0x7F,
            sequence: UInt16(truncatingIfNeeded: BigEndian.read(bytes, at: 2, octets: 2)),
            timestamp: UInt32(truncatingIfNeeded: BigEndian.read(bytes, at: 4, octets: 4)),
            ssrc: UInt32(truncatingIfNeeded: BigEndian.read(bytes, at: 8, octets: 4)),
            payload: Array(bytes[start..<end]))
    }

    package func serialised() -> [UInt8] {
        var bytes: [UInt8] = [0x80, (marker ? 0x80 : 0) | payloadType & 0x7F]
        bytes.reserveCapacity(Self.headerLength + payload.count)
        BigEndian.append(UInt64(sequence), octets: 2, to: &bytes)
        BigEndian.append(UInt64(timestamp), octets: 4, to: &bytes)
        BigEndian.append(UInt64(ssrc), octets: 4, to: &bytes)
        return bytes + payload
    }
}

/// Numbers in network byte order. Callers have checked that the octets are there.
enum BigEndian {
    static func read(_ bytes: [UInt8], at offset: Int, octets: Int) -> UInt64 {
        bytes[offset..<offset + octets].reduce(0) { $0 << 8 | UInt64($1) }
    }
    static func append(_ value: UInt64, octets: Int, to bytes: inout [UInt8]) {
        for shift in (0..<octets).reversed() { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * UInt64(shift)))) }
    }
}
