import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

@Suite("Notifier (RFC 6665 §4.2)")
struct NotifierTests {
    @Test("SUBSCRIBE for a package that we do not have gets 489 with Allow-Events (EVT-374, RFC 6665 §4.2.1.1, §8.3.2)")
    func unknownPackage() throws {
        var world = World()
        world.carolSubscribes(["weather"])
        let answer = try #require(world.lastAnswer)
        #expect(answer.status == 489)
        #expect(answer.value(.allowEvents) == "presence")
        #expect(world.watchers.isEmpty)
        world.finishUp()
    }

    @Test(
        "Two Events get 400, none 489 (EVT-375, RFC 6665 §8.2.1)",
        arguments: [
            (["presence", "presence"], 400), (["presence", "dialog"], 400), ([], 489),
        ])
    func events(events: [String], status: Int) throws {
        var world = World()
        world.carolSubscribes(events)
        #expect(world.codes(of: .subscribe) == [status])
        #expect(world.watchers.isEmpty)
        world.finishUp()
    }

    @Test(
        "200 grants no more than was asked, and NOTIFY follows at once, also for a fetch and while pending (EVT-376, RFC 6665 §4.2.1.2, §4.2.2)",
        arguments: [
            ("600", Standing.active, "600"), ("600", .pending, "600"), ("0", .active, "0"), ("0", .pending, "0"),
            ("4294967295", .active, "86400"),
        ])
    func accepted(asked: String, standing: Standing, granted: String) throws {
        var world = World()
        world.carolSubscribes(expires: asked)
        let before = world.now
        try world.letWatch(standing, settling: .zero)
        world.run(for: .seconds(1)) { !$0.notifies.isEmpty }
        #expect(world.now - before <= world.toPeer.latency)
        #expect(world.answers(toWatcher: 200).map { $0.value(.expires) } == [granted])
        #expect(world.answers(toWatcher: 202).isEmpty)
        let state = try #require(world.notifies.first?.value(.subscriptionState))
        #expect(state.hasPrefix(asked == "0" ? "terminated;reason=timeout" : "\(standing.inWords);expires="))
        world.finishUp()
    }

    @Test("NOTIFY repeats Event with its id, and says how long it will go on (EVT-377, RFC 6665 §4.2.2)")
    func notifyFields() throws {
        var world = World()
        world.carolSubscribes(["presence;id=42"])
        let (id, _) = try world.letWatch(.pending)
        world.run(for: .seconds(100))
        try world.tell(id, .active, body: "<presence/>")
        #expect(world.notifies.map { $0.value(.event) } == ["presence;id=42", "presence;id=42"])
        #expect(world.notifies.map { $0.value(.subscriptionState) } == ["pending;expires=600", "active;expires=499"])
        world.finishUp()
    }

    @Test(
        "481 and silence to NOTIFY remove the subscription (EVT-378, RFC 6665 §4.2.2)",
        arguments: [
            ScriptedPeer.Manner.status(481), .status(404), .status(489), .silent,
        ])
    func removed(manner: ScriptedPeer.Manner) throws {
        var world = World()
        world.carolSubscribes()
        let (id, _) = try world.letWatch()
        world.peer.manners[.notify] = manner
        try world.tell(id, .active, body: "<new/>", settling: .seconds(33))
        #expect(world.ended[id.any]?.count == 1)
        #expect(world.core.usages.isEmpty)
        world.finishUp()
    }

    @Test(
        "Any other failure of a NOTIFY leaves the subscription (RFC 6665 §4.2.2)",
        arguments: [
            400, 403, 415, 500, 503, 600,
        ] as [StatusCode])
    func kept(status: StatusCode) throws {
        var world = World()
        world.carolSubscribes()
        let (id, _) = try world.letWatch()
        world.peer.manners[.notify] = .status(status)
        try world.tell(id, .active, body: "<new/>")
        #expect(world.ended[id.any] == nil)
        world.peer.manners[.notify] = .healthy
        try world.tell(id, .active, body: "<newer/>")
        #expect(world.notifies.last?.bodyText == "<newer/>")
        world.finishUp()
    }

    @Test("Retry-After in the answer to NOTIFY is waited for; then the newest state goes out once (RFC 6665 §4.2.2)")
    func retryAfter() throws {
        var world = World()
        world.carolSubscribes()
        let (id, _) = try world.letWatch()
        world.intercept = { world, request in
            guard request.method == .notify, request.bodyText == "<one/>" else { return false }
            world.peer.answer(request, 503) { $0.append(.retryAfter, "20") }
            return true
        }
        try world.tell(id, .active, body: "<one/>")
        try world.tell(id, .active, body: "<two/>")
        try world.tell(id, .active, body: "<three/>")
        world.run(for: .seconds(19))
        #expect(world.notifies.count == 2)
        world.run(for: .seconds(2))
        #expect(world.notifies.map(\.bodyText) == ["<presence/>", "<one/>", "<three/>"])
        world.finishUp()
    }

    @Test("A subscription whose time is over ends with NOTIFY terminated;reason=timeout (EVT-379, RFC 6665 §4.2.2)")
    func expiry() throws {
        var world = World()
        world.carolSubscribes(expires: "60")
        let (id, _) = try world.letWatch()
        world.run(for: .seconds(59))
        #expect(world.notifies.count == 1)
        world.run(for: .seconds(2))
        #expect(world.notifies.last?.value(.subscriptionState) == "terminated;reason=timeout")
        #expect(world.ended[id.any]?.count == 1)
        world.finishUp()
    }

    @Test("SUBSCRIBE for too brief a time gets 423 with Min-Expires, first and in the dialog (RFC 6665 §4.2.1.1)")
    func tooBrief() throws {
        var world = World { $0.limits.briefestSubscription = .seconds(60) }
        world.carolSubscribes(expires: "59")
        #expect(world.lastAnswer?.status == 423)
        #expect(world.lastAnswer?.value(.minExpires) == "60")
        #expect(world.watchers.isEmpty)
        world.carolSubscribes(expires: "60", call: "again")
        let (id, tag) = try world.letWatch()
        world.carolSubscribes(expires: "30", tag: tag, sequence: 2, call: "again")
        #expect(world.lastAnswer?.status == 423)
        #expect(world.ended[id.any] == nil)
        world.finishUp()
    }

    @Test("NOTIFY that is challenged is sent again with credentials, and only then has it arrived (RFC 3261 §22.2)")
    func challenged() throws {
        var world = World()
        world.intercept = { world, request in
            guard request.method == .notify, request.value(.proxyAuthorization) == nil else { return false }
            world.peer.challenge(request)
            return true
        }
        world.carolSubscribes()
        let (id, _) = try world.letWatch(settling: .milliseconds(300))
        #expect(world.notifies.count == 2)
        #expect(world.notifies.last?.value(.proxyAuthorization) != nil)
        #expect(world.state(of: id.any) == "active")
        world.finishUp()
    }

    @Test(
        "A second package, or a second id, in the same dialog is a subscription of its own (RFC 6665 §4.5.2, RFC 5057 §3)"
    )
    func secondInDialog() throws {
        var world = World { $0.notifierPackages = ["presence", "dialog"] }
        world.carolSubscribes(["presence"])
        let (first, tag) = try world.letWatch()
        world.carolSubscribes(["dialog"], tag: tag, sequence: 2)
        let (second, same) = try world.letWatch(body: "")
        #expect(tag == same)
        world.carolSubscribes(["presence;id=2"], tag: tag, sequence: 3)
        let (third, _) = try world.letWatch(.pending)
        #expect(Set([first, second, third]).count == 3)
        #expect(world.notifies.map { $0.value(.event) } == ["presence", "dialog", "presence;id=2"])
        #expect(try Set(world.notifies.map { try $0.callID() }).count == 1)
        let numbers = try world.notifies.map { try $0.cSeq().number }
        #expect(numbers == numbers.sorted() && Set(numbers).count == 3)
        // Each ends alone.
        world.carolSubscribes(["dialog"], expires: "0", tag: tag, sequence: 4)
        world.run(for: .milliseconds(200))
        #expect(world.ended[second.any]?.count == 1)
        #expect(world.ended[first.any] == nil && world.ended[third.any] == nil)
        try world.tell(first, .active, body: "<still/>")
        #expect(world.notifies.last?.bodyText == "<still/>")
        world.finishUp()
        #expect(world.ended.values.allSatisfy { $0.count == 1 })
    }

    @Test("In a dialog too, a package that we do not have gets 489, and ends nothing (RFC 5057 §5.1)")
    func unknownInDialog() throws {
        var world = World()
        world.carolSubscribes()
        let (id, tag) = try world.letWatch()
        world.carolSubscribes(["weather"], tag: tag, sequence: 2)
        #expect(world.lastAnswer?.status == 489)
        #expect(world.state(of: id.any) == "active")
        world.finishUp()
    }

    @Test("More watchers than the limit get 503 with Retry-After (H-006)")
    func limit() throws {
        var world = World { $0.limits.serverSubscriptions = 2 }
        for call in ["a", "b", "c"] { world.carolSubscribes(call: call) }
        #expect(world.codes(of: .subscribe) == [503])
        #expect(world.lastAnswer?.value(.retryAfter) != nil)
        world.finishUp()
    }

    @Test("59. A refresh crosses our final NOTIFY: 481, and one end (H-075, RFC 6665 §4.1.3)")
    func crossing() throws {
        var world = World()
        world.carolSubscribes()
        let (id, tag) = try world.letWatch()
        world.peer.manners[.notify] = .silent
        world.shutdown(giveUp: .seconds(60))
        world.carolSubscribes(tag: tag, sequence: 2)
        #expect(world.lastAnswer?.status == 481)
        world.peer.manners[.notify] = .healthy
        world.runToTheEnd()
        #expect(world.ended[id.any]?.count == 1)
        world.finish()
    }

    @Test("The application's reason and retry-after are said in the final NOTIFY (RFC 6665 §4.1.3)")
    func saying() throws {
        var world = World()
        world.carolSubscribes()
        let (id, _) = try world.letWatch()
        try world.tell(id, .terminated(reason: "giveup", retryAfter: .seconds(90)), body: "")
        #expect(world.notifies.last?.value(.subscriptionState) == "terminated;reason=giveup;retry-after=90")
        #expect(throws: UsageError.self) {
            try world.core.notify(id, standing: .unknown("odd"), contentType: nil, body: [], at: world.now)
        }
        world.finishUp()
    }

    @Test("A SUBSCRIBE that the application never answers is answered 500, and its usage is over (hardening §1)")
    func unanswered() throws {
        var world = World()
        world.peer.outside(.subscribe, expires: "600")
        world.run(for: .seconds(19))
        let id = try #require(world.watchers.last)
        #expect(!world.codes(of: .subscribe).contains(500))
        world.run(for: .seconds(2))
        #expect(world.codes(of: .subscribe).last == 500)
        #expect(world.ended[id.any] == [.local(500)])
        #expect(world.core.usages.isEmpty)
        world.finishUp()
    }
}
