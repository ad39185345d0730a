import Runtime
import SansIO
import Testing

@Suite("Clocks and entropy")
struct ClockTests {
    @Test(
        "Civil time is written as RFC 3339 asks, in leap years and before 1970, too",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (951_782_400_123, "2000-02-29T00:00:00.123Z"),
            (1_751_292_131_042, "2025-06-30T14:02:11.042Z"), (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
        ])
    func iso8601(milliseconds: Int, text: String) {
        #expect(WallTime(milliseconds: Int64(milliseconds)).iso8601 == text)
    }

    @Test("The monotonic clock goes forward from near zero, and maps to the wall clock")
    func monotonic() {
        let first = MonotonicClock.now()
        #expect(first >= .zero && MonotonicClock.now() >= first)
        let difference = WallClock.time(of: first + .seconds(3_600)).milliseconds - WallClock.now().milliseconds
        #expect((3_590_000...3_600_010).contains(difference))
    }

    @Test("The system's entropy does not repeat itself")
    func entropy() {
        var (one, other) = (SystemEntropy.make(), SystemEntropy.make())
        #expect(Set((0..<64).flatMap { _ in [one.token(), other.token()] }).count == 128)
    }

    @Test("A specific address is ours as it is; any address becomes the source of the default route, never itself")
    func discovery() {
        #expect(LocalAddresses.discover(listeningOn: .loopback4, port: 9) == .loopback(port: 9))
        let any = LocalAddresses.discover(listeningOn: .v6(0, 0), port: 9)
        #expect(any.ipv4?.isUnspecified != true && any.ipv6?.isUnspecified != true)
    }
}
