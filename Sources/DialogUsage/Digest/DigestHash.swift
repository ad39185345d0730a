import Crypto
package import SansIO

/// The hash of a digest scheme (RFC 7616 §3.3, RFC 8760). The only place that knows a cryptographic library.
package enum DigestHash: String, Hashable, Sendable, CaseIterable {
    /// Broken as a hash, still what most servers ask for (RFC 8760 §2.4).
    case md5 = "MD5"
    case sha256 = "SHA-256"

    /// nil for an algorithm we do not speak, such as `-sess`: the challenge is then passed over (RFC 8760 §2.4).
    package init?(algorithm: String?) {
        guard let algorithm else {
            self = .md5
            return
        }
        guard let known = Self.allCases.first(where: { $0.rawValue.lowercased() == algorithm.lowercased() }) else {
            return nil
        }
        self = known
    }

    /// The hash of the UTF-8 text, in lower-case hexadecimal.
    package func hex(_ text: String) -> String {
        switch self {
        case .md5: Self.hex(Insecure.MD5.hash(data: Array(text.utf8)))
        case .sha256: Self.hex(SHA256.hash(data: Array(text.utf8)))
        }
    }

    private static func hex(_ digest: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        let digits = Array("0123456789abcdef".utf8)
        for byte in digest {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}

/// The arithmetic of digest (RFC 7616 §3.4), the same for both sides.
package enum DigestResponse {
    package struct Protection: Hashable, Sendable {
        package var nc: String
        package var cnonce: String
        package init(nc: String, cnonce: String) {
            self.nc = nc
            self.cnonce = cnonce
        }
    }

    /// `protection` nil: the form of RFC 2069, without qop.
    package static func compute(
        hash: DigestHash, user: String, realm: String, password: Secret<String>, nonce: String, method: String,
        uri: String, protection: Protection?
    ) -> String {
        let ha1 = hash.hex("\(user):\(realm):\(password.exposed())")
        let ha2 = hash.hex("\(method):\(uri)")
        guard let protection else { return hash.hex("\(ha1):\(nonce):\(ha2)") }
        return hash.hex("\(ha1):\(nonce):\(protection.nc):\(protection.cnonce):auth:\(ha2)")
    }
}
