/// The answer to a challenge: Authorization, Proxy-Authorization (RFC 7616 §3.4). Values are without quotes.
package struct Credentials: Hashable, Sendable {
    package var scheme: String
    package var username: String
    package var realm: String
    package var nonce: String
    package var uri: String
    package var response: String
    package var algorithm: String?
    package var cnonce: String?
    package var opaque: String?
    package var qop: String?
    package var nc: String?
    /// `username` is the hash of it (RFC 7616 §3.4.4).
    package var userhash: Bool

    package init(
        username: String, realm: String, nonce: String, uri: String, response: String, algorithm: String? = nil,
        cnonce: String? = nil, opaque: String? = nil, qop: String? = nil, nc: String? = nil,
        userhash: Bool = false
    ) {
        scheme = "Digest"
        self.username = username
        self.realm = realm
        self.nonce = nonce
        self.uri = uri
        self.response = response
        self.algorithm = algorithm
        self.cnonce = cnonce
        self.opaque = opaque
        self.qop = qop
        self.nc = nc
        self.userhash = userhash
    }

    package init(parsing text: some StringProtocol) throws(SIPParseError) {
        let bytes = Array(text.utf8)
        try self.init(ByteRange(0, bytes.count), in: bytes)
    }
    init(_ range: ByteRange, in bytes: [UInt8]) throws(SIPParseError) {
        let (scheme, parameters) = try Parameters.authentication(range, in: bytes)
        self.scheme = scheme
        username = parameters["username"] ?? ""
        realm = parameters["realm"] ?? ""
        nonce = parameters["nonce"] ?? ""
        uri = parameters["uri"] ?? ""
        response = parameters["response"] ?? ""
        algorithm = parameters["algorithm"]
        cnonce = parameters["cnonce"]
        opaque = parameters["opaque"]
        qop = parameters["qop"]
        nc = parameters["nc"]
        userhash = parameters["userhash"]?.isCaselessly("true") ?? false
    }

    /// As the value of the field. algorithm, qop, nc and userhash are not quoted, the others are (RFC 7616 §3.4).
    package var serialised: String {
        var text = "\(scheme) username=\(username.quoted), realm=\(realm.quoted), nonce=\(nonce.quoted)"
        text += ", uri=\(uri.quoted), response=\(response.quoted)"
        if let algorithm { text += ", algorithm=\(algorithm)" }
        if let cnonce { text += ", cnonce=\(cnonce.quoted)" }
        if let opaque { text += ", opaque=\(opaque.quoted)" }
        if let qop { text += ", qop=\(qop)" }
        if let nc { text += ", nc=\(nc)" }
        if userhash { text += ", userhash=true" }
        return text
    }
}
