import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

@Suite("Subscriber (RFC 6665 §4.1)")
struct SubscriberTests {
    @Test("SUBSCRIBE says one Event, Expires, Accept and Contact (EVT-356, RFC 6665 §4.1.2.1, §3.1)")
    func fields() throws {
        var world = World()
        try world.watch("presence", id: "7")
        let sent = try #require(world.subscribes.first)
        #expect(sent.values(.event).count == 1)
        #expect(sent.value(.event) == "presence;id=7")
        #expect(sent.value(.expires) == "600")
        #expect(sent.value(.accept) == World.type)
        #expect(sent.values(.contact).count == 1)
        world.finishUp()
    }

    @Test("A NOTIFY before the 2xx is accepted and makes the subscription (EVT-357, RFC 6665 §4.1.2.4)")
    func earlyNotify() throws {
        var world = World()
        world.onSubscribe { world, request, count in
            guard count == 1 else { return }
            world.notify(request, "active;expires=600")
            world.peer.answer(request, 200, after: .seconds(2)) { $0.append(.expires, "600") }
        }
        let id = try world.watch(settling: .seconds(1))
        #expect(world.codes(of: .notify) == [200])
        #expect(world.state(of: id) == "active")
        world.run(for: .seconds(2))
        #expect(world.state(of: id) == "active")
        world.finishUp()
    }

    @Test("The 2xx alone makes nothing active; at Timer N without a NOTIFY it is given up (EVT-358, RFC 6665 §4.1.2.4)")
    func timerN() throws {
        var world = World()
        world.peer.manners[.subscribe] = .noNotify
        let id = try world.watch(settling: .seconds(31))
        #expect(world.state(of: id) == "accepted")
        world.run(for: .seconds(1))
        #expect(world.outcome(of: id) == .notifyMissing)
        #expect(world.now < .zero + .seconds(33))
        world.finishUp()
    }

    @Test("202 is as good as 200, and no better (EVT-359, RFC 6665 §8.3.1)", arguments: [200, 202] as [StatusCode])
    func accepted(status: StatusCode) throws {
        var world = World()
        world.onSubscribe { world, request, _ in world.peer.accept(request, status) }
        let id = try world.watch()
        #expect(world.state(of: id) == "accepted")
        let subscribe = try #require(world.subscribes.first)
        world.notify(subscribe, "active;expires=600")
        world.run(for: .milliseconds(100))
        #expect(world.state(of: id) == "active")
        world.finishUp()
    }

    /// When the refresh leaves is seen, not the machine's mind.
    @Test(
        "The shorter of what was asked, granted and told sets the refresh; a longer one is ignored (EVT-360, RFC 6665 §3.1.1, §4.1.3)",
        arguments: [
            ("600", "600", 540), ("100", "100", 90), ("100", "600", 90), ("600", "100", 90), ("9000", "9000", 540),
            ("9000", "", 540), ("100", "", 90),
        ])
    func shorter(granted: String, told: String, refreshAfter: Int) throws {
        var world = World()
        world.onSubscribe { world, request, count in
            guard count == 1 else { return world.peer.accept(request) }
            world.peer.accept(request, expires: granted)
            world.notify(request, told.isEmpty ? "active" : "active;expires=\(told)")
        }
        try world.watch(settling: .seconds(refreshAfter) - .seconds(1))
        #expect(world.subscribes.count == 1)
        world.run(for: .seconds(2))
        #expect(world.subscribes.count == 2)
        world.finishUp()
    }

    @Test("A NOTIFY without Subscription-State gets 400 (EVT-361, RFC 6665 §4.1.3)")
    func noState() throws {
        var world = World()
        let id = try world.watch()
        let subscribe = try #require(world.subscribes.first)
        world.notify(subscribe, nil)
        world.run(for: .milliseconds(100))
        #expect(world.codes(of: .notify) == [200, 400])
        #expect(world.state(of: id) == "active")
        world.finishUp()
    }

    @Test("A state that nobody knows is told as it is, and ends nothing (EVT-361, RFC 6665 §8.2)")
    func unknownState() throws {
        var world = World()
        let id = try world.watch()
        let subscribe = try #require(world.subscribes.first)
        world.notify(subscribe, "suspended;expires=300;reason=moon")
        world.run(for: .milliseconds(100))
        #expect(world.codes(of: .notify) == [200, 200])
        let last = try #require(world.subscriptionEvents.last)
        guard case .notified(.unknown("suspended"), _, _, _) = last else { Issue.record("\(last)"); return }
        #expect(world.state(of: id) == "suspended")
        world.finishUp()
    }

    @Test("A NOTIFY that matches no subscription gets 481 (EVT-362, H-074, RFC 6665 §4.1.3)")
    func unmatched() throws {
        var world = World()
        world.peer.outside(.notify)
        world.peer.outside(.notify, toTag: "nobody")
        world.run(for: .milliseconds(100))
        #expect(world.codes(of: .notify) == [481, 481])
        world.finishUp()
    }

    @Test(
        "A NOTIFY with another Event or another id gets 481 (EVT-363, H-074, RFC 6665 §4.5.2)",
        arguments: ["dialog;id=1", "presence", "presence;id=2"])
    func otherEvent(event: String) throws {
        var world = World()
        let id = try world.watch(id: "1")
        let subscribe = try #require(world.subscribes.first)
        world.notify(subscribe, "terminated;reason=rejected", event: event)
        world.run(for: .milliseconds(100))
        #expect(world.codes(of: .notify) == [200, 481])
        #expect(world.state(of: id) == "active")
        world.finishUp()
    }

    @Test(
        "These answers to a refresh end the subscription (EVT-366, RFC 6665 §4.1.2.2)",
        arguments: [404, 405, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 604] as [StatusCode])
    func gone(status: StatusCode) throws {
        var world = World()
        let id = try world.watch(policy: .never)
        world.peer.manners[.subscribe] = .status(status)
        world.run(for: .seconds(545))
        #expect(world.outcome(of: id) == .endedByPeer(status))
        world.finishUp()
    }

    @Test("423 is asked again with Min-Expires, first and later (EVT-367, RFC 6665 §4.1.2.1)")
    func tooBrief() throws {
        var world = World()
        world.onSubscribe { world, request, count in
            let least = count < 3 ? 900 : 1800
            guard let asked = request.value(.expires).flatMap(Int.init), asked >= least else {
                return world.peer.answer(request, 423) { $0.append(.minExpires, "\(least)") }
            }
            world.peer.accept(request, expires: "\(asked)")
            world.notify(request, "active;expires=\(asked)")
        }
        let id = try world.watch()
        #expect(world.subscribes.map { $0.value(.expires) } == ["600", "900"])
        world.run(for: .seconds(811))
        #expect(world.subscribes.map { $0.value(.expires) } == ["600", "900", "900", "1800"])
        #expect(world.state(of: id) == "active")
        world.finishUp()
    }

    @Test("423 that asks for no more than we did is not believed a second time (RFC 3261 §21.4.17)")
    func briefLoop() throws {
        var world = World()
        world.onSubscribe { world, request, _ in world.peer.answer(request, 423) { $0.append(.minExpires, "600") } }
        let id = try world.watch()
        #expect(world.subscribes.count == 1)
        #expect(world.outcome(of: id) == .endedByPeer(423))
        world.finishUp()
    }

    @Test(
        "408, 500, 503 and silence to a refresh leave it standing, and it is tried again (EVT-368, RFC 6665 §4.1.2.2)",
        arguments: [.status(408), .status(500), .status(503), .silent] as [ScriptedPeer.Manner])
    func passingFailure(manner: ScriptedPeer.Manner) throws {
        var world = World()
        let id = try world.watch()
        world.peer.manners[.subscribe] = manner
        world.run(for: .seconds(573))
        #expect(world.state(of: id) == "active")
        world.peer.manners[.subscribe] = .healthy
        world.run(for: .seconds(26))
        #expect(world.subscribes.last?.value(.expires) == "600")
        world.run(for: .seconds(300))
        #expect(world.state(of: id) == "active")
        let calls = Set(world.subscribes.compactMap { try? $0.callID() })
        #expect(calls.count == 1)
        world.finishUp()
    }

    @Test("Retry-After in the answer to a refresh is kept (RFC 3261 §20.33)")
    func refreshRetryAfter() throws {
        var world = World()
        try world.watch()
        world.onSubscribe { world, request, count in
            guard count == 2 else { return world.peer.accept(request) }
            world.peer.answer(request, 503) { $0.append(.retryAfter, "40") }
        }
        world.run(for: .seconds(579))
        #expect(world.subscribes.count == 2)
        world.run(for: .seconds(3))
        #expect(world.subscribes.count == 3)
        world.finishUp()
    }

    @Test("Unsubscribing sends Expires 0 and waits for the final NOTIFY (EVT-369, RFC 6665 §4.1.2.3)")
    func unsubscribe() throws {
        var world = World()
        let id = try world.watch()
        world.intercept = { world, request in
            guard request.value(.expires) == "0" else { return false }
            world.peer.accept(request, expires: "0")
            world.notify(request, "terminated;reason=timeout", after: .seconds(3))
            return true
        }
        world.take(world.core.end(id, at: world.now))
        world.run(for: .seconds(2))
        #expect(world.subscribes.last?.value(.expires) == "0")
        #expect(world.ended[id] == nil)
        world.run(for: .seconds(2))
        #expect(world.outcome(of: id) == .local(200))
        #expect(world.codes(of: .notify) == [200, 200])
        world.finishUp()
    }

    @Test("A fetch brings one NOTIFY, is not renewed and not asked for again (RFC 6665 §4.4.3)")
    func fetch() throws {
        var world = World()
        let id = try world.watch(expires: .zero)
        #expect(world.outcome(of: id) == .endedByPeer(nil))
        world.run(for: .seconds(120))
        #expect(world.subscribes.map { $0.value(.expires) } == ["0"])
        world.finishUp()
    }

    @Test("Each NOTIFY is answered at once, whatever the application does (EVT-371, RFC 6665 §4.1.3)")
    func answeredAtOnce() throws {
        var world = World()
        try world.watch()
        let subscribe = try #require(world.subscribes.first)
        let before = world.now
        world.notify(subscribe, "pending;expires=600", body: "<presence/>")
        world.run(for: .seconds(1)) { $0.codes(of: .notify).count == 2 }
        #expect(world.codes(of: .notify) == [200, 200])
        #expect(world.now - before <= world.toAgent.latency + world.toPeer.latency)
        world.finishUp()
    }

    @Test("A document of a type that we did not ask for gets 415 with Accept (EVT-372, RFC 6665 §3.2.1)")
    func unsupportedBody() throws {
        var world = World()
        let id = try world.watch()
        let subscribe = try #require(world.subscribes.first)
        world.notify(subscribe, "active;expires=300", body: "BEGIN:VCARD", type: "text/directory")
        world.run(for: .milliseconds(100))
        let refusal = try #require(world.peer.responses.last)
        #expect(refusal.status == 415)
        #expect(refusal.value(.accept) == World.type)
        for case .notified(_, let type, let body, _) in world.subscriptionEvents {
            #expect(type == nil && body.isEmpty)
        }
        #expect(world.state(of: id) == "active")
        world.finishUp()
    }

    @Test(
        "48. A live NOTIFY and the final one come together as the end is asked for: both answered at once (H16, H-075)")
    func finalBehindLive() throws {
        var world = World()
        let id = try world.watch()
        let subscribe = try #require(world.subscribes.first)
        world.react = { world, event in
            guard case .subscription(let usage, .notified(.pending, _, _, _)) = event else { return }
            world.take(world.core.end(usage.any, at: world.now))
        }
        world.intercept = { _, request in request.method == .subscribe }
        world.notify(subscribe, "pending;expires=600")
        world.notify(subscribe, "terminated;reason=noresource")
        world.shutdown(giveUp: .seconds(60))
        world.run(for: .milliseconds(100))
        #expect(world.codes(of: .notify) == [200, 200, 200])
        #expect(world.ended[id] == nil, "its SUBSCRIBE 0 is unanswered")
        world.runToTheEnd()
        #expect(world.ended[id]?.count == 1)
        world.finish()
    }
}
