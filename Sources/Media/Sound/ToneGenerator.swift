/// A sine without end, as a vector that is turned a little for every sample.
package struct ToneGenerator: Sendable {
    /// What can be made and heard at 8 kHz.
    package static let hertz = 20...3_900
    package static let usualAmplitude = 8_000.0

    private let step: (cosine: Double, sine: Double)
    private var at = (cosine: 1.0, sine: 0.0)
    private let amplitude: Double

    package init(hertz: Int, amplitude: Double = usualAmplitude) {
        let clamped = min(max(hertz, Self.hertz.lowerBound), Self.hertz.upperBound)
        step = Circle.point(turns: Double(clamped) / Double(AudioFrame.rate))
        self.amplitude = min(max(amplitude, 0), 32_000)
    }

    package mutating func next(_ count: Int) -> [Int16] {
        var samples: [Int16] = []
        samples.reserveCapacity(count)
        for _ in 0..<count {
            samples.append(Int16((amplitude * at.sine).rounded()))
            at = (at.cosine * step.cosine - at.sine * step.sine, at.sine * step.cosine + at.cosine * step.sine)
        }
        // Rounding would let the length of the vector drift.
        let length = (at.cosine * at.cosine + at.sine * at.sine).squareRoot()
        at = (at.cosine / length, at.sine / length)
        return samples
    }
}

/// Points of the unit circle. The mathematics of the C library is beyond the fence, and this is all we need of it.
enum Circle {
    /// The point after so many turns, 0 to 1/2, by the series of sine and cosine.
    static func point(turns: Double) -> (cosine: Double, sine: Double) {
        let angle = 2 * Double.pi * turns
        var (cosine, sine) = (0.0, 0.0)
        var term = 1.0
        for power in 0..<32 {
            switch power % 4 {
            case 0: cosine += term
            case 1: sine += term
            case 2: cosine -= term
            default: sine -= term
            }
            term *= angle / Double(power + 1)
        }
        return (cosine, sine)
    }
}
