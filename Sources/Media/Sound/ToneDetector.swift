/// Finds a tone in samples by Goertzel's algorithm.
package enum ToneDetector {
    /// How much of the energy lies at the frequency: 1 for a pure tone, 0 for none of it or for silence.
    package static func share(of hertz: Int, in samples: ArraySlice<Int16>) -> Double {
        let energy = samples.reduce(0.0) { $0 + Double($1) * Double($1) }
        guard energy > 0 else { return 0 }
        let coefficient = 2 * Circle.point(turns: Double(hertz) / Double(AudioFrame.rate)).cosine
        var (before, last) = (0.0, 0.0)
        for sample in samples { (before, last) = (last, Double(sample) + coefficient * last - before) }
        let power = last * last + before * before - coefficient * last * before
        return 2 * power / (Double(samples.count) * energy)
    }

    /// For how long the sound is, in the main, this tone: windows of 50 ms in which it has most of the energy and the
    /// level is above that of a whisper.
    package static func duration(of hertz: Int, in samples: [Int16], above threshold: Double = 100) -> Duration {
        let window = AudioFrame.rate / 20
        var found = 0
        for start in stride(from: 0, through: samples.count - window, by: window) {
            let part = samples[start..<start + window]
            if level(of: part) >= threshold, share(of: hertz, in: part) >= 0.5 { found += 1 }
        }
        return .milliseconds(50) * found
    }

    /// The root of the mean square.
    package static func level(of samples: ArraySlice<Int16>) -> Double {
        guard !samples.isEmpty else { return 0 }
        return (samples.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(samples.count)).squareRoot()
    }
}
