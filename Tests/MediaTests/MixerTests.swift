import Media
import Testing

@Suite("Mixing")
struct MixerTests {
    @Test("Sounds are added, and what is too loud stays at the loudest")
    func sum() {
        let quiet = [Int16](repeating: 100, count: AudioFrame.samples)
        let loud = [Int16](repeating: 32_000, count: AudioFrame.samples)
        #expect(Mixer.sum([quiet, quiet]) == [Int16](repeating: 200, count: AudioFrame.samples))
        #expect(Mixer.sum([loud, loud]) == [Int16](repeating: .max, count: AudioFrame.samples))
        #expect(Mixer.sum([]) == AudioFrame.silence)
        #expect(Mixer.sum([quiet, [1]]).first == 101)
    }
}
