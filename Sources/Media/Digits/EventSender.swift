package import SDP
import SansIO

/// Sends digits, one after the other, as RTP events (RFC 4733 §2.5.1).
///
///            frame, not yet long enough
///               ┌──────┐
///   idle ──▶ sounding ─┴──▶ repeating ──▶ pausing ──▶ idle, or sounding with the next digit
///     digits queued     long enough   E sent 3 times   gap over
///
/// It is asked once for each frame of 20 ms and answers with the packet that stands in for the frame's sound.
package struct EventSender: Sendable {
    /// One `sendDigits`: what is left of it.
    private struct Batch {
        var digits: [DTMFDigit]
        var sent: [DTMFDigit] = []
        var duration: Int
        var gap: Int
    }
    private enum State {
        case idle
        /// `start` is the timestamp of the present segment, `elapsed` what of it is over, `left` of the digit.
        case sounding(DTMFDigit, start: UInt32, elapsed: Int, left: Int, isFirst: Bool)
        /// The end packet is out and is sent again so many times.
        case repeating(EventPayload, start: UInt32, left: Int)
        case pausing(left: Int)
    }

    /// What takes the place of the frame's sound, if anything.
    package enum Frame: Hashable, Sendable {
        case sound
        case event(EventPayload, timestamp: UInt32, marker: Bool)
    }

    static let longestDigit = Duration.seconds(10)
    static let longestQueue = 256
    private static let frame = AudioFrame.samples
    private static let segment = 0xFFFF

    private var state = State.idle
    private var batches: [Batch] = []
    private var finished: [[DTMFDigit]] = []

    package init() {}

    package var isIdle: Bool { if case .idle = state { batches.isEmpty } else { false } }

    /// Digits that the peer does not take are left out (§2.5.1.1).
    package mutating func queue(_ digits: [DTMFDigit], duration: Duration, gap: Duration, takenByPeer: TelephoneEvents?)
    {
        let frames = { (length: Duration, least: Int) in
            let samples = AudioFrame.samples(in: min(max(length, .zero), Self.longestDigit))
            return max(least, (samples + Self.frame - 1) / Self.frame) * Self.frame
        }
        let room = max(0, Self.longestQueue - batches.reduce(0) { $0 + $1.digits.count })
        let taken = digits.filter { takenByPeer?.contains($0.event) ?? false }.prefix(room)
        batches.append(Batch(digits: Array(taken), duration: frames(duration, 2), gap: frames(gap, 3)))
        settle()
    }

    /// Ends what sounds and forgets the rest: the stream stops.
    package mutating func stop() {
        state = .idle
        finished += batches.map(\.sent)
        batches = []
    }

    /// The batches that have been completed since the last call, each with the digits that really went out.
    package mutating func takeFinished() -> [[DTMFDigit]] {
        defer { finished = [] }
        return finished
    }

    /// The next frame, which begins at `timestamp`.
    package mutating func next(at timestamp: UInt32) -> Frame {
        let (next, frame) = advance(from: state, at: timestamp)
        state = next
        settle()
        return frame
    }

    private mutating func advance(from state: State, at timestamp: UInt32) -> (State, Frame) {
        switch state {
        case .idle:
            guard let digit = batches.first?.digits.first, let length = batches.first?.duration else {
                return (.idle, .sound)
            }
            return advance(
                from: .sounding(digit, start: timestamp, elapsed: 0, left: length, isFirst: true), at: timestamp)
        case .sounding(let digit, let start, let elapsed, let left, let isFirst):
            return sound(digit, start: start, elapsed: elapsed + Self.frame, left: left - Self.frame, isFirst: isFirst)
        case .repeating(let payload, let start, let left):
            let packet = Frame.event(payload, timestamp: start, marker: false)
            guard left <= 1 else { return (.repeating(payload, start: start, left: left - 1), packet) }
            digitEnded()
            return (.pausing(left: pause), packet)
        case .pausing(let left):
            return (left > Self.frame ? .pausing(left: left - Self.frame) : .idle, .sound)
        }
    }

    private func sound(
        _ digit: DTMFDigit, start: UInt32, elapsed: Int, left: Int, isFirst: Bool
    ) -> (State, Frame) {
        guard left > 0 else {
            let payload = EventPayload(event: digit.event, isEnd: true, duration: UInt16(clamping: elapsed))
            return (.repeating(payload, start: start, left: 2), .event(payload, timestamp: start, marker: isFirst))
        }
        let payload = EventPayload(event: digit.event, isEnd: false, duration: UInt16(clamping: elapsed))
        let packet = Frame.event(payload, timestamp: start, marker: isFirst)
        // A duration that does not fit: this packet closes the segment at 0xFFFF, the next one begins there (§2.5.1.3).
        if elapsed >= Self.segment {
            let next = start &+ UInt32(Self.segment)
            return (.sounding(digit, start: next, elapsed: elapsed - Self.segment, left: left, isFirst: false), packet)
        }
        return (.sounding(digit, start: start, elapsed: elapsed, left: left, isFirst: false), packet)
    }

    private mutating func digitEnded() {
        guard !batches.isEmpty, !batches[0].digits.isEmpty else { return }
        batches[0].sent.append(batches[0].digits.removeFirst())
    }
    /// The repeats of the end packet already filled two frames of the gap.
    private var pause: Int { max(Self.frame, (batches.first?.gap ?? 0) - 2 * Self.frame) }

    /// Batches without digits left are done once the line is quiet again.
    private mutating func settle() {
        guard case .idle = state else { return }
        while let first = batches.first, first.digits.isEmpty {
            finished.append(first.sent)
            batches.removeFirst()
        }
    }
}
