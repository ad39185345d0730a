/// RTCP packets as this program writes and reads them (RFC 3550 §6).
package enum RTCPPacket: Hashable, Sendable {
    case senderReport(ssrc: UInt32, SenderInformation, [ReceptionReport])
    case receiverReport(ssrc: UInt32, [ReceptionReport])
    case sourceDescription(ssrc: UInt32, canonicalName: String)
    case goodbye([UInt32])
    /// XR, feedback, application: of no use here.
    case other(type: UInt8)
}

/// The middle of a sender report (RFC 3550 §6.4.1).
package struct SenderInformation: Hashable, Sendable {
    /// Seconds and fractions of a second, 32 bits each.
    package var time: UInt64
    package var rtpTimestamp: UInt32
    package var packets: UInt32
    package var octets: UInt32

    package init(time: UInt64, rtpTimestamp: UInt32, packets: UInt32, octets: UInt32) {
        self.time = time
        self.rtpTimestamp = rtpTimestamp
        self.packets = packets
        self.octets = octets
    }
}

/// What one side says about the packets of the other (RFC 3550 §6.4.1).
package struct ReceptionReport: Hashable, Sendable {
    package var ssrc: UInt32
    package var fractionLost: UInt8
    package var lost: Int32
    package var highest: UInt32
    package var jitter: UInt32
    /// The middle 32 bits of the time in the last sender report, and how long ago that came, in 65,536ths of a second.
    package var lastReport: UInt32
    package var delay: UInt32

    package init(
        ssrc: UInt32, fractionLost: UInt8, lost: Int32, highest: UInt32, jitter: UInt32, lastReport: UInt32,
        delay: UInt32
    ) {
        self.ssrc = ssrc
        self.fractionLost = fractionLost
        self.lost = lost
        self.highest = highest
        self.jitter = jitter
        self.lastReport = lastReport
        self.delay = delay
    }
}
