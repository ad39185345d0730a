/// Where branches, tags, nonces and jitter come from: a generator that somebody above the fence chose.
///
/// The runtime passes the system's generator, tests and simulations a seeded one. Nothing below the fence draws
/// randomness from anywhere else, so a run is determined by its seed and its inputs.
package struct Entropy: RandomNumberGenerator, Sendable {
    private var source: any RandomNumberGenerator & Sendable

    package init(_ source: any RandomNumberGenerator & Sendable) { self.source = source }
    /// Repeatable, not secret: for tests, simulations and replays only.
    package init(seed: UInt64) { source = SeededGenerator(seed: seed) }

    package mutating func next() -> UInt64 { source.next() }

    /// A source of its own for another machine, so that neither sees how much the other draws. A repeatable source
    /// gives a repeatable one; the system's is simply shared.
    package mutating func split() -> Entropy {
        source is SeededGenerator ? Entropy(seed: next()) : self
    }

    /// A token of lower-case hexadecimal digits carrying 64 bits for every 16 digits, fit for a tag or a branch.
    package mutating func token(digits: Int = 16) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits)
        var bits: UInt64 = 0
        for index in 0..<digits {
            if index % 16 == 0 { bits = next() }
            bytes.append(Self.digits[Int(bits & 15)])
            bits >>= 4
        }
        return String(decoding: bytes, as: UTF8.self)
    }
    /// A number from 0 up to, not including, 1.
    package mutating func fraction() -> Double { Double(next() >> 11) / 9_007_199_254_740_992 }

    private static let digits: [UInt8] = Array("0123456789abcdef".utf8)
}

/// SplitMix64: small, fast and the same everywhere. Its output can be predicted; never give it to a real network.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64
    package init(seed: UInt64) { state = seed }
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
