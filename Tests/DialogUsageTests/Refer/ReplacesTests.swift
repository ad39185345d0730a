import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

@Suite("INVITE with Replaces (RFC 3891 §3)")
struct ReplacesTests {
    /// A call between us and carol, who began it. `ours` and `hers` are its tags.
    private func connected(answering: Bool = true, _ limits: (inout UserAgentConfiguration) -> Void = { _ in }) throws
        -> (world: World, id: SessionID, call: String, ours: String, hers: String)
    {
        var world = World(limits: limits)
        let id = try world.calledUp(answering: answering)
        let answer = try #require(world.answers(to: .invite).last)
        return (
            world, .server(id), try answer.callID(), try #require(try answer.to().tag),
            try #require(try answer.from().tag)
        )
    }

    /// dave calls, sent by carol unless told otherwise.
    private func replace(
        _ world: inout World, _ values: [String], referredBy: String? = "<sip:carol@example.com>",
        method: Method = .invite, call: String = "replacing"
    ) throws {
        world.peer.inDialog(
            method, call: call, from: try NameAddress(parsing: "<sip:dave@example.com>;tag=dave"),
            to: try NameAddress(parsing: "<sip:alice@example.com>"), sequence: 1,
            body: method == .invite ? World.sdp : ""
        ) { fields in
            for value in values { fields.append(.replaces, value) }
            if let referredBy { fields.append(.referredBy, referredBy) }
            if method == .invite { fields.append(.require, "replaces") }
        }
        world.run(for: .milliseconds(100))
    }
    private func statuses(_ world: World, _ call: String = "replacing") -> [StatusCode?] {
        world.peer.responses.filter { (try? $0.callID()) == call }.map(\.status)
    }
    private func leave(_ world: inout World) {
        world.shutdown(giveUp: .seconds(40))
        world.runToTheEnd()
        world.finish()
    }

    @Test("A confirmed call is replaced: 2xx to the new one, then BYE to the old (REF-348, RFC 3891 §3)")
    func confirmed() throws {
        var (world, old, call, ours, hers) = try connected()
        try replace(&world, ["\(call);to-tag=\(ours);from-tag=\(hers)"])
        let incoming = try #require(world.incoming.last)
        #expect(world.incoming.count == 2)
        #expect(statuses(world).isEmpty)
        #expect(world.ended[old.any] == nil)
        let before = world.ladder.count
        let answer = try World.description()
        try world.perform { core, now in ((), try core.answer(incoming, with: answer, at: now)) }
        world.run(for: .milliseconds(200))
        #expect(world.ladder.sent(since: before) == ["200 INVITE", "BYE"])
        #expect(try world.sent(.bye).first?.callID() == call)
        #expect(world.ended[old.any] == [.local(200)])
        #expect(world.core.usages.map(\.id) == [incoming.any])
        leave(&world)
    }

    @Test("The application is told whose place the new call takes (REF-348, RFC 3891 §3)")
    func announced() throws {
        var (world, old, call, ours, hers) = try connected()
        try replace(&world, ["\(call);to-tag=\(ours);from-tag=\(hers)"])
        let calls = world.events.compactMap { event -> IncomingCall? in
            if case .session(_, .incoming(let call)) = event { call } else { nil }
        }
        #expect(calls.map(\.replaces) == [nil, old])
        leave(&world)
    }

    @Test(
        "Who is neither the replaced one nor sent by him is refused 403, before anything else is told (REF-348, H-069, RFC 3891 §3)"
    )
    func unauthorized() throws {
        var (world, old, call, ours, hers) = try connected()
        let value = "\(call);to-tag=\(ours);from-tag=\(hers)"
        try replace(&world, [value], referredBy: nil)
        try replace(&world, [value + ";early-only"], referredBy: "<sip:mallory@example.com>", call: "second")
        #expect(statuses(world) == [403])
        #expect(statuses(world, "second") == [403])
        #expect(world.ended[old.any] == nil && world.incoming.count == 1)
        leave(&world)
    }

    @Test("By policy, whoever names the dialog may replace it, or nobody (RFC 3891 §3)")
    func policy() throws {
        var (world, _, call, ours, hers) = try connected { $0.replacing = .whoeverNamesTheDialog }
        try replace(&world, ["\(call);to-tag=\(ours);from-tag=\(hers)"], referredBy: nil)
        #expect(world.incoming.count == 2)
        leave(&world)
        (world, _, call, ours, hers) = try connected { $0.replacing = .nobody }
        try replace(&world, ["\(call);to-tag=\(ours);from-tag=\(hers)"])
        #expect(statuses(world) == [403])
        leave(&world)
    }

    @Test("No such dialog: 481; one that has ended: 603; one not made by INVITE: 481 (REF-349, H-069, RFC 3891 §3)")
    func unmatched() throws {
        var (world, old, call, ours, hers) = try connected()
        let value = "\(call);to-tag=\(ours);from-tag=\(hers)"
        try replace(&world, ["nobody@h;to-tag=\(ours);from-tag=\(hers)"], call: "first")
        #expect(statuses(world, "first") == [481])
        _ = try world.watched()
        let watcher = try #require(world.answers(to: .subscribe).last)
        let tags = "to-tag=\(try #require(try watcher.to().tag));from-tag=\(try #require(try watcher.from().tag))"
        try replace(&world, ["\(try watcher.callID());\(tags)"], call: "watcher")
        #expect(statuses(world, "watcher") == [481])
        world.take(world.core.end(old.any, at: world.now))
        world.run(for: .milliseconds(100))
        #expect(world.ended[old.any] != nil)
        try replace(&world, [value], call: "second")
        #expect(statuses(world, "second") == [603])
        // Not for ever.
        world.run(for: .seconds(33))
        try replace(&world, [value], call: "third")
        #expect(statuses(world, "third") == [481])
        #expect(world.incoming.count == 1)
        leave(&world)
    }

    @Test("A call that is being ended is gone already: 603 (REF-349, RFC 3891 §3)")
    func ending() throws {
        var (world, old, call, ours, hers) = try connected()
        world.peer.manners[.bye] = .silent
        world.take(world.core.end(old.any, at: world.now))
        try replace(&world, ["\(call);to-tag=\(ours);from-tag=\(hers)"])
        #expect(statuses(world) == [603])
        leave(&world)
    }

    @Test("A call that rings here, which we did not begin, is not replaced: 481 (REF-350, RFC 3891 §3)")
    func early() throws {
        var (world, old, call, ours, hers) = try connected(answering: false)
        try replace(&world, ["\(call);to-tag=\(ours);from-tag=\(hers)"])
        #expect(statuses(world) == [481])
        #expect(world.ended[old.any] == nil && world.incoming.count == 1)
        leave(&world)
    }

    @Test(
        "A call of ours that rings is replaced: 2xx to the new one, and CANCEL (RFC 3891 §3)",
        arguments: ["", ";early-only"])
    func earlyOfOurs(flag: String) throws {
        var world = World()
        world.ringUntilCancelled()
        let old = try world.call()
        let invite = try #require(world.sent(.invite).first)
        let tag = try #require(try invite.from().tag)
        let value = "\(try invite.callID());to-tag=\(tag);from-tag=peer\(flag)"
        try replace(&world, [value], referredBy: "<sip:bob@example.com>")
        let incoming = try #require(world.incoming.last)
        let before = world.ladder.count
        let answer = try World.description()
        try world.perform { core, now in ((), try core.answer(incoming, with: answer, at: now)) }
        world.run(for: .milliseconds(200))
        #expect(world.ladder.sent(since: before) == ["200 INVITE", "CANCEL", "ACK"])
        #expect(world.ended[old] == [.local(487)])
        leave(&world)
    }

    @Test("early-only spares a confirmed call: 486 (REF-351, RFC 3891 §3)")
    func earlyOnly() throws {
        var (world, old, call, ours, hers) = try connected()
        try replace(&world, ["\(call);to-tag=\(ours);from-tag=\(hers);early-only"])
        #expect(statuses(world) == [486])
        #expect(world.ended[old.any] == nil && world.incoming.count == 1)
        leave(&world)
    }

    @Test(
        "Replaces twice, in another method, or without exactly one tag of each side: 400 (REF-352, H-069, RFC 3891 §3, §6.1)"
    )
    func malformed() throws {
        var (world, old, call, ours, hers) = try connected()
        let value = "\(call);to-tag=\(ours);from-tag=\(hers)"
        let bad: [[String]] = [
            [value, value], ["\(call);to-tag=\(ours)"], ["\(call);from-tag=\(hers)"],
            ["\(value);to-tag=\(ours)"], ["\(value);from-tag=x"], ["\(value), \(value)"],
        ]
        for (index, values) in bad.enumerated() {
            try replace(&world, values, call: "bad\(index)")
            #expect(statuses(world, "bad\(index)") == [400], "\(values)")
        }
        for method in [Method.options, .message, .subscribe, .refer] {
            try replace(&world, [value], method: method, call: "other\(method)")
            #expect(statuses(world, "other\(method)") == [400], "\(method)")
        }
        #expect(world.ended[old.any] == nil && world.incoming.count == 1)
        leave(&world)
    }

    @Test("A new call that cannot be had leaves the old one untouched (REF-353, RFC 3891 §3)")
    func failing() throws {
        var (world, old, call, ours, hers) = try connected()
        try replace(&world, ["\(call);to-tag=\(ours);from-tag=\(hers)"])
        let incoming = try #require(world.incoming.last)
        let before = world.ladder.count
        try world.perform { core, now in ((), try core.reject(incoming, status: 488, at: now)) }
        world.run(for: .seconds(1))
        #expect(world.ladder.sent(since: before) == ["488 INVITE"])
        #expect(world.core.usages.map(\.id) == [old.any])
        #expect(world.core.usages.first?.state == "connected")
        leave(&world)
    }

    @Test(
        "The to-tag is compared with our own tag, the from-tag with the peer's, and not the other way (REF-354, RFC 3891 §3)"
    )
    func tags() throws {
        var (world, old, call, ours, hers) = try connected()
        try replace(&world, ["\(call);to-tag=\(hers);from-tag=\(ours)"], call: "swapped")
        #expect(statuses(world, "swapped") == [481])
        try replace(&world, ["\(call);to-tag=\(ours);from-tag=other"], call: "half")
        #expect(statuses(world, "half") == [481])
        #expect(world.incoming.count == 1)
        try replace(&world, ["\(call);to-tag=\(ours);from-tag=\(hers)"], call: "right")
        #expect(world.incoming.count == 2)
        _ = old
        leave(&world)
    }
}
