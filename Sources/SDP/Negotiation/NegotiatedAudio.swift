package import SansIO

/// What offer and answer together say about the one audio stream of a call, seen from our side.
///
/// Each side sends with the payload numbers that the other side's description gave (RFC 3264 §5.1, §6.1).
package struct NegotiatedAudio: Hashable, Sendable {
    /// What we send with: the first of the peer's formats that both have (§6.1, §7).
    package var codec: AudioCodec
    package var sendPayload: UInt8
    /// What may reach us, by our own numbers.
    package var receivePayloads: [UInt8: AudioCodec]
    /// nil when the two did not agree on telephone events.
    package var sendEventPayload: UInt8?
    package var receiveEventPayload: UInt8?
    /// The events the peer takes.
    package var peerEvents: TelephoneEvents
    /// Where RTP and RTCP go.
    package var remote: SocketAddress
    package var remoteRTCP: SocketAddress
    package var direction: MediaDirection
    /// Whether it is the peer who does not want to hear us.
    package var isHeldByPeer: Bool
    /// Milliseconds of sound in each packet we send.
    package var packetTime: Int

    /// From the two descriptions of an exchange, whichever of them was the offer. nil when no audio came of it.
    package init?(local: SessionDescription, remote: SessionDescription) {
        guard local.media.count == remote.media.count,
            let place = local.media.indices.first(where: {
                local.media[$0].isPlainAudio && !local.media[$0].isRefused && remote.isUsable(remote.media[$0])
            }),
            case .ip(let ip)? = remote.connection(of: remote.media[place])?.address
        else { return nil }
        let (ours, theirs) = (local.media[place], remote.media[place])
        let common = theirs.codecs.filter { each in ours.codecs.contains { $0.codec == each.codec } }
        guard let first = common.first else { return nil }
        codec = first.codec
        sendPayload = first.payload
        receivePayloads = Dictionary(
            ours.codecs.filter { each in common.contains { $0.codec == each.codec } }.map { ($0.payload, $0.codec) },
            uniquingKeysWith: { first, _ in first })
        let haveEvents = ours.telephoneEvent != nil && theirs.telephoneEvent != nil
        sendEventPayload = haveEvents ? theirs.telephoneEvent : nil
        receiveEventPayload = haveEvents ? ours.telephoneEvent : nil
        peerEvents = theirs.events
        self.remote = SocketAddress(ip, port: theirs.port)
        let rtcp = theirs.rtcp
        let usual = theirs.port == .max ? theirs.port : theirs.port + 1
        let rtcpIP = rtcp?.ip.flatMap { $0.isUsableForMedia ? $0 : nil } ?? ip
        remoteRTCP = SocketAddress(rtcpIP, port: rtcp?.port ?? usual)
        let peer = remote.effectiveDirection(of: theirs)
        direction = local.direction(of: ours).limited(to: peer.reversed)
        isHeldByPeer = !peer.receives
        packetTime = Self.packetTime(wanted: theirs.packetTime, longest: theirs.longestPacketTime)
    }

    /// Whole frames of 20 ms, as near as that comes to what the peer would like (RFC 8866 §6.4).
    private static func packetTime(wanted: Int?, longest: Int?) -> Int {
        let most = max(20, (longest ?? 60) / 20 * 20)
        return min(max(20, (wanted ?? 20) / 20 * 20), min(most, 60))
    }
}
