import SansIO
import Testing

@Suite("Timing wheel")
struct TimingWheelTests {
    private func at(_ milliseconds: Int64) -> Instant { .zero + .milliseconds(milliseconds) }

    @Test("What is due comes in the order of its deadlines, not a millisecond early")
    func order() {
        var wheel = TimingWheel<String>()
        _ = wheel.schedule("c", at: at(70_000))
        _ = wheel.schedule("a", at: at(3))
        _ = wheel.schedule("b", at: at(300))
        #expect(wheel.nextDeadline == at(3))
        #expect(wheel.advance(to: at(2)).isEmpty)
        #expect(wheel.advance(to: at(3)) == ["a"])
        #expect(wheel.nextDeadline == at(300))
        #expect(wheel.advance(to: at(80_000)) == ["b", "c"])
        #expect(wheel.nextDeadline == nil)
        #expect(wheel.count == 0)
    }

    @Test("A fraction of a millisecond is rounded up, so that nothing comes early")
    func fractions() {
        var wheel = TimingWheel<Int>()
        _ = wheel.schedule(1, at: .zero + .microseconds(2_001))
        #expect(wheel.advance(to: .zero + .microseconds(2_000)).isEmpty)
        #expect(wheel.advance(to: at(3)) == [1])
    }

    @Test("A token names its timer only: cancelling twice, or after it fired, harms nobody else")
    func tokens() {
        var wheel = TimingWheel<Int>()
        let first = wheel.schedule(1, at: at(10))
        wheel.cancel(first)
        let second = wheel.schedule(2, at: at(10))
        wheel.cancel(first)
        #expect(wheel.count == 1)
        #expect(wheel.advance(to: at(10)) == [2])
        _ = wheel.schedule(3, at: at(20))
        wheel.cancel(second)
        #expect(wheel.advance(to: at(20)) == [3])
    }

    @Test("What is scheduled in the past is due at once")
    func past() {
        var wheel = TimingWheel<Int>()
        _ = wheel.advance(to: at(1_000))
        _ = wheel.schedule(1, at: at(5))
        #expect(wheel.nextDeadline.map { $0 <= at(1_000) } == true)
        #expect(wheel.advance(to: at(1_000)) == [1])
    }

    @Test("It agrees with a sorted list over 20,000 random steps", arguments: [1, 2, 3] as [UInt64])
    func model(seed: UInt64) {
        var random = Entropy(seed: seed)
        var wheel = TimingWheel<Int>()
        var model: [Int: (at: Int64, token: TimerToken)] = [:]
        var now: Int64 = 0
        for step in 0..<20_000 {
            switch random.next() % 4 {
            case 0, 1:
                // Deadlines from the next millisecond to three hours away, so that all levels are used.
                let reach: [Int64] = [10, 300, 70_000, 10_000_000]
                let deadline = now + Int64(random.next() % UInt64(reach[Int(random.next() % 4)]))
                model[step] = (deadline, wheel.schedule(step, at: at(deadline)))
            case 2:
                guard let key = model.keys.min() else { continue }
                if let entry = model.removeValue(forKey: key) { wheel.cancel(entry.token) }
            default:
                now += Int64(random.next() % [5, 50, 5_000, 200_000][Int(random.next() % 4)])
                let due = wheel.advance(to: at(now))
                let expected = model.filter { $0.value.at <= now }
                #expect(Set(due) == Set(expected.keys))
                let times = due.compactMap { expected[$0]?.at }
                #expect(times == times.sorted())
                for key in expected.keys { model[key] = nil }
            }
            #expect(wheel.count == model.count)
            let next = model.values.map(\.at).min()
            if let next, let said = wheel.nextDeadline { #expect(said <= at(max(next, now))) }
            #expect((next == nil) == (wheel.nextDeadline == nil))
        }
    }
}
