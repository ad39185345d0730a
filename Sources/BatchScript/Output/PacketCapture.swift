import SansIO
import SoftphoneCore

/// Messages as a file that packet analysers read: the classic format of libpcap, each message in a UDP datagram of its
/// own, whatever it travelled in, so that also what was encrypted or cut into segments can be read.
enum PacketCapture {
    /// LINKTYPE_RAW: packets begin with their IP header.
    private static let linkType: UInt32 = 101
    private static let longestPacket: UInt32 = 65_535
    private static let longestMessage = 65_000

    static func bytes(_ messages: [CapturedMessage]) -> [UInt8] {
        var file = little(0xA1B2_C3D4) + little16(2) + little16(4) + little(0) + little(0)
        file += little(longestPacket) + little(linkType)
        for message in messages {
            let packet = packet(message)
            let time = message.microseconds
            file += little(UInt32(truncatingIfNeeded: time / 1_000_000)) + little(UInt32(time % 1_000_000))
            file += little(UInt32(packet.count)) + little(UInt32(packet.count)) + packet
        }
        return file
    }

    private static func packet(_ message: CapturedMessage) -> [UInt8] {
        let payload = Array(message.bytes.prefix(longestMessage))
        let ends = message.isSent ? (message.local, message.remote) : (message.remote, message.local)
        let (source, destination) = (address(ends.0.ip), address(ends.1.ip))
        let length = UInt16(payload.count + 8)
        var datagram = big16(ends.0.port) + big16(ends.1.port) + big16(length) + [0, 0] + payload
        // Both ends are of one family, because a message passes between them.
        guard source.count == 4, destination.count == 4 else {
            let pseudo = wide(source) + wide(destination) + big16(0) + big16(length) + [0, 0, 0, 17]
            let sum = checksum(pseudo + datagram)
            datagram.replaceSubrange(6..<8, with: big16(sum == 0 ? 0xFFFF : sum))
            return [0x60, 0, 0, 0] + big16(length) + [17, 64] + wide(source) + wide(destination) + datagram
        }
        var header: [UInt8] = [0x45, 0] + big16(UInt16(datagram.count + 20)) + [0, 0, 0x40, 0, 64, 17, 0, 0]
        header += source + destination
        header.replaceSubrange(10..<12, with: big16(checksum(header)))
        // A checksum of zero says that there is none (RFC 768).
        return header + datagram
    }

    private static func address(_ ip: IPAddress) -> [UInt8] {
        switch ip {
        case .v4(let bits): big(bits)
        case .v6(let high, let low):
            [high, low].flatMap { half in
                stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: half >> $0) }
            }
        }
    }
    /// An IPv4 address as IPv6 writes it.
    private static func wide(_ address: [UInt8]) -> [UInt8] {
        address.count == 16 ? address : Array(repeating: 0, count: 10) + [0xFF, 0xFF] + address
    }

    /// RFC 1071.
    private static func checksum(_ bytes: [UInt8]) -> UInt16 {
        var sum: UInt32 = 0
        for index in stride(from: 0, to: bytes.count, by: 2) {
            sum += UInt32(bytes[index]) << 8 | (index + 1 < bytes.count ? UInt32(bytes[index + 1]) : 0)
            if sum > 0xFFFF_FFF0 >> 1 { sum = (sum & 0xFFFF) + (sum >> 16) }
        }
        while sum > 0xFFFF { sum = (sum & 0xFFFF) + (sum >> 16) }
        return ~UInt16(sum)
    }

    private static func big16(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xFF)] }
    private static func big(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }
    private static func little16(_ value: UInt16) -> [UInt8] { big16(value).reversed() }
    private static func little(_ value: UInt32) -> [UInt8] { big(value).reversed() }
}
