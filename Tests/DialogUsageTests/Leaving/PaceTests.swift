import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

@Suite("Shutdown: pace (shutdown.md O7; section 11, 117 and 118)")
struct PaceTests {
    static let population = 10_000

    /// A user agent with a registration and ten thousand subscriptions, made a hundred at a time.
    private func crowded() throws -> World {
        var world = World()
        world.toPeer.latency = .milliseconds(1)
        world.toAgent.latency = .milliseconds(1)
        try world.register()
        for batch in 0..<Self.population / 100 {
            for index in 0..<100 { try world.subscribe(to: "user\(batch * 100 + index)", settling: .zero) }
            world.run(for: .milliseconds(10))
        }
        try #require(world.core.usages.count == Self.population + 1)
        return world
    }

    @Test(
        "117. 10,000 subscriptions, a peer with 208 KiB of receive buffer: nothing lost, nothing repeated, 2 s at most")
    func healthy() throws {
        var world = try crowded()
        // The peer reads, answers and notifies at 20,000 requests a second: half of what SIP servers reach on one core.
        world.buffer = ReceiveBuffer(service: .microseconds(50))
        let before = world.ladder.count
        let began = world.now
        world.leave()
        let buffer = try #require(world.buffer)
        #expect(buffer.lost == 0)
        #expect(buffer.fullest <= ReceiveBuffer.defaultCapacity)
        #expect(world.now - began <= .seconds(2))
        #expect(world.report?.isClean == true)
        #expect(world.ladder.sent(since: before).count { $0 == "SUBSCRIBE expires=0" } == Self.population)
    }

    @Test("118. The same with a dead peer: each first copy before softDeadline(g4) − T1, and g7 is still answered")
    func dead() throws {
        var world = try crowded()
        world.peer.manners[.subscribe] = .silent
        let before = world.ladder.count
        let began = world.now
        world.shutdown(giveUp: .seconds(10))
        world.runToTheEnd()
        world.finish()
        let groups = try #require(world.report?.groups)
        let fourth = try #require(groups.first { $0.group == .clientSubscriptions })
        let soft = try #require(groups.first { $0.group == .clientRegistrations }?.started)
        #expect(fourth.softDeadlineHit)
        var first: Set<String> = []
        var latest = Instant.zero
        for (line, request) in world.firstCopies where request.method == .subscribe {
            guard first.insert(request.value(.callID) ?? "").inserted else { continue }
            latest = max(latest, line)
        }
        #expect(first.count == Self.population)
        #expect(latest <= soft - .milliseconds(500), "the last first copy left at \(Ladder.time(latest))")
        #expect(world.now - began == .seconds(10))
        let registration = try #require(world.report?.usages.first { $0.id.kind == .clientRegistration })
        #expect(registration.outcome == .local(200))
        #expect(world.ladder.sent(since: before).contains("REGISTER expires=0"))
    }
}

extension World {
    /// The requests that reached the peer since the shutdown began, with the time at which they left.
    var firstCopies: [(Instant, SIPMessage)] {
        zip(requestTimes, requests).filter { $0.1.value(.expires) == "0" }.map { ($0.0, $0.1) }
    }
}
