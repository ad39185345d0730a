import SansIO
import Testing

@Suite("The timing wheel")
struct TimingWheelTests {
    private func at(_ milliseconds: Int64) -> Instant { .zero + .milliseconds(milliseconds) }

    @Test("What is scheduled comes out at its millisecond and not before")
    func exact() {
        for delay in [0, 1, 255, 256, 257, 65_535, 65_536, 65_537, 16_777_215, 16_777_216, 16_777_217, 4_000_000_000]
            as [Int64]
        {
            var wheel = TimingWheel<Int>()
            _ = wheel.schedule(1, at: at(delay))
            #expect(wheel.nextDeadline == at(delay))
            if delay > 0 { #expect(wheel.advance(to: at(delay - 1)) == []) }
            #expect(wheel.nextDeadline == at(delay))
            #expect(wheel.advance(to: at(delay)) == [1])
            #expect(wheel.count == 0)
            #expect(wheel.nextDeadline == nil)
        }
    }

    @Test("A fraction of a millisecond is rounded up: nothing comes too early")
    func fraction() {
        var wheel = TimingWheel<Int>()
        _ = wheel.schedule(1, at: Instant(nanoseconds: 5_000_001))
        #expect(wheel.advance(to: Instant(nanoseconds: 5_999_999)) == [])
        #expect(wheel.nextDeadline == at(6))
        #expect(wheel.advance(to: at(6)) == [1])
    }

    @Test("What was due in the past comes out at once")
    func past() {
        var wheel = TimingWheel<Int>()
        _ = wheel.advance(to: at(1000))
        _ = wheel.schedule(1, at: at(10))
        #expect(wheel.nextDeadline == at(1000))
        #expect(wheel.advance(to: at(1000)) == [1])
    }

    @Test("Several come out by time, and those of one millisecond in the order of scheduling")
    func order() {
        var wheel = TimingWheel<Int>()
        for (key, delay) in [(1, 300), (2, 5), (3, 300), (4, 70_000), (5, 5), (6, 299)] as [(Int, Int64)] {
            _ = wheel.schedule(key, at: at(delay))
        }
        #expect(wheel.advance(to: at(70_000)) == [2, 5, 6, 1, 3, 4])
    }

    @Test("Those of one millisecond keep their order when they were scheduled from near and far")
    func orderAcrossLevels() {
        var wheel = TimingWheel<Int>()
        _ = wheel.schedule(1, at: at(1000))
        _ = wheel.advance(to: at(900))
        _ = wheel.schedule(2, at: at(1000))
        #expect(wheel.advance(to: at(1000)) == [1, 2])
    }

    @Test("What is cancelled never comes, and its neighbours in the slot do")
    func cancel() {
        var wheel = TimingWheel<Int>()
        let tokens = (0..<5).map { wheel.schedule($0, at: at(100)) }
        for index in [0, 2, 4] { wheel.cancel(tokens[index]) }
        #expect(wheel.count == 2)
        wheel.cancel(tokens[2])
        #expect(wheel.count == 2)
        #expect(wheel.advance(to: at(100)) == [1, 3])
    }

    @Test("The next deadline is exact after the earliest was cancelled, also in the same slot")
    func exactAfterCancel() {
        var wheel = TimingWheel<Int>()
        let first = wheel.schedule(1, at: at(300))
        _ = wheel.schedule(2, at: at(310))
        wheel.cancel(first)
        var woken = 0
        while let deadline = wheel.nextDeadline, deadline < at(310) {
            #expect(wheel.advance(to: deadline) == [])
            woken += 1
        }
        #expect(woken <= 1)
        #expect(wheel.nextDeadline == at(310))
    }

    @Test("A token that has fired or was cancelled cancels nothing that took its place")
    func reuse() {
        var wheel = TimingWheel<Int>()
        let fired = wheel.schedule(1, at: at(1))
        #expect(wheel.advance(to: at(1)) == [1])
        let second = wheel.schedule(2, at: at(2))
        wheel.cancel(fired)
        #expect(wheel.count == 1)
        wheel.cancel(second)
        _ = wheel.schedule(3, at: at(3))
        wheel.cancel(second)
        wheel.cancel(fired)
        #expect(wheel.advance(to: at(3)) == [3])
    }

    @Test("A leap over hours takes out everything between, in order")
    func leap() {
        var wheel = TimingWheel<Int>()
        let delays = (0..<500).map { Int64($0 * $0 * 37 % 9_999_991) }
        for (key, delay) in delays.enumerated() { _ = wheel.schedule(key, at: at(delay)) }
        let expected = delays.indices.sorted { (delays[$0], $0) < (delays[$1], $1) }
        #expect(wheel.advance(to: at(10_000_000)) == expected)
        #expect(wheel.count == 0)
    }

    @Test("Farther than the wheel reaches: 100 days, and never")
    func far() {
        var wheel = TimingWheel<Int>()
        let days = Int64(100 * 86_400_000)
        _ = wheel.schedule(1, at: at(days))
        let never = wheel.schedule(2, at: .distantFuture)
        var steps = 0
        while let deadline = wheel.nextDeadline, deadline < at(days) {
            #expect(wheel.advance(to: deadline) == [])
            steps += 1
        }
        #expect(steps < 20)
        #expect(wheel.advance(to: at(days)) == [1])
        wheel.cancel(never)
        #expect(wheel.nextDeadline == nil)
    }

    @Test("At random it does what a sorted list does", arguments: 1...12 as ClosedRange<UInt64>)
    func model(seed: UInt64) {
        var entropy = Entropy(seed: seed)
        var wheel = TimingWheel<Int>()
        var list: [(due: Int64, key: Int, token: TimerToken)] = []
        var now: Int64 = 0
        for key in 0..<3000 {
            switch entropy.next() % 8 {
            case 0..<4:
                let reach = [10, 300, 70_000, 20_000_000, 6_000_000_000] as [UInt64]
                let due = now + Int64(entropy.next() % reach[Int(entropy.next() % 5)])
                list.append((due, key, wheel.schedule(key, at: at(due))))
            case 4, 5:
                guard !list.isEmpty else { continue }
                wheel.cancel(list.remove(at: Int(entropy.next() % UInt64(list.count))).token)
            default:
                let leap = [0, 1, 20, 400, 100_000, 30_000_000] as [UInt64]
                now += Int64(entropy.next() % (leap[Int(entropy.next() % 6)] + 1))
                let due = list.filter { $0.due <= now }.sorted { ($0.due, $0.key) < ($1.due, $1.key) }.map(\.key)
                list.removeAll { $0.due <= now }
                #expect(wheel.advance(to: at(now)) == due)
            }
            #expect(wheel.count == list.count)
            let earliest = list.map(\.due).min()
            guard let told = wheel.nextDeadline else {
                #expect(earliest == nil)
                continue
            }
            // Early only after a cancellation, late never.
            #expect(earliest.map { told <= at($0) } == true)
        }
        let rest = list.sorted { ($0.due, $0.key) < ($1.due, $1.key) }.map(\.key)
        #expect(wheel.advance(to: .distantFuture) == rest)
    }
}
