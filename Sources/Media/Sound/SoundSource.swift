/// What a call says: a device without the files, which the runtime reads and writes.
package struct SoundSource: Sendable {
    private enum Kind {
        case silence
        case tone(ToneGenerator)
        /// Played over and over.
        case loop([Int16], at: Int)
        /// What was heard and is not yet sent back.
        case echo([Int16])
    }
    /// Sound that an echo may hold back: more than one frame waits only when the host's clock stumbles.
    private static let longestEcho = 10 * AudioFrame.samples
    private var kind: Kind

    private init(_ kind: Kind) { self.kind = kind }
    package static let silence = SoundSource(.silence)
    package static let echo = SoundSource(.echo([]))
    package static func tone(hertz: Int) -> SoundSource { SoundSource(.tone(ToneGenerator(hertz: hertz))) }
    package static func loop(_ samples: [Int16]) -> SoundSource {
        SoundSource(samples.isEmpty ? .silence : .loop(samples, at: 0))
    }

    package mutating func next() -> [Int16] {
        switch kind {
        case .silence: return AudioFrame.silence
        case .tone(var generator):
            let frame = generator.next(AudioFrame.samples)
            kind = .tone(generator)
            return frame
        case .loop(let samples, let at):
            kind = .loop(samples, at: (at + AudioFrame.samples) % samples.count)
            return (0..<AudioFrame.samples).map { samples[(at + $0) % samples.count] }
        case .echo(let waiting):
            kind = .echo(Array(waiting.dropFirst(AudioFrame.samples)))
            return Array((waiting + AudioFrame.silence).prefix(AudioFrame.samples))
        }
    }

    package mutating func heard(_ frame: [Int16]) {
        guard case .echo(let waiting) = kind else { return }
        kind = .echo(Array((waiting + frame).suffix(Self.longestEcho)))
    }
}
