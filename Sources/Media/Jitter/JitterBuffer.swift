/// Puts the peer's sound back in order and in time.
///
///   filling ── enough waits ──▶ playing ── nothing has come for long ──▶ filling
///
/// Places are sample counts of the peer's clock, unwrapped. What comes after its place was played is dropped; a gap is
/// bridged by the last frame, fading. A packet that came too late makes the buffer one frame deeper, up to a limit; a
/// buffer that is too full for long drops a frame, so that two clocks may differ.
package struct JitterBuffer: Sendable {
    private struct Chunk {
        var place: Int64
        var samples: [Int16]
        var end: Int64 { place + Int64(samples.count) }
    }
    private enum State {
        case filling
        /// `at` is the place of the next sample to be played; `missing` counts the frames bridged in a row, `full`
        /// those with too much in waiting.
        case playing(at: Int64, missing: Int, full: Int)
    }

    /// Frames that wait before playing begins.
    static let depths = 2...3
    /// Sound kept at most, and the largest step ahead that is not a new beginning (H-099).
    static let longest = Int64(AudioFrame.rate)
    static let tooFull = Int64(8 * AudioFrame.samples)
    /// Frames without anything before the peer counts as silent.
    static let patience = 10

    private var state = State.filling
    private var chunks: [Chunk] = []
    private var depth = depths.lowerBound
    private var lastTimestamp: UInt32?
    private var lastPlace: Int64 = 0
    private var lastFrame = AudioFrame.silence
    private var fade = 0
    package private(set) var dropped = 0

    package init() {}

    /// How much sound waits, in samples.
    package var waiting: Int { chunks.reduce(0) { $0 + $1.samples.count } }
    package var startDepth: Int { depth }

    package mutating func insert(_ samples: [Int16], timestamp: UInt32) {
        guard !samples.isEmpty else { return }
        var place = unwrap(timestamp)
        if let newest = chunks.last, abs(place - newest.place) > Self.longest { place = begin(at: timestamp) }
        if case .playing(let at, let missing, let full) = state {
            if abs(place - at) > Self.longest {
                place = begin(at: timestamp)
            } else if place + Int64(samples.count) <= at {
                dropped += 1
                if depth < Self.depths.upperBound {
                    depth += 1
                    state = .playing(at: at - Int64(AudioFrame.samples), missing: missing, full: full)
                }
                return
            }
        }
        let chunk = Chunk(place: place, samples: samples)
        let index = chunks.lastIndex { $0.place <= place }.map { $0 + 1 } ?? 0
        let overlaps =
            (index > 0 && chunks[index - 1].end > place) || (index < chunks.count && chunk.end > chunks[index].place)
        guard !overlaps, waiting + samples.count <= Int(Self.longest) else {
            dropped += 1
            return
        }
        chunks.insert(chunk, at: index)
    }

    /// The next 20 ms.
    package mutating func next() -> [Int16] {
        switch state {
        case .filling:
            guard let first = chunks.first, waiting >= depth * AudioFrame.samples else { return bridge() }
            state = .playing(at: first.place, missing: 0, full: 0)
            return next()
        case .playing(var at, var missing, var full):
            full = Int64(waiting) > Self.tooFull ? full + 1 : 0
            if full > Self.patience {
                at += Int64(AudioFrame.samples)
                discard(before: at)
                full = 0
            }
            let (frame, found) = cut(from: at)
            missing = found ? 0 : missing + 1
            at += Int64(AudioFrame.samples)
            discard(before: at)
            state = missing > Self.patience ? .filling : .playing(at: at, missing: missing, full: full)
            guard found else { return bridge() }
            lastFrame = frame
            fade = 0
            return frame
        }
    }

    /// Another source, or a clock that was set anew: nothing that waits is continued by what comes.
    package mutating func restart() {
        state = .filling
        chunks = []
        lastTimestamp = nil
    }

    private mutating func begin(at timestamp: UInt32) -> Int64 {
        restart()
        return unwrap(timestamp)
    }

    private mutating func unwrap(_ timestamp: UInt32) -> Int64 {
        if let lastTimestamp { lastPlace += Int64(Int32(bitPattern: timestamp &- lastTimestamp)) }
        lastTimestamp = timestamp
        return lastPlace
    }

    private func cut(from at: Int64) -> (frame: [Int16], found: Bool) {
        var frame = AudioFrame.silence
        var found = false
        for chunk in chunks where chunk.place < at + Int64(AudioFrame.samples) && chunk.end > at {
            found = true
            for place in max(at, chunk.place)..<min(at + Int64(AudioFrame.samples), chunk.end) {
                frame[Int(place - at)] = chunk.samples[Int(place - chunk.place)]
            }
        }
        return (frame, found)
    }

    private mutating func discard(before at: Int64) { chunks.removeAll { $0.end <= at } }

    /// The last frame at half, a quarter, an eighth of its level; then silence.
    private mutating func bridge() -> [Int16] {
        fade += 1
        return fade > 3 ? AudioFrame.silence : lastFrame.map { $0 >> Int16(fade) }
    }
}
