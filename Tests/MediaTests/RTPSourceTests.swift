import Media
import SansIO
import Testing

@Suite("Sources of RTP (RFC 3550 A.1, A.3, A.8)")
struct RTPSourceTests {
    private func source(from first: UInt16 = 100) -> RTPSource {
        var source = RTPSource(ssrc: 1, sequence: first)
        _ = source.take(first &+ 1)
        return source
    }

    @Test("A source is believed after two packets in a row (H-088)")
    func probation() {
        var source = RTPSource(ssrc: 1, sequence: 10)
        #expect(source.take(12) == .unproven)
        #expect(source.take(12) == .unproven)
        #expect(!source.isValid)
        #expect(source.take(13) == .began)
        #expect(source.take(14) == .accepted)
        #expect(source.received == 2 && source.lost == 0)
    }

    @Test("The count goes on after 65,535, and a late packet from before does not turn it back")
    func wrap() {
        var source = source(from: 65_533)
        #expect(source.take(65_535) == .accepted)
        #expect(source.take(1) == .accepted)
        #expect(source.take(0) == .accepted)
        #expect(source.extendedHighest == 65_537)
        #expect(source.lost == 0)
    }

    @Test("A jump needs two packets in a row at the new place; one stray changes nothing (H-088)")
    func jump() {
        var source = source()
        #expect(source.take(40_000) == .unproven)
        #expect(source.take(102) == .accepted)
        #expect(source.take(40_000) == .unproven)
        #expect(source.take(40_001) == .began)
        #expect(source.take(40_002) == .accepted)
        #expect(source.lost == 0)
    }

    @Test("Lost packets are counted, duplicates do not make the count negative (A.3)")
    func losses() {
        var source = source()
        for sequence in [102, 104, 106, 106] as [UInt16] { _ = source.take(sequence) }
        #expect(source.lost == 1)
        for _ in 0..<5 { _ = source.take(106) }
        #expect(source.lost == 0)
    }

    @Test("The share lost is that since the last report (A.3)")
    func fraction() {
        var source = source()
        for sequence in 102...105 as ClosedRange<UInt16> where sequence != 103 { _ = source.take(sequence) }
        #expect(source.fractionLost() == 51)  // one of five
        for sequence in 106...109 as ClosedRange<UInt16> { _ = source.take(sequence) }
        #expect(source.fractionLost() == 0)
    }

    @Test("Jitter of packets that come evenly is 0, of others it tends to their unevenness (A.8)")
    func jitter() {
        var (even, uneven) = (source(), source())
        for index in 0..<400 {
            let timestamp = UInt32.max &+ UInt32(160 * index)
            let now = Instant.zero + .milliseconds(20 * index)
            even.timed(timestamp, at: now)
            uneven.timed(timestamp, at: now + .milliseconds(index % 2 == 0 ? 0 : 10))
        }
        #expect(even.jitterUnits == 0)
        #expect((70...80).contains(uneven.jitterUnits))
    }
}
