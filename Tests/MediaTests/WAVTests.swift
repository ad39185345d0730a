import Media
import SDP
import Testing

@Suite("WAV files")
struct WAVTests {
    private static let samples: [Int16] = [0, 1, -1, .max, .min, 1_234]

    @Test("What is written is read again, and the header is the usual one of 44 octets")
    func roundTrip() throws {
        let file = WAVFile.write(Self.samples)
        #expect(try WAVFile.read(file) == Self.samples)
        #expect(file.count == WAVFile.headerLength + 12)
        #expect(
            Array(file.prefix(44)) == Array("RIFF".utf8) + [48, 0, 0, 0] + Array("WAVEfmt ".utf8) + [
                16, 0, 0, 0, 1, 0, 1, 0, 0x40, 0x1F, 0, 0, 0x80, 0x3E, 0, 0, 2, 0, 16, 0,
            ] + Array("data".utf8) + [12, 0, 0, 0])
    }

    private func file(code: UInt8, rate: UInt8 = 0x40, bits: UInt8, data: [UInt8], before: [UInt8] = []) -> [UInt8] {
        Array("RIFF".utf8) + [0, 0, 0, 0] + Array("WAVE".utf8) + before + Array("fmt ".utf8) + [
            18, 0, 0, 0, code, 0, 1, 0, rate, 0x1F, 0, 0, 0, 0, 0, 0, 1, 0, bits, 0, 0, 0,
        ] + Array("data".utf8) + [UInt8(data.count), 0, 0, 0] + data
    }

    @Test("G.711 files and unknown chunks of odd length are read")
    func g711() throws {
        let list = Array("LIST".utf8) + [3, 0, 0, 0, 1, 2, 3, 0]
        #expect(try WAVFile.read(file(code: 7, bits: 8, data: [0, 255], before: list)) == [-32_124, 0])
        #expect(try WAVFile.read(file(code: 6, bits: 8, data: [0xD5])) == [8])
    }

    @Test("A file that was never finished is read to its end")
    func unfinished() throws {
        #expect(try WAVFile.read(WAVFile.header(samples: 0) + WAVFile.body(Self.samples)) == Self.samples)
        #expect(try WAVFile.read(WAVFile.header(samples: 9_999) + WAVFile.body(Self.samples) + [7]) == Self.samples)
    }

    @Test("What is no such file is refused with its reason")
    func refused() {
        let sound = WAVFile.write(Self.samples)
        #expect(throws: WAVError.notWAV) { try WAVFile.read([]) }
        #expect(throws: WAVError.notWAV) { try WAVFile.read(Array("RIFX".utf8) + sound.dropFirst(4)) }
        #expect(throws: WAVError.noFormat) { try WAVFile.read(Array(sound[..<12] + sound[36...])) }
        #expect(throws: WAVError.noSound) { try WAVFile.read(Array(sound[..<36])) }
        #expect(throws: WAVError.noFormat) { try WAVFile.read(Array(sound[..<12])) }
        var long = sound
        long[16] = 255
        #expect(throws: WAVError.broken(offset: 12)) { try WAVFile.read(long) }
        #expect(throws: WAVError.unsupported(format: 1, rate: 8_000, channels: 1, bits: 8)) {
            try WAVFile.read(file(code: 1, bits: 8, data: []))
        }
        #expect(throws: WAVError.unsupported(format: 7, rate: 8_191, channels: 1, bits: 8)) {
            try WAVFile.read(file(code: 7, rate: 0xFF, bits: 8, data: []))
        }
    }

    @Test("No prefix of a file traps")
    func prefixes() {
        let sound = WAVFile.write(Self.samples)
        let read = (0...sound.count).filter { (try? WAVFile.read(Array(sound.prefix($0)))) != nil }
        #expect(read == Array(44...56))
    }

    @Test("Sources: a loop goes round, an echo gives back what it heard and holds little")
    func sources() {
        var loop = SoundSource.loop([1, 2, 3])
        #expect(loop.next().prefix(5) == [1, 2, 3, 1, 2])
        #expect(loop.next().first == 2)
        var echo = SoundSource.echo
        #expect(echo.next() == AudioFrame.silence)
        for value in 1...Int16(20) { echo.heard(Array(repeating: value, count: 160)) }
        #expect((0..<11).map { _ in echo.next()[0] } == [11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 0])
    }

    @Test(
        "Devices are named in one line",
        arguments: [
            ("null", .null), ("tone", .tone(hertz: 440)), ("tone:880", .tone(hertz: 880)), ("echo", .echo),
            ("file:a.wav,b.wav", .file(input: "a.wav", output: "b.wav")), ("file:,b", .file(input: nil, output: "b")),
            ("file:a", .file(input: "a", output: nil)), ("tone:0", nil), ("tone:99999", nil), ("file:", nil),
            ("file:,", nil), ("file:a,b,c", nil), ("alsa", nil), ("", nil),
        ] as [(String, AudioDevice?)])
    func devices(text: String, device: AudioDevice?) { #expect(AudioDevice(text) == device) }
}
