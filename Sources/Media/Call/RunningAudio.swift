import SDP
import SansIO

/// All that lives while a call has sound: our stream, the peer's stream, digits both ways, reports.
package struct RunningAudio: Sendable {
    /// So long nothing may come before we say so, and before we stop sending to a peer of whom nothing was ever
    /// heard (H-097).
    static let patience = Duration.seconds(5)
    static let countersInterval = Duration.milliseconds(200)

    var audio: NegotiatedAudio
    var peer: MediaPeer
    var sender: RTPSender
    var events = EventSender()
    /// Frames that wait until a packet is full.
    var unsent: (samples: [Int16], timestamp: UInt32)?
    /// The next packet with sound begins a spurt (RFC 3551 §4.1).
    var isSpurt = true

    var source: RTPSource?
    var candidate: RTPSource?
    var jitter = JitterBuffer()
    var heardEvents = EventReceiver()
    var hearing = Hearing.nothingYet
    /// RTP or RTCP has come from where we send to.
    var hasConsent = false
    var since: Instant

    var reports: ReportSchedule
    var countersAt: Instant
    var tally = MediaCounters()
    /// Of sources that are gone.
    var earlier = (received: 0, lost: 0)

    /// Whether the peer's sound comes.
    enum Hearing: Hashable {
        case nothingYet
        case flowing(lastAt: Instant)
        /// Said to be stalled; the next packet says that it has started again.
        case stalled
    }

    init(_ audio: NegotiatedAudio, entropy: inout Entropy, at now: Instant) {
        self.audio = audio
        peer = MediaPeer(rtp: audio.remote, rtcp: audio.remoteRTCP)
        sender = RTPSender(entropy: &entropy)
        since = now
        reports = ReportSchedule(entropy: entropy.split(), at: now)
        countersAt = now + Self.countersInterval
    }

    /// A new agreement. The peer is learnt anew only when it has moved; our stream goes on (RFC 3264 §8.3.1).
    mutating func agreed(_ audio: NegotiatedAudio, at now: Instant) -> [CallAudio.Output] {
        if audio.remote != self.audio.remote || audio.remoteRTCP != self.audio.remoteRTCP {
            peer = MediaPeer(rtp: audio.remote, rtcp: audio.remoteRTCP)
            hasConsent = false
        }
        if !audio.direction.sends { events.stop() }
        if audio.direction.sends != self.audio.direction.sends || audio.codec != self.audio.codec {
            unsent = nil
            isSpurt = true
        }
        if !audio.direction.receives || !self.audio.direction.receives {
            jitter.restart()
            if case .flowing = hearing { hearing = .nothingYet }
        }
        self.audio = audio
        since = now
        return takeFinishedDigits()
    }

    mutating func sendDigits(_ digits: [DTMFDigit], duration: Duration, gap: Duration) -> [CallAudio.Output] {
        let canSend = audio.direction.sends && audio.sendEventPayload != nil
        events.queue(digits, duration: duration, gap: gap, takenByPeer: canSend ? audio.peerEvents : nil)
        return takeFinishedDigits()
    }

    mutating func takeFinishedDigits() -> [CallAudio.Output] {
        events.takeFinished().map { .event(.digitsSent($0)) }
    }

    var counters: MediaCounters {
        var counters = tally
        counters.sent = sender.packets
        counters.octetsSent = sender.octets
        counters.received = earlier.received + (source?.received ?? 0)
        counters.lost = earlier.lost + (source?.lost ?? 0)
        counters.discarded += jitter.dropped
        counters.jitter = .microseconds(125) * Int(source?.jitterUnits ?? 0)
        return counters
    }

    /// A last report with the goodbye (RFC 3550 §6.6), if we ever said anything.
    mutating func end(at now: Instant) -> [CallAudio.Output] {
        events.stop()
        let goodbye = sender.packets > 0 && peer.isReachable ? report(at: now, sayingGoodbye: true) : []
        return takeFinishedDigits() + goodbye + [.event(.ended(counters))]
    }
}
