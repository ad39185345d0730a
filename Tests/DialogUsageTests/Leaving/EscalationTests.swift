import DialogUsage
import Ladder
import SIPMessage
import SIPTransaction
import SansIO
import Testing

/// Every operation at every stage at which a shutdown can rest (`shutdown.md` S2, S3 and section 2).
@Suite("Shutdown: escalation (shutdown.md, section 11, 82, 83 and 86)")
struct EscalationTests {
    /// Group 0 is no such stage: an unanswered request from outside costs one response and no wait.
    enum Boundary: Hashable, CaseIterable {
        case running, idleWait, calls, watchers, ownCalls, subscriptions, messages, publications, registrations
        case laggards, flushing, stopped
    }
    enum Operation: CaseIterable { case ifIdle, graceful, force }

    /// A registration, and what holds the shutdown up at this stage.
    private func world(at boundary: Boundary) throws -> World {
        var world = World()
        try world.register()
        switch boundary {
        case .running, .stopped, .flushing: break
        case .idleWait: try world.call()
        case .calls:
            _ = try world.calledUp(answering: true)
            world.peer.manners[.bye] = .silent
        case .watchers:
            _ = try world.watched()
            world.peer.manners[.notify] = .silent
        case .ownCalls:
            try world.call()
            world.peer.manners[.bye] = .silent
        case .subscriptions, .laggards:
            try world.subscribe()
            world.peer.manners[.subscribe] = .silent
        case .messages:
            world.peer.manners[.message] = .silent
            try world.message()
        case .publications:
            try world.publish()
            world.peer.manners[.publish] = .silent
        case .registrations: world.peer.manners[.register] = .silent
        }
        switch boundary {
        case .running: break
        case .idleWait: world.take(world.core.shutdownIfNoUsages(giveUp: .zero, at: world.now))
        case .flushing:
            // A caller whom the gate refused, and who does not acknowledge it.
            world.peer.acknowledges = false
            world.shutdown(giveUp: .seconds(60))
            world.peer.outside(.invite, body: World.sdp)
        case .laggards: world.shutdown(giveUp: .seconds(10))
        case .stopped, .calls, .watchers, .ownCalls, .subscriptions, .messages, .publications, .registrations:
            world.shutdown(giveUp: .seconds(60))
        }
        world.run(for: .seconds(9)) { $0.core.shutdownProgress?.stage == Self.stage(at: boundary) }
        try #require((world.core.shutdownProgress?.stage ?? .running) == Self.stage(at: boundary))
        return world
    }

    private static func stage(at boundary: Boundary) -> ShutdownProgress.Stage {
        switch boundary {
        case .running: .running
        case .idleWait: .idleWait
        case .calls: .ending(.serverInviteSessions)
        case .watchers: .ending(.serverSubscriptions)
        case .ownCalls: .ending(.clientInviteSessions)
        case .subscriptions: .ending(.clientSubscriptions)
        case .messages: .ending(.clientPagerMessages)
        case .publications: .ending(.clientPublications)
        case .registrations: .ending(.clientRegistrations)
        case .laggards: .waitingForLaggards
        case .flushing: .flushing
        case .stopped: .stopped
        }
    }

    @Test(
        "83. ifIdle at each stage: waits where nothing had begun, and joins everywhere else (S3)",
        arguments: Boundary.allCases)
    func idle(boundary: Boundary) throws {
        var world = try world(at: boundary)
        let before = world.core.shutdownProgress
        world.take(world.core.shutdownIfNoUsages(giveUp: .seconds(5), at: world.now))
        let after = try #require(world.core.shutdownProgress)
        let limit = world.now + .seconds(5)
        switch boundary {
        case .running: #expect(after.mode == .ifIdle && after.stage == .idleWait && after.deadline == limit)
        case .stopped: #expect(after == before)
        case .idleWait: #expect(after.mode == .ifIdle && after.stage == .idleWait && after.deadline == limit)
        default: #expect(after.mode == .graceful && after.deadline == before?.deadline.map { min($0, limit) })
        }
        world.runToTheEnd()
        #expect(world.report?.escalations == [])
        world.finish()
    }

    @Test(
        "83. graceful at each stage: begins, takes over from waiting with a fresh D, or joins (S3)",
        arguments: Boundary.allCases)
    func graceful(boundary: Boundary) throws {
        var world = try world(at: boundary)
        let before = world.core.shutdownProgress
        world.shutdown(giveUp: .seconds(5))
        let after = try #require(world.core.shutdownProgress)
        let limit = world.now + .seconds(5)
        #expect(after.mode == .graceful)
        switch boundary {
        case .running, .idleWait: #expect(after.deadline == limit)
        case .stopped: #expect(after == before)
        default: #expect(after.deadline == before?.deadline.map { min($0, limit) })
        }
        let began = world.now
        world.runToTheEnd()
        #expect(world.report?.escalations.map(\.to) == (boundary == .idleWait ? [.graceful] : []))
        #expect(world.now - began <= .seconds(5))
        world.finish()
    }

    @Test("83. force at each stage: over at once, with no new request on the wire (S3)", arguments: Boundary.allCases)
    func force(boundary: Boundary) throws {
        var world = try world(at: boundary)
        let before = world.report
        let lines = world.ladder.count
        world.take(world.core.forceShutdown(at: world.now))
        #expect(world.reports.count == 1)
        #expect(world.ladder.sent(since: lines) == [])
        switch boundary {
        case .stopped: #expect(world.report == before)
        case .running: #expect(world.report?.mode == .force && world.report?.escalations == [])
        default:
            #expect(world.report?.mode == .force)
            #expect(world.report?.escalations.map(\.to) == [.force])
            #expect(world.report?.finished == world.now)
        }
        world.finish()
    }

    @Test("86. force while flushing closes once, and what is asked after it changes nothing (S2)")
    func forceWhileFlushing() throws {
        var world = try world(at: .flushing)
        world.take(world.core.forceShutdown(at: world.now))
        let report = world.report
        world.take(world.core.forceShutdown(bestEffort: true, at: world.now))
        world.take(world.core.handle(.drained(FlowID(serial: 1)), at: world.now))
        #expect(world.reports == [report])
        #expect(report?.flushed == false)
        world.finish()
    }

    @Test("82. A later call brings D nearer, and what belongs to the later groups is still kept for them (S3, O2)")
    func laterAndShorter() throws {
        var world = World()
        let registration = try world.register()
        try world.subscribe()
        world.peer.manners[.subscribe] = .silent
        let began = world.now
        world.shutdown(giveUp: .seconds(60))
        world.run(for: .seconds(1))
        world.shutdown(giveUp: .seconds(5))
        world.runToTheEnd()
        #expect(world.now - began == .seconds(6))
        #expect(world.outcome(of: registration) == .local(200))
        world.finish()
    }

    @Test("The report says who asked for what and when, what was raised, and that everything was flushed (section 9)")
    func reportOfRequests() throws {
        var world = World()
        try world.call()
        let began = world.now
        world.take(world.core.shutdownIfNoUsages(giveUp: .zero, by: "key I", at: began))
        world.run(for: .seconds(1))
        world.take(world.core.shutdown(giveUp: .seconds(5), by: "SIGTERM", at: world.now))
        let raised = world.now
        world.runToTheEnd()
        let report = try #require(world.report)
        #expect(report.requestedBy.map(\.by) == ["key I", "SIGTERM"])
        #expect(report.requestedBy.map(\.mode) == [.ifIdle, .graceful])
        #expect(report.requestedBy.map(\.giveUp) == [.zero, .seconds(5)])
        #expect(report.requestedBy.map(\.at) == [began, raised])
        #expect(report.escalations.map(\.from) == [.ifIdle] && report.escalations.map(\.to) == [.graceful])
        #expect(report.escalations.map(\.at) == [raised])
        #expect(report.flushed && report.isClean)
        world.finish()
    }
}
