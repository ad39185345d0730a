/// What we offer and accept for audio, best first.
package struct AudioCapabilities: Hashable, Sendable {
    package var codecs: [AudioCodec]
    /// The payload number we offer for DTMF (RFC 4733); nil: none. In an answer the number of the offer is used.
    package var telephoneEvent: UInt8?
    /// How many milliseconds of sound we want in a packet.
    package var packetTime: Int

    package init(codecs: [AudioCodec], telephoneEvent: UInt8?, packetTime: Int = 20) {
        self.codecs = codecs
        self.telephoneEvent = telephoneEvent
        self.packetTime = packetTime
    }
    package static let standard = AudioCapabilities(codecs: AudioCodec.allCases, telephoneEvent: 101)
}
