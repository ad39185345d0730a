import Media
import SDP
import SansIO
import Testing

@Suite("Strangers on the media port (H-087, H-088)")
struct IntruderTests {
    private static let peer = SocketAddress(.v4(0x0A00_0002), port: 6_000)
    private static let otherPort = SocketAddress(peer.ip, port: 7_000)
    private static let stranger = SocketAddress(.v4(0x0A00_0063), port: 6_000)

    private struct Phone {
        var audio = CallAudio(entropy: Entropy(seed: 5))
        var now = Instant.zero
        var sentTo: [SocketAddress] = []
        var received: Int { counters.received }
        var counters = MediaCounters()

        init() throws {
            _ = audio.handle(.agreed(try CallPair.plan(to: IntruderTests.peer)), at: now)
        }
        /// So many packets in a row from there, then a second of frames.
        mutating func hears(
            _ count: Int, from source: SocketAddress, ssrc: UInt32 = 7, first: UInt16 = 1, payloadType: UInt8 = 0
        ) {
            for index in 0..<count {
                let packet = RTPPacket(
                    payloadType: payloadType, sequence: first &+ UInt16(truncatingIfNeeded: index),
                    timestamp: UInt32(160 * index), ssrc: ssrc, payload: [UInt8](repeating: 0, count: 160))
                _ = audio.handle(.rtp(packet.serialised(), from: source), at: now)
            }
            for _ in 0..<50 {
                now += .milliseconds(20)
                for output in audio.handle(.frame(captured: []), at: now) {
                    switch output {
                    case .sendRTP(_, let remote): sentTo.append(remote)
                    case .event(.counters(let counters)): self.counters = counters
                    case .sendRTCP, .play, .event: break
                    }
                }
            }
        }
    }

    @Test("Before the peer is heard, another host is not taken for it (H-087)")
    func before() throws {
        var phone = try Phone()
        phone.hears(10, from: Self.stranger)
        #expect(phone.received == 0 && phone.counters.discarded == 10)
        phone.hears(10, from: Self.peer)
        #expect(phone.received == 9)
        #expect(Set(phone.sentTo) == [Self.peer])
    }

    @Test("Once the peer was heard at its address, nothing from elsewhere counts, whatever its source says (H-087)")
    func after() throws {
        var phone = try Phone()
        phone.hears(10, from: Self.peer)
        phone.hears(10, from: Self.otherPort, first: 11)
        phone.hears(10, from: Self.stranger, first: 11)
        phone.hears(10, from: Self.stranger, ssrc: 8)
        #expect(phone.received == 9 && phone.counters.discarded == 31)
        #expect(Set(phone.sentTo) == [Self.peer])
    }

    @Test("Another port of the peer's host is learnt once, before its own was heard, and sent to from then on (H-087)")
    func learnt() throws {
        var phone = try Phone()
        phone.hears(10, from: Self.otherPort)
        #expect(phone.received == 9)
        #expect(Set(phone.sentTo) == [Self.otherPort])
        phone.hears(10, from: SocketAddress(Self.peer.ip, port: 9), first: 11)
        phone.hears(10, from: Self.peer, first: 11)
        #expect(phone.received == 9)
        #expect(Set(phone.sentTo) == [Self.otherPort])
    }

    @Test("A payload type nobody agreed on teaches nothing and is not played")
    func payloadType() throws {
        var phone = try Phone()
        phone.hears(10, from: Self.otherPort, payloadType: 18)
        #expect(phone.received == 0)
        #expect(Set(phone.sentTo) == [Self.peer])
    }

    @Test("Ten thousand sources with a packet each are not played and leave the real one alone (H-088)")
    func manySources() throws {
        var phone = try Phone()
        phone.hears(10, from: Self.peer)
        for ssrc in 100..<10_100 as Range<UInt32> {
            let packet = RTPPacket(payloadType: 0, sequence: 5, timestamp: 0, ssrc: ssrc, payload: [1])
            _ = phone.audio.handle(.rtp(packet.serialised(), from: Self.peer), at: phone.now)
        }
        phone.hears(10, from: Self.peer, first: 11)
        #expect(phone.received == 19 && phone.counters.lost == 0)
    }

    @Test("Payloads that are empty, odd or as large as a datagram are concealed or cut, never read past (H-098)")
    func oddPayloads() throws {
        var phone = try Phone()
        phone.hears(10, from: Self.peer)
        var played = 0
        for (index, count) in [0, 1, 7, 159, 161, 320, 4_000, 65_000].enumerated() {
            let packet = RTPPacket(
                payloadType: 0, sequence: UInt16(11 + index), timestamp: UInt32(160 * (10 + index)), ssrc: 7,
                payload: [UInt8](repeating: 0x55, count: count))
            _ = phone.audio.handle(.rtp(packet.serialised(), from: Self.peer), at: phone.now)
            phone.now += .milliseconds(20)
            for output in phone.audio.handle(.frame(captured: [1, 2, 3]), at: phone.now) {
                guard case .play(let samples) = output else { continue }
                #expect(samples.count == AudioFrame.samples)
                played += 1
            }
        }
        #expect(played == 8)
        phone.hears(10, from: Self.peer, first: 19)
        #expect(phone.received > 19)
    }

    @Test("A new source that sends two in a row takes over, and what was counted stays counted")
    func takeOver() throws {
        var phone = try Phone()
        phone.hears(10, from: Self.peer)
        phone.hears(10, from: Self.peer, ssrc: 9, first: 60_000)
        #expect(phone.received == 18 && phone.counters.lost == 0)
    }
}
