import SDP
import SansIO

extension RunningAudio {
    /// One packet that came to the RTP port. It counts only when all of it is right: form, payload type, sender, and a
    /// source that has shown two packets in a row (H-087, H-088).
    mutating func receivedRTP(_ bytes: [UInt8], from address: SocketAddress, at now: Instant) -> [CallAudio.Output] {
        guard let packet = RTPPacket(parsing: bytes), let use = use(of: packet.payloadType), peer.admits(address) else {
            tally.discarded += 1
            return []
        }
        hasConsent = true
        guard let isNew = accept(packet) else {
            tally.discarded += 1
            return []
        }
        tally.octetsReceived += packet.payload.count
        guard audio.direction.receives else { return [] }
        if isNew {
            jitter.restart()
            heardEvents.forget()
        }
        let started = flows(at: now)
        switch use {
        case .sound(let codec):
            source?.timed(packet.timestamp, at: now)
            jitter.insert(
                G711.decode(packet.payload.prefix(Self.longestPayload), with: codec), timestamp: packet.timestamp)
            return started
        case .event:
            guard let payload = EventPayload(parsing: packet.payload) else {
                tally.discarded += 1
                return started
            }
            let digit = heardEvents.take(payload, timestamp: packet.timestamp, at: now)
            return started + (digit.map { [.event(.digit($0.character))] } ?? [])
        }
    }

    private enum Use { case sound(AudioCodec), event }

    /// 200 ms of sound; nobody was told to expect packets longer than that.
    private static let longestPayload = 1_600

    private func use(of payloadType: UInt8) -> Use? {
        if let codec = audio.receivePayloads[payloadType] { return .sound(codec) }
        return payloadType == audio.receiveEventPayload ? .event : nil
    }

    /// Whether the packet's source is believed; nil when not. True when what came before is not continued.
    private mutating func accept(_ packet: RTPPacket) -> Bool? {
        if source?.ssrc == packet.ssrc {
            let before = source
            switch source?.take(packet.sequence) {
            case .accepted: return false
            case .began:
                remember(before)
                return true
            case .unproven, nil: return nil
            }
        }
        guard candidate?.ssrc == packet.ssrc else {
            candidate = RTPSource(ssrc: packet.ssrc, sequence: packet.sequence)
            return nil
        }
        guard case .began? = candidate?.take(packet.sequence) else { return nil }
        remember(source)
        source = candidate
        candidate = nil
        return true
    }

    private mutating func remember(_ gone: RTPSource?) {
        earlier.received += gone?.received ?? 0
        earlier.lost += gone?.lost ?? 0
    }

    private mutating func flows(at now: Instant) -> [CallAudio.Output] {
        defer { hearing = .flowing(lastAt: now) }
        if case .flowing = hearing { return [] }
        return [.event(.started)]
    }

    /// Reports tell how well we are heard. A goodbye says nothing about the call: only signalling ends it (H-090).
    mutating func receivedRTCP(_ bytes: [UInt8], from address: SocketAddress, at now: Instant) {
        guard peer.admitsReports(from: address), let packets = RTCPPacket.read(bytes) else {
            tally.discarded += 1
            return
        }
        hasConsent = true
        for packet in packets {
            switch packet {
            case .senderReport(let ssrc, let information, let blocks):
                if ssrc == source?.ssrc { reports.received(information, at: now) }
                note(blocks, at: now)
            case .receiverReport(_, let blocks): note(blocks, at: now)
            case .sourceDescription, .goodbye, .other: break
            }
        }
    }

    private mutating func note(_ blocks: [ReceptionReport], at now: Instant) {
        for block in blocks where block.ssrc == sender.ssrc {
            if let roundTrip = reports.roundTrip(of: block, at: now) { tally.roundTrip = roundTrip }
        }
    }
}
