import SIPMessage

/// What shows a client whose credentials were right that we know its password too (RFC 7616 §3.5).
struct DigestProof: Sendable {
    let computation: DigestComputation
    private let uri: String

    init(_ computation: DigestComputation, uri: String) {
        self.computation = computation
        self.uri = uri
    }

    func info(for body: [UInt8], nextNonce: String?) -> AuthenticationInfo {
        AuthenticationInfo(
            nextNonce: nextNonce, qop: computation.use?.protection.rawValue,
            proof: computation.proof(uri: uri, body: body), cnonce: computation.use?.cnonce, nc: computation.use?.nc)
    }
}
