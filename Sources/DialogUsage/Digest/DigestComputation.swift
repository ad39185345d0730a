package import SansIO

/// The arithmetic of digest (RFC 7616 §3.4), the same for both sides.
package struct DigestComputation: Sendable {
    /// What there is only with qop: the count of this nonce's uses and the client's own nonce.
    package struct Use: Hashable, Sendable {
        package var protection: DigestProtection
        package var nc: String
        package var cnonce: String

        package init(_ protection: DigestProtection = .authentication, nc: String, cnonce: String) {
            self.protection = protection
            self.nc = nc
            self.cnonce = cnonce
        }
    }

    package var algorithm: DigestAlgorithm
    package var user: String
    package var realm: String
    package var password: Secret<String>
    package var nonce: String
    /// nil: the form of RFC 2069, without qop.
    package var use: Use?

    package init(
        _ algorithm: DigestAlgorithm, user: String, realm: String, password: Secret<String>, nonce: String, use: Use?
    ) {
        self.algorithm = algorithm
        self.user = user
        self.realm = realm
        self.password = password
        self.nonce = nonce
        self.use = use
    }

    /// `response` of the credentials (§3.4.1).
    package func response(method: String, uri: String, body: [UInt8]) -> String {
        digest(ofSecond: "\(method):\(uri)", body: body)
    }
    /// `rspauth` of Authentication-Info: the same without a method (§3.5).
    package func proof(uri: String, body: [UInt8]) -> String { digest(ofSecond: ":\(uri)", body: body) }

    private func digest(ofSecond base: String, body: [UInt8]) -> String {
        let hash = algorithm.hash
        guard let use else { return hash.hex("\(first):\(nonce):\(hash.hex(base))") }
        let second =
            switch use.protection {
            case .authentication: hash.hex(base)
            case .integrity: hash.hex("\(base):\(hash.hex(body))")
            }
        return hash.hex("\(first):\(nonce):\(use.nc):\(use.cnonce):\(use.protection.rawValue):\(second)")
    }

    /// H(A1) (§3.4.2).
    private var first: String {
        let hash = algorithm.hash
        let plain = hash.hex("\(user):\(realm):\(password.exposed())")
        guard algorithm.isSession, let use else { return plain }
        return hash.hex("\(plain):\(nonce):\(use.cnonce)")
    }

    /// The name that hides the user's (§3.4.4).
    package static func hashedName(_ hash: DigestHash, user: String, realm: String) -> String {
        hash.hex("\(user):\(realm)")
    }
}
