package import SansIO

/// What the lines of a media section say, read when asked for. A line that says nonsense is as good as absent.
extension MediaDescription {
    package var isRefused: Bool { port == 0 }

    package var connection: Connection? { lines.first("c").flatMap { Connection(parsing: $0.value) } }

    /// The direction this section itself names; the first one counts.
    package var ownDirection: MediaDirection? {
        for line in lines where line.isOf("a") {
            if let direction = MediaDirection(property: line.value) { return direction }
        }
        return nil
    }

    package var rtpMaps: [RTPMap] { lines.attributes(named: "rtpmap").compactMap(RTPMap.init(parsing:)) }

    /// The format parameters of a payload number (RFC 8866 §6.15).
    package func parameters(ofPayload payload: UInt8) -> String? {
        for value in lines.attributes(named: "fmtp") {
            let words = value.split(separator: UInt8(ascii: " "), maxSplits: 1)
            if words.count == 2, SDPNumber.read(words[0], in: 0...127) == Int(payload) { return words[1].text }
        }
        return nil
    }

    /// Milliseconds of sound in a packet that the writer would like to get.
    package var packetTime: Int? { milliseconds("ptime") }
    package var longestPacketTime: Int? { milliseconds("maxptime") }

    /// `a=rtcp` (RFC 3605): a port, and possibly an address of its own.
    package var rtcp: (port: UInt16, ip: IPAddress?)? {
        guard let value = lines.attribute(named: "rtcp"), let first = value.words.first,
            let port = SDPNumber.read(first, in: 1...65_535)
        else { return nil }
        guard value.words.count > 1 else { return (UInt16(port), nil) }
        let rest = value.words[1...].joined(separator: [UInt8(ascii: " ")])
        guard case .ip(let ip)? = Connection(parsing: Array(rest)[...])?.address else { return nil }
        return (UInt16(port), ip)
    }

    /// The payload numbers of an RTP section, in the writer's order. Formats that are no such numbers are passed over.
    package var payloads: [UInt8] { formats.compactMap { SDPNumber.read($0, in: 0...127).map { UInt8($0) } } }

    /// What a payload number means here: as `a=rtpmap` says or, for the static ones we know, as RFC 3551 §6 says.
    package func meaning(ofPayload payload: UInt8) -> RTPMap? {
        meaning(ofPayload: payload, among: rtpMaps)
    }
    func meaning(ofPayload payload: UInt8, among maps: [RTPMap]) -> RTPMap? {
        if let map = maps.first(where: { $0.payload == payload }) { return map }
        let known = AudioCodec.allCases.first { $0.staticPayload == payload }
        return known.map { RTPMap(payload: payload, encoding: $0.rawValue, clockRate: AudioCodec.clockRate) }
    }

    private func milliseconds(_ name: StaticString) -> Int? {
        lines.attribute(named: name).flatMap { SDPNumber.read($0, in: SDPLimits.packetTime) }
    }
}
