package import SansIO

/// One synchronisation source we listen to: whether its packets are in order, how many are missing and how unevenly
/// they come (RFC 3550 A.1, A.3, A.8).
package struct RTPSource: Sendable {
    /// In-order packets before a source is believed (A.1, MIN_SEQUENTIAL).
    static let probation = 2
    static let longestDropout: UInt16 = 3_000
    static let longestMisorder: UInt16 = 100

    private enum State {
        case probing(wanted: UInt16, left: Int)
        case valid
        /// A large jump: the source may have begun anew. Two packets in a row at the new place decide.
        case jumped(wanted: UInt16)
    }

    package let ssrc: UInt32
    private var state: State
    private var cycles: Int64 = 0
    private var base: Int64
    private var highest: UInt16
    package private(set) var received = 0
    private var lastTransit: Int64?
    private var jitterSixteenths: Int64 = 0
    /// What was expected and received when the last report was made.
    private var reported = (expected: 0, received: 0)

    package init(ssrc: UInt32, sequence: UInt16) {
        self.ssrc = ssrc
        state = .probing(wanted: sequence &+ 1, left: Self.probation - 1)
        base = Int64(sequence)
        highest = sequence
    }

    package enum Verdict: Hashable, Sendable {
        /// Not to be used: not yet believed, or at an impossible place.
        case unproven
        /// To be used. The source has just (again) become valid: what came before does not continue.
        case began
        case accepted
    }

    /// Takes the sequence number of the next packet; the first one was given to `init`.
    package mutating func take(_ sequence: UInt16) -> Verdict {
        switch state {
        case .probing(let wanted, let left):
            guard sequence == wanted else {
                state = .probing(wanted: sequence &+ 1, left: Self.probation - 1)
                return .unproven
            }
            guard left <= 1 else {
                state = .probing(wanted: sequence &+ 1, left: left - 1)
                return .unproven
            }
            return begin(at: sequence)
        case .jumped(let wanted) where sequence == wanted:
            return begin(at: sequence)
        case .valid, .jumped:
            let ahead = sequence &- highest
            if ahead < Self.longestDropout {
                if sequence < highest { cycles += 65_536 }
                highest = sequence
            } else if ahead <= 65_535 - Self.longestMisorder {
                state = .jumped(wanted: sequence &+ 1)
                return .unproven
            }
            state = .valid
            received += 1
            return .accepted
        }
    }

    private mutating func begin(at sequence: UInt16) -> Verdict {
        state = .valid
        cycles = 0
        base = Int64(sequence)
        highest = sequence
        received = 1
        reported = (0, 0)
        return .began
    }

    package var isValid: Bool { if case .probing = state { false } else { true } }
    package var extendedHighest: UInt32 { UInt32(truncatingIfNeeded: cycles + Int64(highest)) }
    private var expected: Int { isValid ? Int(cycles + Int64(highest) - base + 1) : 0 }
    /// Negative counts, of duplicates, are told as none.
    package var lost: Int { max(0, expected - received) }

    /// Interarrival jitter (A.8). Packets of events are not timed: they keep the timestamp of their beginning.
    package mutating func timed(_ timestamp: UInt32, at now: Instant) {
        let transit = now.nanoseconds / 125_000 &- Int64(timestamp)
        if let lastTransit {
            let difference = abs(Int64(Int32(truncatingIfNeeded: transit &- lastTransit)))
            jitterSixteenths += min(difference, 1 << 24) - (jitterSixteenths + 8) / 16
        }
        lastTransit = transit
    }
    package var jitterUnits: UInt32 { UInt32(clamping: jitterSixteenths / 16) }

    /// The share lost since the last call, in 256ths (A.3).
    package mutating func fractionLost() -> UInt8 {
        let (nowExpected, nowReceived) = (expected, received)
        let wanted = nowExpected - reported.expected
        let missing = wanted - (nowReceived - reported.received)
        reported = (nowExpected, nowReceived)
        return wanted <= 0 || missing <= 0 ? 0 : UInt8(clamping: missing * 256 / wanted)
    }
}
