import DialogUsage
import Ladder
import SIPMessage
import SIPTransaction
import SansIO
import Testing

@Suite("Shutdown: subscriptions (shutdown.md, section 11)")
struct SubscriptionShutdownTests {
    @Test("39. Active: SUBSCRIBE 0, 200, NOTIFY terminated (W19)")
    func healthy() throws {
        var world = World()
        let id = try world.subscribe()
        world.shutdown()
        world.runToTheEnd()
        #expect(world.outcome(of: id) == .local(200))
        world.finish()
    }

    @Test("40. The final NOTIFY before the 200 (W21)")
    func overtaken() throws {
        var world = World()
        let id = try world.subscribe()
        world.intercept = { world, request in
            guard request.method == .subscribe else { return false }
            world.peer.notify(request, state: "terminated;reason=timeout")
            world.peer.answer(request, 200, after: .milliseconds(200)) { $0.append(.expires, "0") }
            return true
        }
        world.shutdown()
        world.runToTheEnd()
        #expect(world.outcome(of: id) == .local(200))
        world.finish()
    }

    @Test("41. 200 but never a NOTIFY, the 2004 case: over after notifyGrace, and the next group goes on")
    func crashedServer() throws {
        var world = World()
        try world.register()
        let id = try world.subscribe()
        world.peer.manners[.subscribe] = .noNotify
        let began = world.now
        world.shutdown()
        world.runToTheEnd()
        #expect(world.outcome(of: id) == .notifyMissing)
        #expect(world.now - began == .milliseconds(40) + .seconds(5) + .milliseconds(40))
        #expect(world.report?.isClean == false)
        world.finish()
    }

    @Test("42. No answer at all: Timer F (RFC 3261 §17.1.2.2)")
    func timerF() throws {
        var world = World()
        let id = try world.subscribe()
        world.peer.manners[.subscribe] = .silent
        let began = world.now
        world.shutdown()
        world.runToTheEnd()
        #expect(world.outcome(of: id) == .peerUnresponsive)
        #expect(world.now - began == .seconds(32))
        world.finish()
    }

    @Test("45. ICMP port unreachable: over at once (R7)")
    func unreachable() throws {
        var world = World()
        let id = try world.subscribe()
        world.peer.manners[.subscribe] = .silent
        world.shutdown()
        world.run(for: .milliseconds(30))
        let payload = try #require(world.requests.last?.bytes)
        let outputs = world.core.handle(
            .unreachable(remote: World.peerAddress, payload: Array(payload.prefix(200))), at: world.now)
        world.take(outputs)
        world.runToTheEnd(atMost: .milliseconds(10))
        #expect(world.outcome(of: id) == .transportFailed)
        world.finish()
    }

    @Test("46. The server has restarted: 481 to SUBSCRIBE 0 is success (R6)")
    func restarted() throws {
        var world = World()
        let id = try world.subscribe()
        world.peer.manners[.subscribe] = .status(481)
        world.shutdown()
        world.runToTheEnd()
        #expect(world.outcome(of: id) == .local(481))
        #expect(world.report?.isClean == true)
        world.finish()
    }

    @Test("47. A NOTIFY that is not the last one comes after the end: 200, not 481; then the last (W19)")
    func liveNotify() throws {
        var world = World()
        let id = try world.subscribe()
        world.intercept = { world, request in
            guard request.method == .subscribe else { return false }
            world.peer.answer(request, 200) { $0.append(.expires, "0") }
            world.peer.notify(request, state: "active;expires=5", after: .milliseconds(10))
            world.peer.notify(request, state: "terminated;reason=timeout", after: .milliseconds(300))
            return true
        }
        world.shutdown()
        world.runToTheEnd()
        #expect(world.peer.responses.filter { $0.method == .notify }.allSatisfy { $0.status == 200 })
        #expect(world.outcome(of: id) == .local(200))
        world.finish()
    }

    @Test("49. A refresh in flight at the end: its answer first, then SUBSCRIBE 0 with a higher CSeq (W20)")
    func refreshInFlight() throws {
        var world = World()
        let id = try world.subscribe()
        world.toPeer.latency = .milliseconds(500)
        let usage = UsageID<ClientSubscription>(serial: id.serial)
        try world.perform { core, now in ((), try core.refresh(usage, at: now)) }
        let before = world.ladder.count
        world.shutdown()
        #expect(world.ladder.sent(since: before) == [])
        world.runToTheEnd()
        let subscribes = world.requests.filter { $0.method == .subscribe }
        let sequences = try subscribes.map { try $0.cSeq().number }
        #expect(sequences == sequences.sorted() && Set(sequences).count >= 3)
        #expect(world.outcome(of: id) == .local(200))
        world.finish()
    }

    @Test("50. The first SUBSCRIBE in flight: its 200 leads to SUBSCRIBE 0 (W18, R3)")
    func initialInFlight() throws {
        var world = World()
        let id = try world.subscribe(settling: .zero)
        world.shutdown()
        world.runToTheEnd()
        #expect(world.requests.filter { $0.method == .subscribe }.last?.value(.expires) == "0")
        #expect(world.outcome(of: id) == .local(200))
        world.finish()
    }

    @Test("56. A watcher of ours is told: NOTIFY terminated, probation, retry-after (W16)")
    func notifier() throws {
        var world = World()
        let id = try world.watched()
        world.shutdown()
        world.runToTheEnd()
        let state = world.requests.last?.value(.subscriptionState) ?? ""
        #expect(state.hasPrefix("terminated;reason=probation;retry-after="))
        #expect(world.outcome(of: id.any) == .local(200))
        world.finish()
    }
}

@Suite("Shutdown: messages, publications, registrations (shutdown.md, section 11)")
struct SoftStateShutdownTests {
    @Test("62. One MESSAGE in flight and four queued: one is awaited, four are given back with content (W23)")
    func pager() throws {
        var world = World()
        world.toPeer.latency = .milliseconds(300)
        for text in ["one", "two", "three", "four", "five"] { try world.message(text) }
        world.shutdown()
        world.runToTheEnd()
        #expect(world.requests.filter { $0.method == .message }.count == 1)
        #expect(
            world.report?.undelivered.map { String(decoding: $0.body, as: UTF8.self) } == [
                "two", "three", "four", "five",
            ])
        #expect(world.report?.isClean == false)
        world.finish()
    }

    @Test("63. flushQueue: what waits is still sent, in order, as far as the time goes (W23)", arguments: [60, 2])
    func flushing(giveUp: Int) throws {
        var world = World { $0.queueAtEnd = .flush }
        world.intercept = { world, request in
            guard request.method == .message else { return false }
            world.peer.answer(request, 200, after: .milliseconds(400))
            return true
        }
        let texts = (0..<8).map { "text \($0)" }
        for text in texts { try world.message(text) }
        world.shutdown(giveUp: .seconds(giveUp))
        world.runToTheEnd()
        let sent = world.requests.filter { $0.method == .message }.map(\.bodyText)
        let undelivered = world.report?.undelivered.map { String(decoding: $0.body, as: UTF8.self) } ?? []
        #expect(sent == Array(texts.prefix(sent.count)))
        if giveUp == 60 {
            #expect(sent == texts && undelivered.isEmpty)
            #expect(world.report?.isClean == true)
        } else {
            #expect((2..<8).contains(sent.count))
            // The one in flight at the end may or may not have arrived, and is given back too.
            #expect(undelivered == Array(texts.suffix(undelivered.count)))
            #expect(sent.count + undelivered.count >= 8)
        }
        world.finish()
    }

    @Test("63. flushQueue and a peer that is silent: one message is waited for, the others are given back (W23)")
    func flushingToNobody() throws {
        var world = World { $0.queueAtEnd = .flush }
        world.peer.manners[.message] = .silent
        for text in ["one", "two", "three"] { try world.message(text) }
        let began = world.now
        world.shutdown()
        world.runToTheEnd()
        #expect(world.now - began <= .seconds(33))
        #expect(Set(world.requests.filter { $0.method == .message }.map(\.bodyText)) == ["one"])
        #expect(world.report?.undelivered.count == 2)
        world.finish()
    }

    @Test("64. A MESSAGE that is challenged while it ends is sent again with credentials (R4)")
    func messageChallenged() throws {
        var world = World()
        world.intercept = { world, request in
            guard request.method == .message, request.value(.proxyAuthorization) == nil else { return false }
            world.peer.challenge(request)
            return true
        }
        let id = try world.message("hello")
        world.shutdown()
        world.runToTheEnd()
        let sent = world.requests.filter { $0.method == .message }
        #expect(sent.count == 2)
        #expect(sent.last?.value(.proxyAuthorization) != nil)
        #expect(world.outcome(of: id) == .endedByPeer(200))
        world.finish()
    }

    @Test("65. Un-PUBLISH: Expires 0 and SIP-If-Match, no body, no Content-Type (W24)")
    func unpublish() throws {
        var world = World()
        let id = try world.publish()
        world.shutdown()
        world.runToTheEnd()
        let last = try #require(world.requests.last)
        #expect(last.value(.expires) == "0" && last.value(.sipIfMatch) == "tag1")
        #expect(last.body.isEmpty && last.value(.contentType) == nil)
        #expect(world.outcome(of: id) == .local(200))
        world.finish()
    }

    @Test("66. PUBLISH in flight: the new entity-tag is used (W25)")
    func publishInFlight() throws {
        var world = World()
        let id = try world.publish()
        try world.perform { core, now in
            ((), try core.modify(UsageID(serial: id.serial), contentType: "application/pidf+xml", body: [61], at: now))
        }
        world.shutdown()
        world.runToTheEnd()
        #expect(world.requests.last?.value(.sipIfMatch) == "tag2")
        world.finish()
    }

    @Test("67. 412 to the un-PUBLISH is success, and nothing is published again (R6)")
    func conflict() throws {
        var world = World()
        let id = try world.publish()
        world.peer.manners[.publish] = .status(412)
        world.shutdown()
        world.runToTheEnd()
        #expect(world.outcome(of: id) == .local(412))
        #expect(world.requests.filter { $0.method == .publish }.count == 2)
        world.finish()
    }

    @Test("68. The first PUBLISH in flight: its 200 leads to the un-PUBLISH (R3)")
    func firstPublishInFlight() throws {
        var world = World()
        try world.publish(settling: .zero)
        world.shutdown()
        world.runToTheEnd()
        #expect(world.requests.filter { $0.method == .publish }.last?.value(.expires) == "0")
        world.finish()
    }

    @Test("70. The un-REGISTER names our own contact only, never * (W27)")
    func ownContact() throws {
        var world = World()
        try world.register()
        world.shutdown()
        world.runToTheEnd()
        let last = try #require(world.requests.last)
        #expect(last.values(.contact).count == 1)
        #expect(last.value(.contact)?.contains("127.0.0.1:5060") == true)
        #expect(last.value(.contact)?.hasSuffix("expires=0") == true)
        let first = try #require(world.requests.first { $0.method == .register })
        #expect(try first.callID() == last.callID())
        #expect(try first.cSeq().number + 1 == last.cSeq().number)
        world.finish()
    }

    @Test("71. REGISTER in flight: 200, then the un-REGISTER (W28)")
    func registerInFlight() throws {
        var world = World()
        world.toPeer.latency = .milliseconds(200)
        let account = world.account
        try world.perform { core, now in try core.register(account, at: now) }
        world.shutdown()
        world.runToTheEnd()
        #expect(world.requests.filter { $0.method == .register }.count == 2)
        #expect(world.report?.isClean == true)
        world.finish()
    }

    @Test("72. REGISTER in flight that nobody answers: one un-REGISTER is tried (W28)")
    func registerUnanswered() throws {
        var world = World()
        world.peer.manners[.register] = .silent
        let account = world.account
        try world.perform { core, now in try core.register(account, at: now) }
        world.shutdown()
        world.runToTheEnd()
        let removals = world.requests.filter { $0.value(.expires) == "0" }
        #expect(Set(try removals.map { try $0.cSeq().number }).count == 1)
        world.finish()
    }

    @Test("78. Un-REGISTER refused 500: refused(500), one terminal event")
    func refused() throws {
        var world = World()
        let id = try world.register()
        world.peer.manners[.register] = .status(500)
        world.shutdown()
        world.runToTheEnd()
        #expect(world.outcome(of: id) == .refused(500))
        world.finish()
    }
}
