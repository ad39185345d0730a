import DialogUsage
import Ladder
import SDP
import SIPMessage
import SansIO
import Testing

@Suite("Shutdown: the gate toward the outside and toward the application (shutdown.md, section 6)")
struct GateStateTests {
    static let methods: [Method] = [.invite, .subscribe, .publish, .register, .message, .refer, .options]

    /// A user agent on its way out, in one of the states in which it can still be asked something.
    enum Leaving: CaseIterable, Sendable {
        case idleWait, serverInviteSessions, serverSubscriptions, clientInviteSessions, clientSubscriptions
        case clientPagerMessages, clientPublications, clientRegistrations, flushing

        /// The usage that holds the shutdown up there, with a peer that does not answer its end.
        func enter(_ world: inout World) throws {
            switch self {
            case .idleWait:
                try world.register()
                world.take(world.core.shutdownIfNoUsages(giveUp: .zero, at: world.now))
                return
            case .serverInviteSessions:
                _ = try world.calledUp(answering: true)
                world.peer.manners[.bye] = .silent
            case .serverSubscriptions:
                _ = try world.watched()
                world.peer.manners[.notify] = .silent
            case .clientInviteSessions:
                try world.call()
                world.peer.manners[.bye] = .silent
            case .clientSubscriptions:
                try world.subscribe()
                world.peer.manners[.subscribe] = .silent
            case .clientPagerMessages:
                world.peer.manners[.message] = .silent
                try world.message()
            case .clientPublications:
                try world.publish()
                world.peer.manners[.publish] = .silent
            case .clientRegistrations:
                try world.register()
                world.peer.manners[.register] = .silent
            case .flushing:
                // Refused by us, and never acknowledged: the INVITE transaction lasts to Timer H.
                world.peer.acknowledges = false
                _ = try world.calledUp(answering: false)
            }
            world.shutdown()
            world.run(for: .milliseconds(100))
        }
    }

    @Test(
        "94. Out-of-dialog requests in each state are answered 480 with Retry-After (G1, H5)",
        arguments: Leaving.allCases)
    func refused(state: Leaving) throws {
        var world = World { $0.servedMethods = [.message, .publish, .register, .refer] }
        try state.enter(&world)
        #expect(world.reports.isEmpty)
        let usages = world.core.usages.map(\.id)
        for method in Self.methods {
            let before = world.peer.responses.count
            world.peer.outside(method, body: method == .invite ? World.sdp : "", expires: nil)
            world.run(for: .milliseconds(100))
            let answers = world.peer.responses.dropFirst(before).filter { $0.method == method }
            #expect(answers.last?.status == 480, "\(method)")
            #expect(answers.last?.value(.retryAfter) == "30", "\(method)")
        }
        #expect(world.core.usages.map(\.id) == usages, "nothing began")
        world.take(world.core.forceShutdown(at: world.now))
        world.finish()
    }

    @Test("94. Of a server they are answered 503 instead, so that its clients go elsewhere (G1)")
    func server() throws {
        var world = World { $0.role = .server }
        try Leaving.clientSubscriptions.enter(&world)
        for method in Self.methods {
            world.peer.outside(method, body: method == .invite ? World.sdp : "", expires: nil)
            world.run(for: .milliseconds(100))
            let answer = world.peer.responses.last { $0.method == method }
            #expect(answer?.status == 503, "\(method)")
            #expect(answer?.value(.retryAfter) == "30")
        }
        world.take(world.core.forceShutdown(at: world.now))
        world.finish()
    }

    @Test(
        "94. NOTIFY that matches nothing is 481 in each state, and a stray ACK is met with silence (G1, H20)",
        arguments: Leaving.allCases)
    func notifyAndAck(state: Leaving) throws {
        var world = World()
        try state.enter(&world)
        world.peer.outside(.notify)
        world.run(for: .milliseconds(100))
        #expect(world.peer.responses.last { $0.method == .notify }?.status == 481)
        let lines = world.ladder.sent().count
        let answers = world.peer.responses.count
        world.peer.outside(.ack)
        world.peer.outside(.ack, toTag: "nobody")
        world.run(for: .milliseconds(100))
        let said = world.ladder.sent().dropFirst(lines).filter { $0.hasSuffix("ACK") }
        #expect(said.isEmpty)
        #expect(world.peer.responses.dropFirst(answers).allSatisfy { $0.method != .ack })
        world.take(world.core.forceShutdown(at: world.now))
        world.finish()
    }

    @Test("95. In-dialog SUBSCRIBE while leaving is 480, and REFER opens nothing either (G2, H6, RFC 5057 §5.3)")
    func insideDialog() throws {
        var world = World()
        let call = try world.calledUp(answering: true)
        let id = try #require(world.peer.inviteDialogs.keys.first)
        try world.register()
        world.take(world.core.shutdownIfNoUsages(giveUp: .zero, at: world.now))
        let usages = world.core.usages.map(\.id)
        world.peer.inCall(id, .subscribe) { fields in
            fields.append(.event, "dialog")
            fields.append(.expires, "600")
        }
        world.run(for: .milliseconds(100))
        #expect(world.peer.responses.last?.status == 480)
        world.peer.inCall(id, .refer) { $0.append(FieldName("Refer-To"), "<sip:dave@example.com>") }
        world.run(for: .milliseconds(100))
        let refused = try #require(world.peer.responses.last)
        #expect(refused.method == .refer)
        #expect(refused.status.map { $0.statusClass >= 4 && $0 != 480 && $0 != 481 } == true, "the call lives on")
        #expect(world.core.usages.map(\.id) == usages, "no new usage")
        #expect(world.outcome(of: call.any) == nil)
        world.take(world.core.forceShutdown(at: world.now))
        world.finish()
    }

    @Test("92. Whatever the application begins while leaving throws, and the census is as before (G5, H7)")
    func begins() throws {
        var world = World()
        try Leaving.clientSubscriptions.enter(&world)
        let census = world.core.census
        let account = world.account
        let offer = try World.description()
        let event = EventType(package: "presence")
        let now = world.now
        #expect(throws: UsageError.shuttingDown) { try world.core.register(account, at: now) }
        #expect(throws: UsageError.shuttingDown) {
            try world.core.invite(account, to: World.uri("bob"), offer: offer, at: now)
        }
        #expect(throws: UsageError.shuttingDown) {
            try world.core.subscribe(
                account, to: World.uri("bob"), event: event, accept: [], expires: .seconds(60), at: now)
        }
        #expect(throws: UsageError.shuttingDown) {
            try world.core.publish(
                account, event: "presence", contentType: "text/plain", body: [1], expires: .seconds(60), at: now)
        }
        #expect(throws: UsageError.shuttingDown) {
            try world.core.message(account, to: World.uri("bob"), contentType: "text/plain", body: [1], at: now)
        }
        #expect(world.core.census == census)
        #expect(world.core.nextDeadline.map { $0 > now } == true)
        world.runToTheEnd()
        world.finish()
    }

    @Test("93. There is no usage before its first request: what is refused before leaves nothing that blocks (H8)")
    func neverSent() throws {
        var world = World { $0.limits.usagesPerKind = 0 }
        let before = world.core.census
        let account = world.account
        let offer = try World.description()
        let now = world.now
        #expect(throws: UsageError.self) { try world.core.invite(account, to: World.uri("bob"), offer: offer, at: now) }
        #expect(throws: UsageError.self) { try world.core.register(account, at: now) }
        try world.core.removeAccount(account)
        #expect(throws: UsageError.noSuchAccount) {
            try world.core.invite(account, to: World.uri("bob"), offer: offer, at: now)
        }
        #expect(world.core.census == before)
        world.shutdown()
        #expect(world.report?.usages.isEmpty == true, "at once")
        #expect(world.ladder.count == 0)
        world.finish()
    }
}
