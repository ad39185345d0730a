extension RTCPPacket {
    package static func write(_ packets: [RTCPPacket]) -> [UInt8] { packets.flatMap { $0.serialised() } }

    private func serialised() -> [UInt8] {
        var body: [UInt8] = []
        switch self {
        case .senderReport(let ssrc, let information, let reports):
            append(ssrc, to: &body)
            BigEndian.append(information.time, octets: 8, to: &body)
            for word in [information.rtpTimestamp, information.packets, information.octets] { append(word, to: &body) }
            for report in reports.prefix(31) { append(report, to: &body) }
            return framed(body, type: 200, count: min(31, reports.count))
        case .receiverReport(let ssrc, let reports):
            append(ssrc, to: &body)
            for report in reports.prefix(31) { append(report, to: &body) }
            return framed(body, type: 201, count: min(31, reports.count))
        case .sourceDescription(let ssrc, let name):
            append(ssrc, to: &body)
            let name = Array(name.utf8.prefix(255))
            body += [1, UInt8(name.count)] + name + [0]
            while body.count % 4 != 0 { body.append(0) }
            return framed(body, type: 202, count: 1)
        case .goodbye(let sources):
            for source in sources.prefix(31) { append(source, to: &body) }
            return framed(body, type: 203, count: min(31, sources.count))
        case .other: return []
        }
    }

    private func framed(_ body: [UInt8], type: UInt8, count: Int) -> [UInt8] {
        var bytes: [UInt8] = [0x80 | UInt8(count), type]
        BigEndian.append(UInt64(body.count / 4), octets: 2, to: &bytes)
        return bytes + body
    }

    private func append(_ word: UInt32, to bytes: inout [UInt8]) {
        BigEndian.append(UInt64(word), octets: 4, to: &bytes)
    }

    private func append(_ report: ReceptionReport, to bytes: inout [UInt8]) {
        append(report.ssrc, to: &bytes)
        let lost = UInt32(bitPattern: min(max(report.lost, -0x80_0000), 0x7F_FFFF)) & 0xFF_FFFF
        append(UInt32(report.fractionLost) << 24 | lost, to: &bytes)
        for word in [report.highest, report.jitter, report.lastReport, report.delay] { append(word, to: &bytes) }
    }
}
