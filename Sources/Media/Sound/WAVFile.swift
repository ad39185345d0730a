import SDP

/// WAV files as values: 8 kHz, mono, 16-bit PCM or G.711, to samples and back.
package enum WAVFile {
    package static let headerLength = 44

    private enum Encoding: Hashable { case pcm, g711(AudioCodec) }

    package static func read(_ bytes: [UInt8]) throws(WAVError) -> [Int16] {
        guard bytes.count >= 12, word(bytes, 0) == "RIFF", word(bytes, 8) == "WAVE" else { throw .notWAV }
        var offset = 12
        var encoding: Encoding?
        while bytes.count - offset >= 8 {
            let name = word(bytes, offset)
            let start = offset + 8
            let length = number(bytes, offset + 4, octets: 4)
            if name == "data" {
                guard let encoding else { throw .noFormat }
                // Somebody who could not finish the file leaves 0 or too much here: the end of the file counts then.
                let end = length == 0 ? bytes.count : min(bytes.count, start + length)
                return decode(bytes[start..<end], encoding)
            }
            guard length <= bytes.count - start else { throw .broken(offset: offset) }
            if name == "fmt " {
                guard length >= 16 else { throw .broken(offset: offset) }
                encoding = try format(bytes, start)
            }
            offset = start + length + length % 2
        }
        throw encoding == nil ? .noFormat : .noSound
    }

    /// The header of a file with so many samples of 16-bit PCM.
    package static func header(samples: Int) -> [UInt8] {
        let length = min(max(0, samples), Int(UInt32.max - 36) / 2) * 2
        var header = Array("RIFF".utf8) + little(length + 36, octets: 4) + Array("WAVEfmt ".utf8)
        for (value, octets) in [
            (16, 4), (1, 2), (1, 2), (AudioFrame.rate, 4), (2 * AudioFrame.rate, 4), (2, 2), (16, 2),
        ] { header += little(value, octets: octets) }
        return header + Array("data".utf8) + little(length, octets: 4)
    }
    package static func body(_ samples: [Int16]) -> [UInt8] {
        samples.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    }
    package static func write(_ samples: [Int16]) -> [UInt8] { header(samples: samples.count) + body(samples) }

    private static func format(_ bytes: [UInt8], _ start: Int) throws(WAVError) -> Encoding {
        let code = number(bytes, start, octets: 2)
        let channels = number(bytes, start + 2, octets: 2)
        let rate = number(bytes, start + 4, octets: 4)
        let bits = number(bytes, start + 14, octets: 2)
        switch (code, rate, channels, bits) {
        case (1, AudioFrame.rate, 1, 16): return .pcm
        case (6, AudioFrame.rate, 1, 8): return .g711(.pcma)
        case (7, AudioFrame.rate, 1, 8): return .g711(.pcmu)
        default: throw .unsupported(format: code, rate: rate, channels: channels, bits: bits)
        }
    }

    private static func decode(_ octets: ArraySlice<UInt8>, _ encoding: Encoding) -> [Int16] {
        switch encoding {
        case .g711(let codec): return G711.decode(octets, with: codec)
        case .pcm:
            return stride(from: octets.startIndex, to: octets.endIndex - 1, by: 2).map { index in
                Int16(bitPattern: UInt16(octets[index]) | UInt16(octets[index + 1]) << 8)
            }
        }
    }

    private static func word(_ bytes: [UInt8], _ offset: Int) -> String {
        String(decoding: bytes[offset..<offset + 4], as: UTF8.self)
    }
    private static func number(_ bytes: [UInt8], _ offset: Int, octets: Int) -> Int {
        bytes[offset..<offset + octets].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    private static func little(_ value: Int, octets: Int) -> [UInt8] {
        (0..<octets).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
