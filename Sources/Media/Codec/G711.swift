package import SDP

/// G.711: one octet for each sample, µ-law or A-law (ITU-T G.711; RFC 3551 §4.5.14).
package enum G711 {
    package static func encode(_ samples: some Sequence<Int16>, with codec: AudioCodec) -> [UInt8] {
        switch codec {
        case .pcmu: samples.map(muLaw)
        case .pcma: samples.map(aLaw)
        }
    }

    package static func decode(_ octets: some Sequence<UInt8>, with codec: AudioCodec) -> [Int16] {
        let table = codec == .pcmu ? muLawTable : aLawTable
        return octets.map { table[Int($0)] }
    }

    /// Sign, position of the highest bit above the bias, the four bits below it; all inverted.
    static func muLaw(_ sample: Int16) -> UInt8 {
        let bias = 0x84
        let magnitude = min(abs(Int(sample)), 32_635) + bias
        let exponent = Int.bitWidth - 1 - magnitude.leadingZeroBitCount - 7
        let mantissa = magnitude >> (exponent + 3) & 0xF
        return ~UInt8((sample < 0 ? 0x80 : 0) | exponent << 4 | mantissa)
    }

    /// As above without a bias, with the even bits inverted; the two lowest segments are of equal width.
    static func aLaw(_ sample: Int16) -> UInt8 {
        let magnitude = Int(sample < 0 ? ~sample : sample) >> 3
        let exponent = max(0, Int.bitWidth - 1 - magnitude.leadingZeroBitCount - 4)
        let code = magnitude < 32 ? magnitude >> 1 : exponent << 4 | magnitude >> exponent & 0xF
        return UInt8(code | (sample < 0 ? 0 : 0x80)) ^ 0x55
    }

    private static let muLawTable: [Int16] = (0...255).map { code in
        let bits = ~code & 0xFF
        let magnitude = ((bits & 0xF) << 3 + 0x84) << (bits >> 4 & 7) - 0x84
        return Int16(bits & 0x80 == 0 ? magnitude : -magnitude)
    }
    private static let aLawTable: [Int16] = (0...255).map { code in
        let bits = code ^ 0x55
        let (exponent, mantissa) = (bits >> 4 & 7, bits & 0xF)
        let magnitude = exponent == 0 ? mantissa << 4 + 8 : (mantissa << 4 + 0x108) << (exponent - 1)
        return Int16(bits & 0x80 == 0 ? -magnitude : magnitude)
    }
}
