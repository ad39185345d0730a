import SansIO
import Testing

@Suite("Values of the lowest layer")
struct ValueTests {
    @Test(
        "Addresses are read in any form and written in the canonical one (RFC 4291 §2.2, RFC 5952)",
        arguments: [
            ("192.0.2.1", "192.0.2.1"), ("0.0.0.0", "0.0.0.0"), ("[::1]", "::1"),
            ("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
            ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("::", "::"), ("1::", "1::"),
            ("::ffff:192.0.2.1", "::ffff:c000:201"),
        ])
    func addresses(text: String, canonical: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == canonical)
        #expect(IPAddress(canonical) == address)
    }

    @Test(
        "What is no address is a name (H-019)",
        arguments: [
            "", "localhost", "1.2.3", "1.2.3.256", "1.2.3.4.5", "01.2.3.0004", ":", ":::", "::::", "[.1]",
            "fe80::1%25eth0", "fe80::1%eth0",
            "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "::+1", "::1.2.3", "1.2.3.4::", "[192.0.2.1]",
            "-1.2.3.4", "::1 ",
        ])
    func names(text: String) { #expect(IPAddress(text) == nil) }

    @Test("A time beyond all others is the last there is (H-006)")
    func saturation() {
        #expect(Instant.zero + .seconds(Int64.max) == .distantFuture)
        #expect(Instant.distantFuture + .seconds(1) == .distantFuture)
        #expect(Instant(nanoseconds: .min) - .seconds(1) == Instant(nanoseconds: .min))
        #expect(Instant.distantFuture - Instant(nanoseconds: -1) == .nanoseconds(Int64.max))
        #expect(Instant.zero + .milliseconds(1500) == Instant(nanoseconds: 1_500_000_000))
        #expect(Duration.milliseconds(1999).inMilliseconds == 1999)
        #expect(earliest(.zero, nil) == .zero)
        #expect(earliest(.zero, .distantFuture) == .zero)
        #expect(earliest(nil, nil) == nil)
    }

    @Test("A secret cannot be printed")
    func secret() {
        let secret = Secret("swordfish")
        var dumped = ""
        dump([secret], to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), "\([secret])", "\(Optional(secret) as Any)", dumped] {
            #expect(!text.contains("swordfish"))
        }
        #expect(secret.exposed() == "swordfish")
        #expect(secret == Secret("swordfish"))
    }

    @Test("Of 100,000 tokens none repeats, and every digit of them is as likely at every place (H-064)")
    func tokens() {
        var entropy = Entropy(SystemRandomNumberGenerator())
        var seen: Set<String> = []
        var counts = [[UInt8: Int]](repeating: [:], count: 16)
        for _ in 0..<100_000 {
            let token = entropy.token()
            for (place, digit) in token.utf8.enumerated() { counts[place][digit, default: 0] += 1 }
            seen.insert(token)
        }
        #expect(seen.count == 100_000)
        // 6,250 of each, and hardly ever more than six standard deviations off.
        for place in counts {
            #expect(place.count == 16)
            #expect(place.values.allSatisfy { (5_790...6_710).contains($0) })
        }
    }

    @Test("A seeded generator repeats itself, and a token has its length")
    func entropy() {
        var a = Entropy(seed: 7)
        var b = Entropy(seed: 7)
        #expect((0..<5).map { _ in a.next() } == (0..<5).map { _ in b.next() })
        #expect(a.token(digits: 20).utf8.count == 20)
        #expect((0..<100).allSatisfy { _ in (0..<1).contains(a.fraction()) })
    }
}
