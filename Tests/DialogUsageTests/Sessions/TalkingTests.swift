import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

@Suite("MESSAGE and INFO in a call (RFC 3428 §4, RFC 6086)")
struct TalkingTests {
    private func established(_ change: (inout UserAgentConfiguration) -> Void = { _ in }) throws -> (
        World, Asking, SessionID
    ) {
        var world = World(limits: change)
        let invite = Asking("INVITE", body: World.sdp)
        world.ask(invite)
        let call = try world.answerFirst()
        return (world, invite, .server(call))
    }
    private func said(_ world: World) -> [String] {
        world.events.compactMap { event in
            guard case .session(_, .message(let type, let body)) = event else { return nil }
            return "\(type) \(String(decoding: body, as: UTF8.self))"
        }
    }

    @Test("A MESSAGE in a dialog is said in its call; when the dialog is gone it gets 481 (MSG-401, RFC 3428 §4)")
    func received() throws {
        var (world, invite, id) = try established()
        let text = world.within(invite, "MESSAGE", sequence: 2, body: "hello") { $0.type = "text/plain" }
        #expect(world.status(of: text) == 200)
        #expect(said(world) == ["text/plain hello"])
        for case .session(let session, .message) in world.events { #expect(session == id) }
        for case .message in world.events { Issue.record("told as one outside any dialog") }
        let image = world.within(invite, "MESSAGE", sequence: 3, body: "x") { $0.type = "image/png" }
        #expect(world.status(of: image) == 415)
        #expect(world.status(of: world.within(invite, "BYE", sequence: 4)) == 200)
        var late = world.within(invite, "MESSAGE", sequence: 5, body: "late") { $0.type = "text/plain" }
        late.to = text.to
        #expect(world.status(of: late) == 481)
        #expect(said(world).count == 1)
        world.leave()
    }

    @Test("Ours go through the dialog, one at a time, INFO among them (MSG-401, RFC 3428 §4, §8)")
    func sent() throws {
        var (world, invite, id) = try established()
        world.toAgent.latency = .milliseconds(200)
        var ids: [MessageID] = []
        for text in ["one", "two"] {
            ids.append(
                try world.perform { core, now in
                    try core.sendMessage(id, contentType: "text/plain", body: Array(text.utf8), at: now)
                })
        }
        try world.perform { core, now in
            ((), try core.sendInfo(id, contentType: "application/dtmf", body: [49], at: now))
        }
        world.run(for: .milliseconds(100))
        #expect(world.requests.filter { $0.method == .message || $0.method == .info }.count == 1)
        world.run(for: .seconds(2))
        let talk = world.requests.filter { $0.method == .message || $0.method == .info }
        #expect(talk.map { String(decoding: $0.body, as: UTF8.self) } == ["one", "two", "1"])
        for request in talk {
            #expect(try request.callID() == invite.call && request.to().tag == "carol")
            #expect(try request.requestURI().description == "sip:carol@127.0.0.1:5090")
        }
        let delivered = world.events.compactMap { event in
            if case .session(_, .delivered(let id, _)) = event { id } else { nil }
        }
        #expect(delivered == ids)
        world.toAgent.latency = .milliseconds(20)
        world.leave()
    }

    @Test(
        "A message that is refused fails alone; 481 ends the call (MSG-401, RFC 3261 §12.2.1.2)",
        arguments: [415, 481] as [StatusCode])
    func refused(status: StatusCode) throws {
        var (world, _, id) = try established()
        world.peer.manners[.message] = .status(status)
        let message = try world.perform { core, now in
            try core.sendMessage(id, contentType: "text/plain", body: [49], at: now)
        }
        world.run(for: .seconds(1))
        let failed = world.events.contains { event in
            if case .session(_, .undelivered(message, let failure)) = event { failure.status == status } else { false }
        }
        #expect(failed)
        #expect((world.core.summary(id.any) == nil) == (status == 481))
        world.leave()
    }

    @Test(
        "Each INFO of ours is told of once: accepted, refused, or cut short by the end of the call (E1, RFC 6086 §4.2.1)",
        arguments: [
            (ScriptedPeer.Manner.healthy, [nil, nil]),
            (.status(415), Array(repeating: .status(415, reason: StatusCode(415).defaultReason), count: 2)),
            (.silent, Array(repeating: .unreachable("the call has ended"), count: 2)),
        ] as [(ScriptedPeer.Manner, [Failure?])])
    func fates(manner: ScriptedPeer.Manner, fates: [Failure?]) throws {
        var (world, _, id) = try established()
        world.peer.manners[.info] = manner
        for digit: UInt8 in [49, 50] {
            try world.perform { core, now in
                ((), try core.sendInfo(id, contentType: "application/dtmf", body: [digit], at: now))
            }
        }
        world.run(for: .seconds(1))
        world.leave()
        var told: [Failure?] = []
        for case .session(id, .infoAnswered(let failure)) in world.events { told.append(failure) }
        #expect(told == fates)
    }

    @Test("The call ends: what waits is given back, and nothing more is sent in it (W23, E1)")
    func givenBack() throws {
        var (world, _, id) = try established()
        world.peer.manners[.message] = .silent
        var ids: [MessageID] = []
        for text in ["one", "two"] {
            ids.append(
                try world.perform { core, now in
                    try core.sendMessage(id, contentType: "text/plain", body: Array(text.utf8), at: now)
                })
        }
        world.leave()
        let undelivered = world.events.compactMap { event in
            if case .session(_, .undelivered(let id, _)) = event { id } else { nil }
        }
        #expect(undelivered == ids)
        #expect(Set(world.requests.filter { $0.method == .message }.map(\.body.count)) == [3])
    }

    @Test("INFO of a package that we have not: 469 with Recv-Info; of a body that we have not: 415 (RFC 6086 §4.2.2)")
    func packages() throws {
        var (world, invite, _) = try established()
        let package = world.within(invite, "INFO", sequence: 2, body: "x") {
            $0.fields = [("Info-Package", "conference")]
            $0.type = "application/x-conference"
        }
        let refusal = try #require(world.ask(package).last)
        #expect(refusal.status == 469 && refusal.has(FieldName("Recv-Info")))
        #expect(world.status(of: world.within(invite, "INFO", sequence: 3, body: "x") { $0.type = "x/y" }) == 415)
        #expect(world.status(of: world.within(invite, "INFO", sequence: 4)) == 200)
        let digit = world.within(invite, "INFO", sequence: 5, body: "5") { $0.type = "application/dtmf" }
        #expect(world.status(of: digit) == 200)
        world.leave()
    }

    @Test("No request in a dialog is left without a final answer (RFC 3261 §12.2.2)")
    func answered() throws {
        for method in [
            "OPTIONS", "MESSAGE", "INFO", "REFER", "SUBSCRIBE", "NOTIFY", "PUBLISH", "REGISTER", "PRACK", "UPDATE",
            "NOSUCH", "BYE",
        ] {
            var (world, invite, _) = try established()
            #expect(world.status(of: world.within(invite, method, sequence: 2)) != nil, "\(method)")
            world.leave()
        }
    }
}
