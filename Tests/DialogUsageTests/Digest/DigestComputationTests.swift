import DialogUsage
import SansIO
import Testing

@Suite("Digest, its arithmetic (RFC 7616, RFC 8760)")
struct DigestComputationTests {
    private static func computation(
        _ algorithm: DigestAlgorithm, _ use: DigestComputation.Use?
    ) -> DigestComputation {
        DigestComputation(
            algorithm, user: "alice", realm: "example.com", password: Secret("secret"), nonce: "N", use: use)
    }
    private static let use = DigestComputation.Use(nc: "00000001", cnonce: "C")
    private static let whole = DigestComputation.Use(.integrity, nc: "00000001", cnonce: "C")

    @Test(
        "The example of the RFC, with both hashes (AUT-264, RFC 7616 §3.9.1)",
        arguments: [
            (DigestHash.md5, "8ca523f5e9506fed4657c9700eebdbec"),
            (.sha256, "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
        ])
    func example(hash: DigestHash, response: String) {
        let computation = DigestComputation(
            DigestAlgorithm(hash), user: "Mufasa", realm: "http-auth@example.org", password: Secret("Circle of Life"),
            nonce: "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
            use: .init(nc: "00000001", cnonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"))
        #expect(computation.response(method: "GET", uri: "/dir/index.html", body: []) == response)
    }

    /// The digits that the RFC prints are those of SHA-512 cut to 256 bits, not of the SHA-512/256 that it refers to;
    /// these are OpenSSL's SHA-512/256.
    @Test("The example with userhash, charset and SHA-512-256 (AUT-282, RFC 7616 §3.9.2)")
    func userhash() {
        let (user, realm) = ("J\u{E4}s\u{F8}n Doe", "api@example.org")
        let computation = DigestComputation(
            DigestAlgorithm(.sha512Slash256), user: user, realm: realm, password: Secret("Secret, or not?"),
            nonce: "5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK",
            use: .init(nc: "00000001", cnonce: "NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v"))
        #expect(
            DigestComputation.hashedName(.sha512Slash256, user: user, realm: realm)
                == "793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b")
        #expect(
            computation.response(method: "GET", uri: "/doe.json", body: [])
                == "3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5")
    }

    /// NIST's example messages, and lengths on both sides of where a block is full.
    @Test(
        "SHA-512/256 (FIPS 180-4, NIST example vectors)",
        arguments: [
            ("", "c672b8d1ef56ed28ab87c3622c5114069bdd3ad7b8f9737498d0c01ecef0967a"),
            ("abc", "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23"),
            (
                "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrs"
                    + "mnopqrstnopqrstu", "3928e184fb8690f840da3988121d31be65cb9d3ef83ee6146feac861e19b563a"
            ),
            (
                String(repeating: "a", count: 111), "0239e429f98d0ed61ee8e2a7c30afe98c1c3a80ce5dff62a107e9c538f7632ce"
            ),
            (
                String(repeating: "a", count: 112), "9216b5303edb66504570bee90e48ea5beaa5e9fe9f760bbd3e0460559fc005f6"
            ),
            (
                String(repeating: "a", count: 127), "2fe3b2a6ee7e12f6fe4ba82166541ad9b4ed882c493581cbe300d68f3757b778"
            ),
            (
                String(repeating: "a", count: 128), "b88f97e274f9c1d49f181c8cbd01a9c74930ad055a46ac4499a1d601f1c80bf2"
            ),
        ])
    func sha512Slash256(message: String, digest: String) { #expect(DigestHash.sha512Slash256.hex(message) == digest) }

    @Test("Without qop the old form is used (AUT-266, RFC 2069, RFC 3261 §22.4)")
    func withoutQop() {
        let computation = DigestComputation(
            DigestAlgorithm(.md5), user: "bob", realm: "biloxi.com", password: Secret("zanzibar"),
            nonce: "dcd98b7102dd2f0e8b11d0f600bfb0c093", use: nil)
        #expect(
            computation.response(method: "INVITE", uri: "sip:bob@biloxi.com", body: [])
                == "bf57e4e0d0bffc0fbaedce64d59add5e")
    }

    @Test(
        "-sess forms A1 from nonce and cnonce (AUT-275, RFC 7616 §3.4.2)",
        arguments: [
            (DigestHash.md5, "8ae319524b042f87e0b83ce2af0e0d3c"),
            (.sha256, "e60cdeb737b8a51e3a395b9ce6e995a800110b85c5c144b42d3b13f8258ffee4"),
            (.sha512Slash256, "7ea77f4dce646fc122279ad46f89990a12e70f54529358200584d64c190b7633"),
        ])
    func session(hash: DigestHash, response: String) {
        let computation = Self.computation(DigestAlgorithm(hash, isSession: true), Self.use)
        #expect(computation.response(method: "REGISTER", uri: "sip:example.com", body: []) == response)
    }

    @Test(
        "auth-int hashes the body with the algorithm's own hash, an empty one too (RFC 8760 §2.6)",
        arguments: [
            (DigestHash.md5, "", "5d5d7fee53bbe51e3c332e10454a4dc3"),
            (.md5, "hello", "18c3aa2cbd9dd38202843bd8d3e7b701"),
            (.sha256, "", "80e3317860c50744e1f8aacb078ae79c021303aa81856b5bea62e01c1c00ea32"),
            (.sha256, "hello", "64e382ba1fab4750b94c5fdea7da1514e7fc91eb98d373d0de324597bc3165c3"),
            (.sha512Slash256, "", "161209aa81b36235a35aa43a2b29cb2c4fefe6e93cdef5e4a91c3efacf829dd4"),
            (.sha512Slash256, "hello", "aa39d7b22d74c8b8fd8c084b056ce11e097fbf7b55873db13119d906773e28d1"),
        ])
    func integrity(hash: DigestHash, body: String, response: String) {
        let method = body.isEmpty ? "REGISTER" : "MESSAGE"
        let uri = body.isEmpty ? "sip:example.com" : "sip:bob@example.com"
        let computation = Self.computation(DigestAlgorithm(hash), Self.whole)
        #expect(computation.response(method: method, uri: uri, body: Array(body.utf8)) == response)
    }

    @Test(
        "An algorithm we do not speak is passed over (RFC 8760 §2.4)",
        arguments: ["SHA-1", "AKAv1-MD5", "", "-sess", "SHA-512"])
    func unknown(algorithm: String) { #expect(DigestAlgorithm(named: algorithm) == nil) }

    @Test("No algorithm means MD5; names compare without case (RFC 7616 §3.3)")
    func names() {
        #expect(DigestAlgorithm(named: nil) == DigestAlgorithm(.md5))
        #expect(DigestAlgorithm(named: "sha-256") == DigestAlgorithm(.sha256))
        #expect(DigestAlgorithm(named: "sha-512-256-SESS") == DigestAlgorithm(.sha512Slash256, isSession: true))
    }
}
