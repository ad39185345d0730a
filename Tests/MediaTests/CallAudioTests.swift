import Media
import SDP
import SansIO
import Testing

@Suite("A call's sound")
struct CallAudioTests {
    @Test("Each end hears the other's tone, and the counters say so")
    func tones() throws {
        var pair = CallPair()
        pair.left.source = .tone(hertz: 440)
        pair.right.source = .tone(hertz: 600)
        try pair.start()
        pair.run(for: .seconds(3))
        #expect(ToneDetector.duration(of: 600, in: pair.left.heard) >= .milliseconds(2_800))
        #expect(ToneDetector.duration(of: 440, in: pair.right.heard) >= .milliseconds(2_800))
        #expect(pair.left.facts == [.started])
        let counters = try #require(pair.left.counters)
        #expect(counters.sent == 150 && counters.octetsSent == 150 * 160)
        #expect((147...149).contains(counters.received) && counters.lost == 0)
    }

    @Test("Packets have one source, counts up by one, time by 160, and the marker on the first only (RFC 3551 §4.1)")
    func stream() throws {
        var pair = CallPair()
        try pair.start()
        pair.run(for: .seconds(1))
        let sent = pair.left.sent
        #expect(sent.count == 50)
        #expect(zip(sent, sent.dropFirst()).allSatisfy { $1.sequence == $0.sequence &+ 1 })
        #expect(zip(sent, sent.dropFirst()).allSatisfy { $1.timestamp == $0.timestamp &+ 160 && $1.ssrc == $0.ssrc })
        #expect(sent.map(\.marker) == [true] + [Bool](repeating: false, count: 49))
    }

    @Test("Packets of 40 ms when the peer likes them (SDP-421)")
    func longPackets() throws {
        var pair = CallPair()
        pair.left.source = .tone(hertz: 440)
        pair.leftDoes(.agreed(try CallPair.plan(to: pair.right.address, packetTime: 40)))
        pair.rightDoes(.agreed(try CallPair.plan(to: pair.left.address)))
        pair.run(for: .seconds(1))
        #expect(pair.left.sent.count == 25)
        #expect(pair.left.sent.allSatisfy { $0.payload.count == 320 })
        #expect(ToneDetector.duration(of: 440, in: pair.right.heard) >= .milliseconds(800))
    }

    @Test("An echo gives the tone back to who sent it")
    func echo() throws {
        var pair = CallPair()
        pair.left.source = .tone(hertz: 440)
        pair.right.source = .echo
        pair.delay = 5..<15
        try pair.start()
        pair.run(for: .seconds(2))
        #expect(ToneDetector.duration(of: 440, in: pair.left.heard) >= .milliseconds(1_600))
    }

    @Test("With 5 % lost, jitter, duplicates and reordering most of the tone arrives", arguments: 1...8)
    func badNetwork(seed: UInt64) throws {
        var pair = CallPair(seed: seed)
        pair.loss = 0.05
        pair.duplicates = 0.05
        pair.delay = 10..<50
        pair.left.source = .tone(hertz: 440)
        try pair.start()
        pair.run(for: .seconds(10))
        #expect(ToneDetector.duration(of: 440, in: pair.right.heard) >= .seconds(8))
        let counters = try #require(pair.right.counters)
        #expect(counters.jitter > .milliseconds(3) && counters.jitter < .milliseconds(40))
        #expect(counters.received > 450)
    }

    @Test("Hold: no RTP is sent, none is played; after it the stream goes on with a marker (RFC 3264 §8.4)")
    func hold() throws {
        var pair = CallPair()
        pair.left.source = .tone(hertz: 440)
        try pair.start()
        pair.run(for: .seconds(1))
        pair.leftDoes(.agreed(try CallPair.plan(to: pair.right.address, direction: .inactive)))
        pair.run(for: .milliseconds(200))
        let (sent, heard) = (pair.left.sent.count, pair.left.heard.count)
        pair.run(for: .seconds(8))
        #expect(pair.left.sent.count == sent)
        #expect(pair.left.heard[heard...].allSatisfy { $0 == 0 })
        #expect(pair.left.facts == [.started])
        #expect(pair.right.facts == [.started, .stalled])
        pair.leftDoes(.agreed(try CallPair.plan(to: pair.right.address)))
        pair.run(for: .seconds(1))
        let resumed = pair.left.sent[sent...]
        #expect(resumed.first?.marker == true && resumed.dropFirst().allSatisfy { !$0.marker })
        #expect(resumed.first?.ssrc == pair.left.sent.first?.ssrc)
        #expect(pair.left.facts == [.started, .started])
        #expect(pair.right.facts == [.started, .stalled, .started])
    }

    @Test("Nothing is ever sent to 0.0.0.0 (SDP-417, RFC 3264 §8.4)")
    func unspecified() throws {
        var pair = CallPair()
        var audio = try CallPair.plan(to: pair.right.address)
        audio.remote.ip = .v4(0)
        pair.leftDoes(.agreed(audio))
        pair.run(for: .seconds(10))
        pair.leftDoes(.end)
        #expect(pair.left.sent.isEmpty && pair.left.reports.isEmpty)
    }

    @Test("As long as no audio is agreed on, neither RTP nor RTCP leaves, whatever comes (SDP-416, RFC 3264 §6)")
    func refused() throws {
        var pair = CallPair()
        pair.rightDoes(.agreed(try CallPair.plan(to: pair.left.address)))
        pair.run(for: .seconds(10))
        #expect(!pair.right.sent.isEmpty)
        pair.leftDoes(.sendDigits("1".compactMap(DTMFDigit.init), duration: .milliseconds(100), gap: .milliseconds(80)))
        pair.run(for: .seconds(10))
        pair.leftDoes(.end)
        #expect(pair.left.sent.isEmpty && pair.left.reports.isEmpty && pair.left.heard.allSatisfy { $0 == 0 })
    }

    @Test("A peer of whom nothing is heard is not sent to for more than 5 s, until something comes (H-097)")
    func consent() throws {
        var pair = CallPair()
        pair.leftDoes(.agreed(try CallPair.plan(to: pair.right.address)))
        pair.run(for: .seconds(20))
        #expect(pair.left.sent.count == 249)
        #expect(pair.left.facts == [.stalled])
        pair.rightDoes(.agreed(try CallPair.plan(to: pair.left.address)))
        pair.run(for: .seconds(1))
        #expect(pair.left.sent.count > 290)
        #expect(pair.left.facts == [.stalled, .started])
    }

    @Test("Reports go out every few seconds with what was sent, lost and how long the way is (RFC 3550 §6.4)")
    func reports() throws {
        var pair = CallPair()
        pair.loss = 0.1
        pair.delay = 30..<31
        try pair.start()
        pair.run(for: .seconds(60))
        #expect((8...30).contains(pair.left.reports.count))
        guard case .senderReport(let ssrc, let information, let blocks)? = pair.left.reports.last?.first else {
            Issue.record("no sender report")
            return
        }
        #expect(ssrc == pair.left.sent.first?.ssrc && information.packets > 2_000)
        #expect(blocks.count == 1 && blocks[0].ssrc == pair.right.sent.first?.ssrc && blocks[0].lost > 100)
        let roundTrip = try #require(pair.left.counters?.roundTrip)
        #expect(roundTrip >= .milliseconds(59) && roundTrip <= .milliseconds(81))
    }

    @Test("The end says goodbye by RTCP and is said once; a peer's goodbye ends nothing (H-090, H-100)")
    func goodbye() throws {
        var pair = CallPair()
        try pair.start()
        pair.run(for: .seconds(1))
        pair.rightDoes(.end)
        #expect(pair.right.reports.last?.contains { if case .goodbye = $0 { true } else { false } } == true)
        pair.run(for: .seconds(1))
        #expect(pair.left.audio.isRunning)
        pair.rightDoes(.end)
        pair.rightDoes(.agreed(try CallPair.plan(to: pair.left.address)))
        #expect(pair.right.facts.count == 2)
        guard case .ended(let counters)? = pair.right.events.last else {
            Issue.record("not ended")
            return
        }
        #expect(counters.sent == 50)
    }

    @Test("An end before anything was agreed is an end, too")
    func earlyEnd() {
        var audio = CallAudio(entropy: Entropy(seed: 1))
        #expect(audio.handle(.frame(captured: []), at: .zero) == [])
        #expect(audio.handle(.end, at: .zero) == [.event(.ended(MediaCounters()))])
        #expect(audio.handle(.end, at: .zero) == [])
    }
}
