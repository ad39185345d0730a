/// Audio sections as this program writes and understands them.
extension MediaDescription {
    /// Plain RTP audio (RFC 3551). Anything else that is called audio is refused.
    var isPlainAudio: Bool { kind == "audio" && transport == "RTP/AVP" }

    static func audio(_ capabilities: AudioCapabilities, port: UInt16, direction: MediaDirection) -> MediaDescription {
        audio(
            codecs: capabilities.codecs.map { ($0.staticPayload, $0) }, telephoneEvent: capabilities.telephoneEvent,
            events: TelephoneEvents.digits, packetTime: capabilities.packetTime, port: port, direction: direction)
    }

    static func audio(
        codecs: [(payload: UInt8, codec: AudioCodec)], telephoneEvent: UInt8?, events: TelephoneEvents,
        packetTime: Int, port: UInt16, direction: MediaDirection
    ) -> MediaDescription {
        var lines: [(letter: Character, text: String)] = []
        lines.reserveCapacity(codecs.count + 4)
        for (payload, codec) in codecs {
            let map = RTPMap(payload: payload, encoding: codec.rawValue, clockRate: AudioCodec.clockRate)
            lines.append(("a", "rtpmap:" + map.text))
        }
        if let telephoneEvent {
            let map = RTPMap(
                payload: telephoneEvent, encoding: TelephoneEvents.encoding, clockRate: AudioCodec.clockRate)
            lines.append(("a", "rtpmap:" + map.text))
            lines.append(("a", "fmtp:\(telephoneEvent) \(events.text)"))
        }
        lines.append(("a", "ptime:\(packetTime)"))
        lines.append(("a", direction.rawValue))
        let payloads = codecs.map(\.payload) + (telephoneEvent.map { [$0] } ?? [])
        return MediaDescription(
            kind: "audio", port: port, transport: "RTP/AVP", formats: payloads.map { String($0) },
            lines: [SDPLine](lines))
    }

    /// What of its formats we know: our codecs in its order, each once, and the number of telephone events at our clock
    /// rate (RFC 4733 §2.5.1.1).
    var audioFormats: (codecs: [(payload: UInt8, codec: AudioCodec)], telephoneEvent: UInt8?) {
        var codecs: [(payload: UInt8, codec: AudioCodec)] = []
        var telephoneEvent: UInt8?
        let maps = rtpMaps
        for payload in payloads {
            guard let map = meaning(ofPayload: payload, among: maps) else { continue }
            if let codec = AudioCodec.allCases.first(where: { map.isOf($0.rawValue, clockRate: AudioCodec.clockRate) })
            {
                if !codecs.contains(where: { $0.codec == codec }) { codecs.append((payload, codec)) }
            } else if telephoneEvent == nil, map.isOf(TelephoneEvents.encoding, clockRate: AudioCodec.clockRate) {
                telephoneEvent = payload
            }
        }
        return (codecs, telephoneEvent)
    }
    package var codecs: [(payload: UInt8, codec: AudioCodec)] { audioFormats.codecs }
    package var telephoneEvent: UInt8? { audioFormats.telephoneEvent }

    /// The events it lists; without a list it means 0 to 15 (RFC 4733 §2.5.1.1).
    package var events: TelephoneEvents {
        telephoneEvent.flatMap(parameters(ofPayload:)).map { TelephoneEvents(parsing: $0) } ?? .digits
    }

    /// The same section turned down: port 0, one format because the grammar wants one (RFC 3264 §6).
    var refusal: MediaDescription {
        MediaDescription(kind: kind, port: 0, transport: transport, formats: Array(formats.prefix(1)))
    }
}
