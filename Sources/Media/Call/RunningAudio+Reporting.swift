import SansIO

extension RunningAudio {
    /// A compound packet: report, name, and at the end the goodbye (RFC 3550 §6.1).
    mutating func report(at now: Instant, sayingGoodbye: Bool) -> [CallAudio.Output] {
        let blocks = source.map { _ in [block(at: now)] } ?? []
        let first: RTCPPacket
        if sender.packets > 0 {
            let information = SenderInformation(
                time: ReportSchedule.time(of: now), rtpTimestamp: sender.timestamp,
                packets: UInt32(truncatingIfNeeded: sender.packets), octets: UInt32(truncatingIfNeeded: sender.octets))
            first = .senderReport(ssrc: sender.ssrc, information, blocks)
        } else {
            first = .receiverReport(ssrc: sender.ssrc, blocks)
        }
        var packets = [first, .sourceDescription(ssrc: sender.ssrc, canonicalName: reports.canonicalName)]
        if sayingGoodbye { packets.append(.goodbye([sender.ssrc])) }
        return [.sendRTCP(RTCPPacket.write(packets), to: peer.signalledRTCP)]
    }

    private mutating func block(at now: Instant) -> ReceptionReport {
        let fraction = source?.fractionLost() ?? 0
        let last = reports.lastHeard(at: now)
        return ReceptionReport(
            ssrc: source?.ssrc ?? 0, fractionLost: fraction, lost: Int32(clamping: counters.lost),
            highest: source?.extendedHighest ?? 0, jitter: source?.jitterUnits ?? 0, lastReport: last.report,
            delay: last.delay)
    }
}
