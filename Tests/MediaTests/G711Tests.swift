import Media
import SDP
import Testing

@Suite("G.711")
struct G711Tests {
    /// FNV-1a over the 16-bit values, low octet first.
    private func fingerprint(_ samples: [Int16]) -> UInt64 {
        samples.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
            .reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    @Test("All 256 codes decode to the values of the standard's tables (checked against another implementation)")
    func decoding() {
        #expect(fingerprint(G711.decode(0...255, with: .pcmu)) == 0xB91E_65D6_8481_A1A8)
        #expect(fingerprint(G711.decode(0...255, with: .pcma)) == 0x693A_40CA_62A3_D2A5)
        #expect(G711.decode([0, 127, 128, 255], with: .pcmu) == [-32_124, 0, 32_124, 0])
        #expect(G711.decode([0x55, 0xD5, 0x2A, 0xAA], with: .pcma) == [-8, 8, -32_256, 32_256])
    }

    @Test(
        "Samples encode to the codes of another implementation",
        arguments: [
            (0, 255, 213), (4, 254, 213), (8, 254, 213), (100, 242, 211), (1_000, 206, 250), (-1_000, 78, 122),
            (8_000, 160, 138), (-8_000, 32, 10), (32_124, 128, 170), (32_767, 128, 170), (-32_768, 0, 42),
            (12_345, 151, 189), (-12_345, 23, 61),
        ] as [(Int16, UInt8, UInt8)])
    func encoding(sample: Int16, muLaw: UInt8, aLaw: UInt8) {
        #expect(G711.encode([sample], with: .pcmu) == [muLaw])
        #expect(G711.encode([sample], with: .pcma) == [aLaw])
    }

    @Test("Decoding and encoding again changes no code but that of minus zero", arguments: AudioCodec.allCases)
    func stable(codec: AudioCodec) {
        let changed = (UInt8.min...UInt8.max).filter {
            G711.encode(G711.decode([$0], with: codec), with: codec) != [$0]
        }
        #expect(changed == (codec == .pcmu ? [127] : []))
    }

    @Test("Every sample can be encoded and comes back near", arguments: AudioCodec.allCases)
    func near(codec: AudioCodec) {
        let samples = Array(stride(from: Int16.min, through: .max - 7, by: 7))
        let back = G711.decode(G711.encode(samples, with: codec), with: codec)
        #expect(zip(samples, back).allSatisfy { abs(Int($0) - Int($1)) <= max(16, abs(Int($0)) / 16) })
    }

    @Test("A tone is found after it went through the codec, and no other one", arguments: AudioCodec.allCases)
    func tone(codec: AudioCodec) {
        var generator = ToneGenerator(hertz: 440)
        let heard = G711.decode(G711.encode(generator.next(8_000), with: codec), with: codec)
        #expect(ToneDetector.duration(of: 440, in: heard) == .seconds(1))
        #expect(ToneDetector.duration(of: 600, in: heard) == .zero)
        #expect(abs(ToneDetector.level(of: heard[...]) - 8_000 / 2.0.squareRoot()) < 60)
    }

    @Test("A tone keeps its frequency and level for minutes")
    func longTone() {
        var generator = ToneGenerator(hertz: 1_000, amplitude: 10_000)
        for _ in 0..<100 { _ = generator.next(16_000) }
        let last = generator.next(400)
        #expect(ToneDetector.share(of: 1_000, in: last[...]) > 0.999)
        #expect(abs(ToneDetector.level(of: last[...]) - 10_000 / 2.0.squareRoot()) < 10)
    }

    @Test("Silence has no tone")
    func silence() { #expect(ToneDetector.share(of: 440, in: AudioFrame.silence[...]) == 0) }
}
