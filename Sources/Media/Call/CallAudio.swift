package import SDP
package import SansIO

/// One call's sound, without sockets and without a clock: packets and 20 ms frames in, packets and frames out.
///
///   waiting ── agreed ──▶ running ── end ──▶ ended
///      └───────────── end ─────────────────────┘
///
/// The host says `.frame` every 20 ms while the machine runs, with the sound to be sent; what is to be played comes back.
package struct CallAudio: Sendable {
    package enum Input: Sendable {
        /// What offer and answer came to, the first time or again (hold, resume, another address).
        case agreed(NegotiatedAudio)
        case rtp([UInt8], from: SocketAddress)
        case rtcp([UInt8], from: SocketAddress)
        /// 20 ms are over; this was recorded in them.
        case frame(captured: [Int16])
        case sendDigits([DTMFDigit], duration: Duration, gap: Duration)
        case end
    }
    package enum Output: Hashable, Sendable {
        case sendRTP([UInt8], to: SocketAddress)
        case sendRTCP([UInt8], to: SocketAddress)
        case play([Int16])
        case event(Event)
    }
    package enum Event: Hashable, Sendable {
        case started
        case stalled
        case digit(Character)
        case digitsSent([DTMFDigit])
        case counters(MediaCounters)
        /// Nothing follows.
        case ended(MediaCounters)
    }
    package enum State: Sendable {
        case waiting
        case running(RunningAudio)
        case ended
    }

    package private(set) var state = State.waiting
    private var entropy: Entropy

    package init(entropy: Entropy) { self.entropy = entropy }

    package var isRunning: Bool { if case .running = state { true } else { false } }

    package mutating func handle(_ input: Input, at now: Instant) -> [Output] {
        let (next, outputs) = Self.transition(from: state, on: input, at: now, entropy: &entropy)
        state = next
        return outputs
    }

    private static func transition(
        from state: State, on input: Input, at now: Instant, entropy: inout Entropy
    ) -> (State, [Output]) {
        switch (state, input) {
        case (.waiting, .agreed(let audio)):
            return (.running(RunningAudio(audio, entropy: &entropy, at: now)), [])
        case (.waiting, .sendDigits):
            return (state, [.event(.digitsSent([]))])
        case (.waiting, .end):
            return (.ended, [.event(.ended(MediaCounters()))])
        case (.waiting, .rtp), (.waiting, .rtcp), (.waiting, .frame):
            return (state, [])

        case (.running(var running), .agreed(let audio)):
            let outputs = running.agreed(audio, at: now)
            return (.running(running), outputs)
        case (.running(var running), .rtp(let bytes, let source)):
            let outputs = running.receivedRTP(bytes, from: source, at: now)
            return (.running(running), outputs)
        case (.running(var running), .rtcp(let bytes, let source)):
            running.receivedRTCP(bytes, from: source, at: now)
            return (.running(running), [])
        case (.running(var running), .frame(let captured)):
            let outputs = running.frame(captured, at: now)
            return (.running(running), outputs)
        case (.running(var running), .sendDigits(let digits, let duration, let gap)):
            let outputs = running.sendDigits(digits, duration: duration, gap: gap)
            return (.running(running), outputs)
        case (.running(var running), .end):
            return (.ended, running.end(at: now))

        case (.ended, .agreed), (.ended, .rtp), (.ended, .rtcp), (.ended, .frame), (.ended, .end):
            return (.ended, [])
        case (.ended, .sendDigits):
            return (.ended, [.event(.digitsSent([]))])
        }
    }
}
