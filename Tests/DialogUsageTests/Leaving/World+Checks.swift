import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

extension World {
    // MARK: Usages, each established before it is returned

    @discardableResult
    mutating func register() throws -> AnyUsageID {
        let account = account
        let id = try perform { core, now in try core.register(account, at: now) }
        run(for: .milliseconds(100))
        return id.any
    }
    @discardableResult
    mutating func subscribe(to user: String = "bob", settling: Duration = .milliseconds(100)) throws -> AnyUsageID {
        let account = account
        let id = try perform { core, now in
            try core.subscribe(
                account, to: Self.uri(user), event: EventType(package: "presence"), accept: [], expires: .seconds(600),
                at: now)
        }
        run(for: settling)
        return id.any
    }
    @discardableResult
    mutating func publish(settling: Duration = .milliseconds(100)) throws -> AnyUsageID {
        let account = account
        let id = try perform { core, now in
            try core.publish(
                account, event: "presence", contentType: "application/pidf+xml", body: [60], expires: .seconds(600),
                at: now)
        }
        run(for: settling)
        return id.any
    }
    @discardableResult
    mutating func call(settling: Duration = .milliseconds(100)) throws -> AnyUsageID {
        let account = account
        let offer = try Self.description()
        let id = try perform { core, now in try core.invite(account, to: Self.uri("bob"), offer: offer, at: now) }
        run(for: settling)
        return id.any
    }
    @discardableResult
    mutating func message(_ text: String = "hello") throws -> AnyUsageID {
        let account = account
        let id = try perform { core, now in
            let (id, _, outputs) = try core.message(
                account, to: Self.uri("bob"), contentType: "text/plain", body: Array(text.utf8), at: now)
            return (id, outputs)
        }
        return id.any
    }
    /// A call from outside, ringing; answered and acknowledged when asked for.
    mutating func calledUp(answering: Bool) throws -> UsageID<ServerInviteSession> {
        peer.outside(.invite, body: Self.sdp)
        run(for: .milliseconds(50))
        let id = try #require(incoming.last)
        try perform { core, now in ((), try core.ring(id, at: now)) }
        if answering {
            let answer = try Self.description()
            try perform { core, now in ((), try core.answer(id, with: answer, at: now)) }
        }
        run(for: .milliseconds(100))
        return id
    }
    mutating func watched() throws -> UsageID<ServerSubscription> {
        peer.outside(.subscribe, expires: "600")
        run(for: .milliseconds(50))
        let id = try #require(watchers.last)
        try perform { core, now in
            ((), try core.accept(id, standing: .active, contentType: nil, body: [], at: now))
        }
        run(for: .milliseconds(100))
        return id
    }
    /// One usage of each of the seven kinds, the pager's message in flight.
    mutating func populate() throws {
        try register()
        try publish()
        try subscribe()
        try call()
        _ = try calledUp(answering: true)
        _ = try watched()
        peer.manners[.message] = .silent
        try message()
        run(for: .milliseconds(100))
    }

    // MARK: Leaving

    mutating func shutdown(giveUp: Duration = .zero) { take(core.shutdown(giveUp: giveUp, at: now)) }
    mutating func runToTheEnd(atMost limit: Duration = .seconds(600)) { run(for: limit) { !$0.reports.isEmpty } }

    /// What must hold at the end of every test (E1, E2, L1): one report, one terminal event for each usage, nothing left
    /// over, and nothing after the report.
    func finish(sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(reports.count == 1, "one report", sourceLocation: sourceLocation)
        #expect(afterReport == 0, "nothing after the report", sourceLocation: sourceLocation)
        for (id, outcomes) in ended {
            #expect(outcomes.count == 1, "\(id) ended \(outcomes)", sourceLocation: sourceLocation)
        }
        #expect(reports.first?.census == ManagerCensus(), "census", sourceLocation: sourceLocation)
        #expect(core.census == ManagerCensus(), "census", sourceLocation: sourceLocation)
        #expect(core.usages.isEmpty, sourceLocation: sourceLocation)
        #expect(core.nextDeadline == nil, sourceLocation: sourceLocation)
    }
    var report: ShutdownReport? { reports.first }
    func outcome(of id: AnyUsageID) -> UsageOutcome? { ended[id]?.first }
}
