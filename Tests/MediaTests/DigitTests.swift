import Media
import SDP
import SansIO
import Testing

@Suite("Digits as events (RFC 4733)")
struct DigitTests {
    private func digits(_ text: String) -> [DTMFDigit] { text.compactMap(DTMFDigit.init) }

    @Test("Sixteen keys have the numbers of §3.2, small letters too")
    func keys() {
        #expect(digits("0123456789*#ABCD").map(\.event) == Array(0...15))
        #expect(digits("abcd").map(\.description) == ["A", "B", "C", "D"])
        #expect(digits("Eß x").isEmpty && DTMFDigit(event: 16) == nil)
    }

    @Test(
        "One event on the wire: marker first, one timestamp, growing durations, end three times (DTM-436, DTM-437, DTM-438, DTM-439)"
    )
    func wire() throws {
        var pair = CallPair()
        try pair.start()
        pair.run(for: .milliseconds(100))
        pair.leftDoes(.sendDigits(digits("5"), duration: .milliseconds(100), gap: .milliseconds(80)))
        pair.run(for: .milliseconds(400))
        let packets = pair.left.sent.filter { $0.payloadType == 96 }
        let payloads = packets.compactMap { EventPayload(parsing: $0.payload) }
        #expect(payloads.map(\.duration) == [160, 320, 480, 640, 800, 800, 800])
        #expect(payloads.map(\.isEnd) == [false, false, false, false, true, true, true])
        #expect(packets.map(\.marker) == [true] + [Bool](repeating: false, count: 6))
        #expect(Set(packets.map(\.timestamp)).count == 1 && Set(pair.left.sent.map(\.ssrc)).count == 1)
        let all = pair.left.sent
        #expect(zip(all, all.dropFirst()).allSatisfy { $1.sequence == $0.sequence &+ 1 })
        let index = try #require(all.firstIndex { $0.payloadType == 96 })
        #expect(all[index].timestamp == all[index - 1].timestamp &+ 160)
        #expect(all[index + 7].timestamp == all[index].timestamp &+ 7 * 160)
        #expect(pair.left.facts.contains(.digitsSent(digits("5"))))
        #expect(pair.right.digits == "5")
    }

    @Test("Many digits, one after the other, also equal ones; each is heard once")
    func many() throws {
        var pair = CallPair()
        try pair.start()
        pair.leftDoes(.sendDigits(digits("1123*#"), duration: .milliseconds(60), gap: .milliseconds(40)))
        pair.leftDoes(.sendDigits(digits("99"), duration: .milliseconds(60), gap: .milliseconds(40)))
        pair.run(for: .seconds(2))
        #expect(pair.right.digits == "1123*#99")
        #expect(
            pair.left.facts.filter { $0 != .started } == [.digitsSent(digits("1123*#")), .digitsSent(digits("99"))])
    }

    @Test(
        "With every fifth packet lost, and others twice or late, each digit is heard once (DTM-442)", arguments: 1...10)
    func badNetwork(seed: UInt64) throws {
        var pair = CallPair(seed: seed)
        try pair.start()
        pair.run(for: .seconds(1))
        pair.loss = 0.2
        pair.duplicates = 0.2
        pair.delay = 0..<15
        pair.leftDoes(.sendDigits(digits("0123456789*#ABCD"), duration: .milliseconds(100), gap: .milliseconds(80)))
        pair.run(for: .seconds(5))
        #expect(pair.right.digits == "0123456789*#ABCD")
    }

    @Test("What the peer does not list is not sent, and said so (DTM-441)")
    func fewerEvents() throws {
        var pair = CallPair()
        pair.leftDoes(.agreed(try CallPair.plan(to: pair.right.address, events: "0-9")))
        pair.leftDoes(.sendDigits(digits("1A#2"), duration: .milliseconds(60), gap: .milliseconds(60)))
        pair.run(for: .seconds(1))
        #expect(pair.left.facts == [.digitsSent(digits("12"))])
    }

    @Test("Without events, before the call and on hold, digits are answered at once with none sent")
    func impossible() throws {
        var pair = CallPair()
        pair.leftDoes(.sendDigits(digits("1"), duration: .zero, gap: .zero))
        var audio = try CallPair.plan(to: pair.right.address)
        audio.sendEventPayload = nil
        pair.leftDoes(.agreed(audio))
        pair.leftDoes(.sendDigits(digits("1"), duration: .zero, gap: .zero))
        pair.leftDoes(.agreed(try CallPair.plan(to: pair.right.address)))
        pair.leftDoes(.sendDigits(digits("12"), duration: .milliseconds(60), gap: .milliseconds(60)))
        pair.run(for: .milliseconds(200))
        pair.leftDoes(.agreed(try CallPair.plan(to: pair.right.address, direction: .receiveOnly)))
        #expect(pair.left.facts == [.digitsSent([]), .digitsSent([]), .digitsSent(digits("1"))])
    }

    @Test("A key held for 10 s is told in segments of 0xFFFF without marker, and is one digit (DTM-440, §2.5.1.3)")
    func long() throws {
        var pair = CallPair()
        try pair.start()
        pair.run(for: .milliseconds(100))
        pair.leftDoes(.sendDigits(digits("7"), duration: .seconds(3_600), gap: .zero))
        pair.run(for: .seconds(12))
        let packets = pair.left.sent.filter { $0.payloadType == 96 }
        let starts = packets.map(\.timestamp).reduce(into: [UInt32]()) { if $0.last != $1 { $0.append($1) } }
        #expect(starts.count == 2 && starts[1] == starts[0] &+ 0xFFFF)
        #expect(packets.filter(\.marker).count == 1)
        let payloads = packets.compactMap { EventPayload(parsing: $0.payload) }
        #expect(payloads.contains { $0.duration == 0xFFFF && !$0.isEnd })
        #expect(payloads.last?.duration == UInt16(80_000 - 0xFFFF) && payloads.last?.isEnd == true)
        #expect(pair.right.digits == "7")
    }

    @Test("Odd payloads: too short, too long, reserved bit, events that are no keys (DTM-444)")
    func odd() {
        #expect(EventPayload(parsing: [1, 0, 0]) == nil)
        #expect(EventPayload(parsing: [UInt8](repeating: 0, count: 4_096)) == nil)
        #expect(
            EventPayload(parsing: [1, 0xFF, 1, 2]) == EventPayload(event: 1, isEnd: true, volume: 63, duration: 258))
        var receiver = EventReceiver()
        #expect(receiver.take(EventPayload(event: 255, isEnd: false, duration: 0xFFFF), timestamp: 1, at: .zero) == nil)
        #expect(receiver.take(EventPayload(event: 16, isEnd: true, duration: 1), timestamp: 500, at: .zero) == nil)
        #expect(receiver.take(EventPayload(event: 3, isEnd: true, duration: 1), timestamp: 900, at: .zero)?.event == 3)
    }

    @Test("An event that lost its end is over after 150 ms: what follows is a new digit (DTM-443)")
    func withoutEnd() {
        var receiver = EventReceiver()
        let payload = EventPayload(event: 4, isEnd: false, duration: 0xFFFF)
        #expect(receiver.take(payload, timestamp: 0, at: .zero) != nil)
        #expect(receiver.take(payload, timestamp: 0xFFFF, at: .zero + .milliseconds(100)) == nil)
        #expect(receiver.take(payload, timestamp: 0x1FFFE, at: .zero + .milliseconds(400)) != nil)
    }

    @Test("An end that comes late, after the next digit has begun, is not a digit (H-094)")
    func lateEnd() {
        var receiver = EventReceiver()
        let one = EventPayload(event: 1, isEnd: true, duration: 800)
        #expect(receiver.take(one, timestamp: 0, at: .zero)?.event == 1)
        #expect(
            receiver.take(EventPayload(event: 2, isEnd: false, duration: 160), timestamp: 1_600, at: .zero)?.event == 2)
        #expect(receiver.take(one, timestamp: 0, at: .zero) == nil)
    }

    @Test("A flood of events is not a flood of digits (H-094)")
    func flood() {
        var receiver = EventReceiver()
        var heard = 0
        for index in 0..<5_000 {
            let payload = EventPayload(event: UInt8(index % 16), isEnd: true, duration: 160)
            let now = Instant.zero + .microseconds(200 * index)
            if receiver.take(payload, timestamp: UInt32(400 * index), at: now) != nil { heard += 1 }
        }
        #expect(heard <= 40)
    }

    @Test("More digits than anybody types are not queued")
    func longQueue() throws {
        var pair = CallPair()
        try pair.start()
        pair.leftDoes(.sendDigits(digits(String(repeating: "1", count: 10_000)), duration: .zero, gap: .zero))
        pair.run(for: .seconds(40))
        #expect(pair.right.digits.count == 256)
    }
}
