package import SansIO

/// Our side of the stream: one source, one count, one clock for audio and events alike (RFC 4733 §2.1).
package struct RTPSender: Sendable {
    package let ssrc: UInt32
    private var sequence: UInt16
    /// Of the frame that is being dealt with; moves on with every frame, sent or not.
    package private(set) var timestamp: UInt32
    package private(set) var packets = 0
    package private(set) var octets = 0

    package init(entropy: inout Entropy) {
        ssrc = UInt32(truncatingIfNeeded: entropy.next())
        sequence = UInt16(truncatingIfNeeded: entropy.next())
        timestamp = UInt32(truncatingIfNeeded: entropy.next())
    }

    package mutating func packet(
        payloadType: UInt8, marker: Bool, timestamp: UInt32, payload: [UInt8]
    ) -> RTPPacket {
        defer {
            sequence &+= 1
            packets += 1
            octets += payload.count
        }
        return RTPPacket(
            marker: marker, payloadType: payloadType, sequence: sequence, timestamp: timestamp, ssrc: ssrc,
            payload: payload)
    }

    package mutating func frameEnded() { timestamp &+= UInt32(AudioFrame.samples) }
}
