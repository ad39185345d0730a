import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

/// The subscriber, over virtual time (RFC 6665 §4.1).
@Suite("Subscriber (RFC 6665 §4.1)")
struct SubscriberTests {
    @Test("SUBSCRIBE has one Event, Expires, Accept and one Contact (EVT-356, RFC 6665 §4.1.2.1)")
    func request() throws {
        var world = World()
        _ = try world.watch()
        let subscribe = try #require(world.subscribes.first)
        #expect(subscribe.values(.event) == ["presence"])
        #expect(subscribe.values(.expires) == ["600"])
        #expect(subscribe.value(.accept) == "application/pidf+xml")
        #expect(subscribe.count(of: .contact) == 1)
        world.leaveInOrder()
    }

    @Test("A NOTIFY before the 2xx is accepted and makes the subscription (EVT-357, EVT-371, RFC 6665 §4.1.2.4)")
    func earlyNotify() throws {
        var world = World()
        world.intercept = { world, request in
            guard request.method == .subscribe else { return false }
            world.peer.notify(request, state: "active;expires=600")
            world.peer.answer(request, 200, after: .milliseconds(300)) { $0.append(.expires, "600") }
            return true
        }
        let id = try world.watch(settling: .milliseconds(150))
        #expect(world.statuses(.notify) == [200])
        #expect(world.standings(of: id) == [.active])
        world.run(for: .seconds(1))
        #expect(world.state(of: id) == "active")
        world.leaveInOrder()
    }

    @Test(
        "A 2xx, be it 200 or 202, makes no active subscription; without a NOTIFY it ends at Timer N (EVT-358, EVT-359, RFC 6665 §4.1.2.4)",
        arguments: [200, 202])
    func noNotify(status: Int) throws {
        var world = World()
        let code = try #require(StatusCode(exactly: status))
        world.intercept = { world, request in
            guard request.method == .subscribe else { return false }
            world.peer.answer(request, code) { $0.append(.expires, "600") }
            return true
        }
        let id = try world.watch()
        #expect(world.state(of: id) == "accepted")
        world.run(for: .milliseconds(31_800))
        #expect(world.ended[id] == nil)
        world.run(for: .milliseconds(200))
        #expect(world.outcome(of: id) == .notifyMissing)
        world.leaveInOrder()
    }

    @Test("202 and a NOTIFY make an active subscription, as 200 does (EVT-359, RFC 6665 §8.3)")
    func accepted() throws {
        var world = World()
        world.intercept = { world, request in
            guard request.method == .subscribe, request.value(.expires) != "0" else { return false }
            world.peer.answer(request, 202) { $0.append(.expires, "600") }
            world.peer.notify(request, state: "active;expires=600")
            return true
        }
        let id = try world.watch()
        #expect(world.state(of: id) == "active")
        world.leaveInOrder()
    }

    @Test(
        "A shorter time counts for the refresh, a longer one does not (EVT-360, RFC 6665 §4.1.3)",
        arguments: [60, 6000])
    func times(seconds: Int) throws {
        var world = World()
        world.intercept = { world, request in
            guard request.method == .subscribe, request.value(.expires) != "0" else { return false }
            world.peer.answer(request, 200) { $0.append(.expires, "\(seconds)") }
            world.peer.notify(request, state: "active;expires=\(seconds)")
            return true
        }
        _ = try world.watch(for: .seconds(600))
        world.run(for: .seconds(min(seconds, 600)))
        #expect(world.subscribes.count == 2)
        let gap = world.requestTimes[world.requests.lastIndex { $0.method == .subscribe } ?? 0] - world.requestTimes[0]
        #expect(gap < .seconds(min(seconds, 600)) && gap > .seconds(min(seconds, 600)) / 2)
        world.leaveInOrder()
    }

    @Test("NOTIFY without Subscription-State gets 400; an unknown state counts as pending (EVT-361, RFC 6665 §4.1.3)")
    func oddStates() throws {
        var world = World()
        let id = try world.watch()
        let subscribe = try #require(world.subscribes.first)
        try world.notify(subscribe, nil, sequence: 2)
        #expect(world.statuses(.notify) == [200, 400])
        try world.notify(subscribe, "sleepy;expires=300", sequence: 3)
        #expect(world.statuses(.notify) == [200, 400, 200])
        #expect(world.standings(of: id) == [.active, .pending])
        world.leaveInOrder()
    }

    @Test("A NOTIFY that matches no subscription gets 481 (EVT-362, RFC 6665 §4.1.3)")
    func unmatched() throws {
        var world = World()
        world.peer.outside(.notify)
        world.peer.outside(.notify, toTag: "unknown")
        world.run(for: .milliseconds(100))
        #expect(world.statuses(.notify) == [481, 481])
        world.leaveInOrder()
    }

    @Test("A NOTIFY with another Event or id gets 481, and the subscription lives (EVT-363, RFC 6665 §4.5.2)")
    func otherEvent() throws {
        var world = World()
        let id = try world.watch()
        let subscribe = try #require(world.subscribes.first)
        try world.notify(subscribe, "active;expires=600", event: "dialog", sequence: 2)
        try world.notify(subscribe, "terminated", event: "presence;id=7", sequence: 3)
        #expect(world.statuses(.notify) == [200, 481, 481])
        #expect(world.state(of: id) == "active")
        world.leaveInOrder()
    }

    @Test(
        "These statuses to a refresh end the subscription (EVT-366, RFC 6665 §4.1.2.2)",
        arguments: [404, 405, 410, 416, 480, 482, 483, 484, 485, 489, 501, 604])
    func gone(code: Int) throws {
        var world = World()
        let id = try world.watch()
        let status = try #require(StatusCode(exactly: code))
        world.peer.manners[.subscribe] = .status(status)
        world.run(for: .seconds(600))
        #expect(world.outcome(of: id) == .endedByPeer(status))
        #expect(world.subscribes.count == 2)
        world.peer.manners = [:]
        world.leaveInOrder()
    }

    @Test(
        "481 to a refresh: the server has forgotten us; by the policy a new SUBSCRIBE goes out (EVT-366, RFC 6665 §4.1.2.2)"
    )
    func forgotten() throws {
        var world = World()
        let id = try world.watch()
        world.intercept = { world, request in
            guard request.method == .subscribe, (try? request.to().tag) != nil, request.value(.expires) != "0" else {
                return false
            }
            world.peer.answer(request, 481)
            return true
        }
        world.run(for: .seconds(600), until: { $0.subscribes.count == 3 })
        world.run(for: .milliseconds(100))
        let (first, last) = (try #require(world.subscribes.first), try #require(world.subscribes.last))
        #expect(try last.callID() != first.callID())
        #expect(try last.to().tag == nil)
        #expect(world.state(of: id) == "active")
        #expect(world.ended[id] == nil)
        world.leaveInOrder()
    }

    @Test("423 to SUBSCRIBE: repeated with Min-Expires (EVT-367, RFC 6665 §4.1.2.1)")
    func tooBrief() throws {
        var world = World()
        world.intercept = { world, request in
            guard request.method == .subscribe, request.value(.expires) == "600" else { return false }
            world.peer.answer(request, 423) { $0.append(.minExpires, "1200") }
            return true
        }
        let id = try world.watch()
        #expect(world.subscribes.map { $0.value(.expires) } == ["600", "1200"])
        #expect(world.state(of: id) == "active")
        world.leaveInOrder()
    }

    @Test(
        "408, 500 and 503 to a refresh leave it standing until its time is over, and it is tried again (EVT-368, RFC 6665 §4.1.2.2)",
        arguments: [408, 500, 503])
    func passingFailure(code: Int) throws {
        var world = World()
        let id = try world.watch()
        let status = try #require(StatusCode(exactly: code))
        var failures = 0
        world.intercept = { world, request in
            guard request.method == .subscribe, failures < 2 else { return false }
            failures += 1
            world.peer.answer(request, status)
            return true
        }
        world.run(for: .seconds(599))
        #expect(failures == 2)
        #expect(world.subscribes.count == 4)
        #expect(world.state(of: id) == "active")
        world.run(for: .seconds(300))
        #expect(world.ended[id] == nil)
        world.leaveInOrder()
    }

    @Test(
        "A refresh that nobody answers until the lease is over ends the subscription then (EVT-368, RFC 6665 §4.1.2.2)")
    func refreshRacesExpiry() throws {
        var world = World()
        let id = try world.watch()
        world.peer.manners[.subscribe] = .silent
        world.run(for: .seconds(599))
        #expect(world.ended[id] == nil)
        world.run(for: .seconds(2))
        #expect(world.outcome(of: id) == .peerUnresponsive)
        world.peer.manners = [:]
        world.leaveInOrder()
    }

    @Test("Unsubscribe: SUBSCRIBE with Expires 0, and the final NOTIFY is awaited (EVT-369, RFC 6665 §4.1.2.3)")
    func unsubscribe() throws {
        var world = World()
        let id = try world.watch()
        world.intercept = { world, request in
            guard request.method == .subscribe else { return false }
            world.peer.answer(request, 200) { $0.append(.expires, "0") }
            world.peer.notify(request, state: "terminated;reason=timeout", after: .seconds(2))
            return true
        }
        world.take(world.core.end(id, at: world.now))
        world.run(for: .seconds(1))
        #expect(world.subscribes.last?.value(.expires) == "0")
        #expect(world.ended[id] == nil)
        world.run(for: .seconds(2))
        #expect(world.outcome(of: id) == .local(200))
        world.leaveInOrder()
    }

    @Test("A fetch is one SUBSCRIBE with Expires 0 and one NOTIFY, and nothing comes after (RFC 6665 §4.4.3)")
    func fetch() throws {
        var world = World()
        let id = try world.watch(for: .zero)
        #expect(world.outcome(of: id) == .endedByPeer(nil))
        world.run(for: .seconds(600))
        #expect(world.subscribes.count == 1)
        world.leaveInOrder()
    }

    @Test("A NOTIFY of a type that cannot be read gets 415 with Accept (EVT-372, RFC 6665 §3.2.1)")
    func unreadable() throws {
        var world = World()
        let id = try world.watch()
        let subscribe = try #require(world.subscribes.first)
        try world.notify(subscribe, "active;expires=600", sequence: 2, type: "application/vnd.odd", body: "?")
        let answer = try #require(world.peer.responses.last)
        #expect(answer.status == 415)
        #expect(answer.value(.accept) == "application/pidf+xml")
        #expect(world.state(of: id) == "active")
        world.leaveInOrder()
    }
}
