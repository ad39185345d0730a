import SDP
import SansIO

extension RunningAudio {
    /// 20 ms are over: plays what is due, sends what was recorded, reports what has to be reported.
    mutating func frame(_ captured: [Int16], at now: Instant) -> [CallAudio.Output] {
        var outputs: [CallAudio.Output] = [.play(audio.direction.receives ? jitter.next() : AudioFrame.silence)]
        if maySend(at: now) {
            outputs += send(captured)
        } else {
            unsent = nil
            isSpurt = true
        }
        sender.frameEnded()
        outputs += takeFinishedDigits()
        outputs += stalling(at: now)
        if now >= countersAt {
            countersAt = now + Self.countersInterval
            outputs.append(.event(.counters(counters)))
        }
        if reports.isDue(at: now), peer.isReachable { outputs += report(at: now, sayingGoodbye: false) }
        return outputs
    }

    /// A peer that never answers with a packet is not sent to for long: it may not know of this call at all (H-097).
    private func maySend(at now: Instant) -> Bool {
        audio.direction.sends && peer.isReachable && (hasConsent || now - since < Self.patience)
    }

    private mutating func send(_ captured: [Int16]) -> [CallAudio.Output] {
        switch events.next(at: sender.timestamp) {
        case .event(let payload, let timestamp, let marker):
            unsent = nil
            isSpurt = true
            guard let payloadType = audio.sendEventPayload else { return [] }
            let packet = sender.packet(
                payloadType: payloadType, marker: marker, timestamp: timestamp, payload: payload.serialised())
            return [.sendRTP(packet.serialised(), to: peer.target)]
        case .sound:
            let waiting = unsent ?? ([], sender.timestamp)
            let samples =
                waiting.samples + captured.prefix(AudioFrame.samples)
                + AudioFrame.silence.dropFirst(captured.count)
            guard samples.count >= audio.packetTime * AudioFrame.rate / 1_000 else {
                unsent = (samples, waiting.timestamp)
                return []
            }
            unsent = nil
            let packet = sender.packet(
                payloadType: audio.sendPayload, marker: isSpurt, timestamp: waiting.timestamp,
                payload: G711.encode(samples, with: audio.codec))
            isSpurt = false
            return [.sendRTP(packet.serialised(), to: peer.target)]
        }
    }

    private mutating func stalling(at now: Instant) -> [CallAudio.Output] {
        guard audio.direction.receives else { return [] }
        switch hearing {
        case .nothingYet where now - since >= Self.patience: break
        case .flowing(let lastAt) where now - max(lastAt, since) >= Self.patience: break
        case .nothingYet, .flowing, .stalled: return []
        }
        hearing = .stalled
        return [.event(.stalled)]
    }
}
