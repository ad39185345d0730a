import SansIO
import Testing

@testable import TerminalUI

@Suite("When the screen is drawn")
struct PaceTests {
    private func at(_ milliseconds: Int) -> Instant { .zero + .milliseconds(milliseconds) }

    @Test("A thousand changes a second make at most thirty frames in any second, and the last one is shown")
    func storm() {
        var pace = FramePace()
        var frames: [Int] = []
        var (shown, newest) = (0, 0)
        for millisecond in 0..<3_000 {
            newest += 1
            pace.changed()
            guard pace.isDue(isTyped: false, at: at(millisecond)) else { continue }
            pace.drawn(stays: nil, at: at(millisecond))
            frames.append(millisecond)
            shown = newest
        }
        for first in frames { #expect(frames.count { $0 >= first && $0 < first + 1_000 } <= 30) }
        #expect(frames.count > 80)
        // What came after the last frame is not forgotten: there is a time for it, and then nothing more.
        let rest = pace.wait(at: at(3_000)) ?? .zero
        #expect(rest <= FramePace.interval && (rest > .zero || shown == newest))
        let isDue = pace.isDue(isTyped: false, at: at(3_000) + rest)
        #expect(isDue)
        #expect(pace.wait(at: at(3_100)) == nil)
    }

    @Test("A key is answered at once, and delays nothing of what it leads to")
    func keys() {
        var pace = FramePace()
        let times = [(0, false), (5, true), (6, true), (200, true)].map { time, isTyped in
            defer { pace.drawn(stays: nil, at: at(time)) }
            return pace.isDue(isTyped: isTyped, at: at(time))
        }
        #expect(times == [true, true, true, true])
        pace.changed()
        let isDue = pace.isDue(isTyped: false, at: at(201))
        #expect(isDue)
    }

    @Test("As long as nothing changes nothing is drawn; a countdown is drawn when it has changed")
    func silence() {
        var pace = FramePace()
        _ = pace.isDue(isTyped: false, at: at(0))
        pace.drawn(stays: nil, at: at(0))
        #expect(pace.wait(at: at(60_000)) == nil)
        pace.changed()
        #expect(pace.wait(at: at(60_000)) == .zero)
        _ = pace.isDue(isTyped: false, at: at(60_000))
        pace.drawn(stays: .milliseconds(700), at: at(60_000))
        #expect(pace.wait(at: at(60_100)) == .milliseconds(600))
        let due = [60_100, 60_700].map { pace.isDue(isTyped: false, at: at($0)) }
        #expect(due == [false, true])
    }

    @Test("A model is asked for when something has changed, and not again before it is there")
    func snapshots() {
        var pace = SnapshotPace()
        func ask(_ time: Int) -> Bool { pace.isDue(at: at(time)) }
        var asked = [ask(0)]
        pace.isWanted = true
        #expect(pace.wait(at: at(1_000)) == nil)
        asked.append(ask(1_000))
        pace.arrived(at: at(1_000))
        asked.append(ask(3_000))
        // This one was gathered in no time.
        pace.arrived(at: at(3_001))
        #expect(pace.isQuiet)
        asked.append(ask(3_005))
        pace.isWanted = true
        #expect(pace.wait(at: at(3_010)) == .milliseconds(25))
        asked.append(ask(3_035))
        #expect(asked == [true, false, true, false, true])
    }
}
