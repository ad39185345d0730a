/// What a server says of the credentials it has accepted: Authentication-Info (RFC 7616 §3.5). Values are without quotes.
package struct AuthenticationInfo: Hashable, Sendable {
    /// The nonce for the next request.
    package var nextNonce: String?
    package var qop: String?
    /// What only somebody can compute who knows the password.
    package var proof: String?
    package var cnonce: String?
    package var nc: String?

    package init(
        nextNonce: String? = nil, qop: String? = nil, proof: String? = nil, cnonce: String? = nil, nc: String? = nil
    ) {
        self.nextNonce = nextNonce
        self.qop = qop
        self.proof = proof
        self.cnonce = cnonce
        self.nc = nc
    }

    package init(parsing text: some StringProtocol) throws(SIPParseError) {
        let bytes = Array(text.utf8)
        try self.init(ByteRange(0, bytes.count), in: bytes)
    }
    init(_ range: ByteRange, in bytes: [UInt8]) throws(SIPParseError) {
        var scanner = Scanner(range)
        let parameters = try Parameters(commaList: &scanner, in: bytes)
        nextNonce = parameters["nextnonce"]
        qop = parameters["qop"]
        proof = parameters["rspauth"]
        cnonce = parameters["cnonce"]
        nc = parameters["nc"]
    }

    /// As the value of the field. qop and nc are not quoted, the others are (§3.5).
    package var serialised: String {
        var parts: [String] = []
        if let nextNonce { parts.append("nextnonce=\(nextNonce.quoted)") }
        if let qop { parts.append("qop=\(qop)") }
        if let proof { parts.append("rspauth=\(proof.quoted)") }
        if let cnonce { parts.append("cnonce=\(cnonce.quoted)") }
        if let nc { parts.append("nc=\(nc)") }
        return parts.joined(separator: ", ")
    }
}
