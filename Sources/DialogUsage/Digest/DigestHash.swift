import Crypto

/// The hash of a digest scheme (RFC 7616 §3.3, RFC 8760), weakest first. The only place that knows a cryptographic
/// library.
package enum DigestHash: String, Hashable, Sendable, CaseIterable, Comparable {
    /// Broken as a hash, still what most servers ask for (RFC 8760 §2.4).
    case md5 = "MD5"
    case sha256 = "SHA-256"
    case sha512Slash256 = "SHA-512-256"

    package static func < (a: DigestHash, b: DigestHash) -> Bool { a.strength < b.strength }
    private var strength: Int {
        switch self {
        case .md5: 0
        case .sha256: 1
        case .sha512Slash256: 2
        }
    }

    /// The hash of the UTF-8 text, in lower-case hexadecimal.
    package func hex(_ text: String) -> String { hex(Array(text.utf8)) }

    package func hex(_ octets: [UInt8]) -> String {
        switch self {
        case .md5: Self.inHexadecimal(Insecure.MD5.hash(data: octets))
        case .sha256: Self.inHexadecimal(SHA256.hash(data: octets))
        case .sha512Slash256: Self.inHexadecimal(SHA512Slash256.hash(octets))
        }
    }

    private static func inHexadecimal(_ digest: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        let digits = Array("0123456789abcdef".utf8)
        for byte in digest {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
