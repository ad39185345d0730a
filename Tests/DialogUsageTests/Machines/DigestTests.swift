import DialogUsage
import SIPMessage
import SansIO
import Testing

@Suite("Digest (RFC 7616, RFC 8760)")
struct DigestTests {
    /// The example of RFC 7616 §3.9.1.
    @Test(
        "The example of the RFC, with both hashes (RFC 7616 §3.9.1)",
        arguments: [
            (DigestHash.md5, "8ca523f5e9506fed4657c9700eebdbec"),
            (.sha256, "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
        ])
    func example(hash: DigestHash, response: String) {
        let computed = DigestResponse.compute(
            hash: hash, user: "Mufasa", realm: "http-auth@example.org", password: Secret("Circle of Life"),
            nonce: "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", method: "GET", uri: "/dir/index.html",
            protection: .init(nc: "00000001", cnonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"))
        #expect(computed == response)
    }

    @Test("Without qop the old form is used (RFC 2069, RFC 3261 §22.4)")
    func withoutQop() {
        let computed = DigestResponse.compute(
            hash: .md5, user: "bob", realm: "biloxi.com", password: Secret("zanzibar"),
            nonce: "dcd98b7102dd2f0e8b11d0f600bfb0c093", method: "INVITE", uri: "sip:bob@biloxi.com", protection: nil)
        #expect(computed == "bf57e4e0d0bffc0fbaedce64d59add5e")
    }

    @Test(
        "An algorithm we do not speak is passed over (RFC 8760 §2.4)",
        arguments: ["SHA-1", "MD5-sess", "AKAv1-MD5", ""])
    func unknown(algorithm: String) { #expect(DigestHash(algorithm: algorithm) == nil) }

    @Test("No algorithm means MD5; names compare without case (RFC 7616 §3.3)")
    func names() {
        #expect(DigestHash(algorithm: nil) == .md5)
        #expect(DigestHash(algorithm: "sha-256") == .sha256)
    }
}
