import DialogUsage
import Media
import SIPMessage
import SansIO
import Testing

@testable import SoftphoneCore

@Suite("Call quality")
struct QualityTests {
    @Test("The score falls with loss and delay, from good to unusable (ITU-T G.107)")
    func scores() {
        let clean = QualityMeter.score(loss: 0, jitter: .milliseconds(1), roundTrip: .milliseconds(10))
        #expect((4.35...4.42).contains(clean))
        let lossy = QualityMeter.score(loss: 0.05, jitter: .milliseconds(1), roundTrip: .milliseconds(10))
        #expect((3.7...4.1).contains(lossy))
        let far = QualityMeter.score(loss: 0, jitter: .milliseconds(1), roundTrip: .milliseconds(800))
        #expect(far < 3.7 && far > 2)
        #expect(QualityMeter.score(loss: 1, jitter: .milliseconds(200), roundTrip: .seconds(3)) == 1)
    }

    @Test("call.quality is said when the last seconds have another name, and not before")
    func told() throws {
        var desk = try Desk()
        try desk.type("call bob as c1")
        try desk.answer(.invite, 200, try answer(to: desk.requests(.invite).last))
        var counters = MediaCounters()
        for second in 0..<20 {
            counters.received += 50
            if second >= 10 { counters.lost += 20 }
            desk.run(for: .seconds(1))
            desk.give(.media(.counters(MediaID(serial: 1), counters)))
            if second == 9 { #expect(desk.names(of: "call.quality").isEmpty) }
        }
        let told = desk.happenings.filter { $0.name == "call.quality" }
        #expect(told.last?["reason"] == .text("bad") && told.allSatisfy { $0.isOf("c1") })
        #expect(Set(told.map { $0["reason"] }).count == told.count, "each name once")
        guard case .number(let score)? = desk.value("call.c1.mos") else {
            Issue.record("no score")
            return
        }
        #expect(score < 3.1)
        try desk.type("shutdown force")
        #expect(desk.isAudioSettled)
    }

    @Test("One number a second for the last minute; nothing for seconds in which nothing came")
    func minute() {
        var meter = QualityMeter()
        var counters = MediaCounters()
        for tick in 0...350 {
            if tick < 25 || tick > 50 { counters.received += 10 }
            if tick > 345 { counters.lost += 10 }
            meter.take(counters, at: .zero + .milliseconds(200) * tick)
        }
        #expect(meter.samples.count == 60)
        #expect(meter.samples.last.map { ($0 ?? 5) < 2.5 } == true)
        var silent = QualityMeter()
        for tick in 0...10 { silent.take(MediaCounters(), at: .zero + .milliseconds(200) * tick) }
        #expect(silent.samples == [nil, nil])
    }
}
