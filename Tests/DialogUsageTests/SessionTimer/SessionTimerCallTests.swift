import DialogUsage
import Ladder
import SDP
import SIPMessage
import SansIO
import Testing

@Suite("Session timers in calls (RFC 4028)")
struct SessionTimerCallTests {
    /// A call of ours whose 2xx says this of the timer; `allow`: what the peer takes.
    private func called(
        _ terms: String?, allow: String = "INVITE, ACK, BYE, CANCEL",
        _ change: (inout UserAgentConfiguration) -> Void = { _ in }
    ) throws -> (World, AnyUsageID) {
        var world = World(limits: change)
        world.intercept = { world, request in
            switch request.method {
            case .invite, .update:
                world.peer.answer(request, 200, body: request.method == .invite ? ScriptedPeer.sdp : "") {
                    $0.append(.allow, allow)
                    if let terms {
                        $0.append(.sessionExpires, terms)
                        $0.append(.require, "timer")
                    }
                }
            default: return false
            }
            return true
        }
        let id = try world.call()
        return (world, id)
    }
    private func refreshes(_ world: World) -> [SIPMessage] {
        world.requests.filter { ($0.method == .invite || $0.method == .update) && (try? $0.to().tag) != nil }
    }
    /// A call from outside, answered; `fields` in its INVITE.
    private func calledUp(
        _ fields: [(String, String)], _ change: (inout UserAgentConfiguration) -> Void = { _ in }
    ) throws -> (World, Asking, SIPMessage) {
        var world = World(limits: change)
        let invite = Asking("INVITE", body: World.sdp) { $0.fields = fields }
        world.ask(invite)
        _ = try world.answerFirst()
        return (world, invite, try #require(world.peer.responses.last { $0.status == 200 }))
    }

    @Test("Every request but ACK says Supported: timer (TMR-326, RFC 4028 §7.1)")
    func supported() throws {
        var world = World()
        try world.populate()
        world.leave()
        #expect(Set(world.requests.map(\.method)).isSuperset(of: [.register, .invite, .bye, .message, .subscribe]))
        for request in world.requests {
            #expect(request.tokens(.supported).contains("timer") == (request.method != .ack), "\(request.method)")
        }
    }
    @Test("CANCEL says Supported: timer, too (TMR-326, RFC 4028 §7.1)")
    func supportedInCancel() throws {
        var world = World()
        world.intercept = { world, request in
            guard request.method == .invite else { return false }
            world.peer.answer(request, 180)
            return true
        }
        let id = try world.call()
        world.take(world.core.end(id, at: world.now))
        world.run(for: .milliseconds(100))
        let cancel = try #require(world.requests.first { $0.method == .cancel })
        #expect(cancel.tokens(.supported).contains("timer"))
        world.take(world.core.forceShutdown(at: world.now))
        world.finish()
    }

    @Test(
        "Session-Expires is 1800 by default, and never below 90 or Min-SE (TMR-327, RFC 4028 §4, §5)",
        arguments: [nil, 20, 120] as [Int64?])
    func asked(interval: Int64?) throws {
        var (world, _) = try called(nil) { configuration in
            guard let interval else { return }
            configuration.sessionTimer?.interval = .seconds(interval)
            configuration.sessionTimer?.minimum = .seconds(100)
        }
        let invite = try #require(world.requests.first { $0.method == .invite })
        let asked = try #require(try invite.sessionExpires())
        #expect(asked == (interval == nil ? 1800 : max(90, UInt32(max(interval ?? 0, 100)))))
        #expect(asked >= (try invite.minSE() ?? 90))
        world.leave()
    }

    @Test(
        "422: the INVITE again, same Call-ID, CSeq + 1, an interval that will do, and Min-SE from then on (TMR-328, RFC 4028 §7.3, §7.4)"
    )
    func tooSmall() throws {
        var world = World()
        world.intercept = { world, request in
            guard request.method == .invite || request.method == .update else { return false }
            if let asked = try? request.sessionExpires(), asked < 3600 {
                world.peer.answer(request, 422) { $0.append(.minSE, "3600") }
            } else {
                let terms = request.value(.sessionExpires).map { $0.contains(";") ? $0 : "\($0);refresher=uac" }
                world.peer.answer(request, 200, body: request.method == .invite ? ScriptedPeer.sdp : "") {
                    $0.append(.allow, "INVITE, ACK, BYE")
                    if let terms { $0.append(.sessionExpires, terms) }
                }
            }
            return true
        }
        let id = try world.call(settling: .seconds(1))
        let invites = world.requests.filter { $0.method == .invite }
        try #require(invites.count == 2)
        #expect(try invites[0].callID() == invites[1].callID())
        #expect(try invites[0].cSeq().number + 1 == invites[1].cSeq().number)
        #expect(try invites[0].minSE() == nil && invites[1].minSE() == 3600 && invites[1].sessionExpires() == 3600)
        #expect(world.core.summary(id)?.state == "connected")
        world.run(for: .seconds(1801))
        #expect(refreshes(world).count == 1)
        #expect(try refreshes(world).first?.sessionExpires() == 3600)
        world.leave()
    }
    @Test("A 422 that wants nothing new is the end of it (TMR-328, RFC 4028 §7.3)")
    func tooSmallForever() throws {
        var world = World()
        world.intercept = { world, request in
            guard request.method == .invite else { return false }
            world.peer.answer(request, 422) { $0.append(.minSE, "3600") }
            return true
        }
        let id = try world.call(settling: .seconds(2))
        #expect(world.requests.filter { $0.method == .invite }.count == 2)
        #expect(world.outcome(of: id) == .endedByPeer(422))
        world.leave()
    }

    @Test(
        "422 that wants more each time: two further tries, and then the request has failed (TMR-328, H-084, RFC 4028 §7.3)",
        arguments: [true, false])
    func growing(isFirst: Bool) throws {
        var world = World { $0.sessionTimer?.interval = .seconds(90) }
        var least = 90
        world.intercept = { world, request in
            guard request.method == .invite, isFirst || (try? request.to().tag) != nil else { return false }
            least += 1
            world.peer.answer(request, 422) { $0.append(.minSE, "\(least)") }
            return true
        }
        let id = try world.call(settling: .seconds(1))
        if !isFirst {
            for round in 1...2 {
                try world.offer(.client(UsageID(serial: id.serial)))
                world.run(for: .seconds(1))
                #expect(
                    refreshes(world).count == 2 + round, "what has been refused counts until something is accepted")
            }
            #expect(world.story.last == "failed 422")
        } else {
            #expect(world.requests.filter { $0.method == .invite }.count == 3)
            #expect(world.outcome(of: id) == .endedByPeer(422))
        }
        world.leave()
    }

    @Test("refresher=uac: we refresh at half the interval, again and again (TMR-329, RFC 4028 §7.2, §10)")
    func weRefresh() throws {
        var (world, id) = try called("200;refresher=uac")
        let start = world.now
        world.run(for: .seconds(350))
        let times = zip(world.requests, world.requestTimes)
            .filter { $0.0.method == .invite && (try? $0.0.to().tag) != nil }.map { ($0.1 - start).inMilliseconds }
        #expect(times.count == 3)
        for (index, time) in times.enumerated() { #expect(abs(time - Int64(index + 1) * 100_000) < 1000) }
        #expect(world.core.summary(id)?.state == "connected")
        world.leave()
    }

    @Test(
        "refresher=uas and no refresh: BYE ahead of the expiry by the smaller of 32 s and a third (TMR-330, RFC 4028 §10)",
        arguments: [(90, 60), (1800, 1768)])
    func theyDoNot(interval: Int, end: Int64) throws {
        var (world, id) = try called("\(interval);refresher=uas")
        let start = world.now
        world.run(for: .seconds(Int64(interval)))
        let bye = try #require(zip(world.requests, world.requestTimes).first { $0.0.method == .bye })
        #expect(abs((bye.1 - start).inMilliseconds - end * 1000) < 1000)
        #expect(bye.0.value(.reason)?.contains("Session Timer Expired") == true)
        #expect(refreshes(world).isEmpty && world.outcome(of: id) == .local(200))
        world.leave()
    }
    @Test("refresher=uas and they do refresh: the call goes on (TMR-330, RFC 4028 §10)")
    func theyDo() throws {
        var (world, invite, _) = try calledUp([("Supported", "timer"), ("Session-Expires", "120;refresher=uac")])
        for sequence in 2...6 {
            world.run(for: .seconds(60))
            let update = world.within(invite, "UPDATE", sequence: sequence) {
                $0.fields = [("Supported", "timer"), ("Session-Expires", "120;refresher=uac")]
            }
            #expect(world.status(of: update) == 200)
        }
        #expect(!world.requests.contains { $0.method == .bye })
        world.run(for: .seconds(90))
        #expect(world.requests.contains { $0.method == .bye })
        world.leave()
    }

    @Test("A 2xx without Session-Expires: no timer, although we asked (TMR-331, RFC 4028 §7.2)")
    func unanswered() throws {
        var (world, id) = try called(nil)
        #expect(world.requests.first { $0.method == .invite }?.has(.sessionExpires) == true)
        world.run(for: .seconds(10_000))
        #expect(refreshes(world).isEmpty && world.core.summary(id)?.state == "connected")
        world.leave()
    }

    @Test(
        "Below our least with Supported: timer: 422 with Min-SE, and nobody rings (TMR-332, RFC 4028 §9)",
        arguments: [(60, 90), (100, 300)])
    func refused(asked: Int, least: Int64) throws {
        var world = World { $0.sessionTimer?.minimum = .seconds(least) }
        let asking = Asking("INVITE", body: World.sdp) {
            $0.fields = [("Supported", "timer"), ("Session-Expires", "\(asked)")]
        }
        let refusal = try #require(world.ask(asking).last { $0.status?.isFinal == true })
        #expect(refusal.status == 422)
        #expect(try refusal.minSE() == UInt32(least))
        #expect(world.incoming.isEmpty)
        world.leave()
    }

    @Test(
        "Session-Expires comes back as it was, with a refresher; Require: timer where that is the caller (TMR-333, RFC 4028 §9)",
        arguments: [
            ("600", "timer", "600;refresher=uac", true), ("600;refresher=uac", "timer", "600;refresher=uac", true),
            ("5000;refresher=uas", "timer", "5000;refresher=uas", true), ("600", "", "600;refresher=uas", false),
        ])
    func answered(asked: String, supported: String, answer: String, isRequired: Bool) throws {
        var (world, _, response) = try calledUp([
            ("Session-Expires", asked), ("Min-SE", "90"), ("Supported", supported),
        ])
        #expect(response.value(.sessionExpires) == answer)
        #expect(response.tokens(.require) == (isRequired ? ["timer"] : []))
        // Who refreshes does so.
        world.run(for: .seconds(5000))
        #expect(refreshes(world).isEmpty == answer.hasSuffix("uac"))
        world.take(world.core.forceShutdown(at: world.now))
        world.finish()
    }

    @Test(
        "A refresh is UPDATE without a description where the peer allows it; our role stays (TMR-334, RFC 4028 §7.4)",
        arguments: ["uac", "uas"])
    func byUpdate(refresher: String) throws {
        var (world, _) = try called("200;refresher=\(refresher)", allow: "INVITE, ACK, BYE, CANCEL, UPDATE")
        world.run(for: .seconds(101))
        guard refresher == "uac" else {
            #expect(refreshes(world).isEmpty)
            return world.leave()
        }
        let refresh = try #require(refreshes(world).first)
        #expect(refresh.method == .update && refresh.body.isEmpty)
        #expect(refresh.value(.sessionExpires) == "200;refresher=uac")
        world.leave()
    }
    @Test("Else a re-INVITE with the same o= line; nobody is told of it (TMR-334, RFC 4028 §7.4)")
    func byReinvite() throws {
        var (world, _) = try called("200;refresher=uac")
        let told = world.events.count
        world.run(for: .seconds(101))
        let refresh = try #require(refreshes(world).first)
        let invite = try #require(world.requests.first { $0.method == .invite })
        #expect(refresh.method == .invite && refresh.sessionDescription == invite.sessionDescription)
        #expect(refresh.sessionDescription?.origin == invite.sessionDescription?.origin)
        #expect(refresh.value(.sessionExpires) == "200;refresher=uac")
        #expect(!world.events.dropFirst(told).contains { if case .session = $0 { true } else { false } })
        world.leave()
    }
    @Test(
        "UPDATE is refused with 405 or 501: the refresh is a re-INVITE then (RFC 4028 §7.4)",
        arguments: [405, 501] as [StatusCode])
    func updateRefused(status: StatusCode) throws {
        var (world, id) = try called("200;refresher=uac", allow: "INVITE, ACK, BYE, UPDATE")
        let usual = world.intercept
        world.intercept = { world, request in
            guard request.method == .update else { return usual?(&world, request) ?? false }
            world.peer.answer(request, status)
            return true
        }
        world.run(for: .seconds(101))
        #expect(refreshes(world).map(\.method) == [.update, .invite])
        world.run(for: .seconds(60))
        #expect(world.core.summary(id)?.state == "connected")
        world.leave()
    }

    @Test(
        "A refresh gets 491: again a little later (TMR-335, RFC 4028 §7.4, §10)",
        arguments: ["INVITE, ACK, BYE", "INVITE, ACK, BYE, UPDATE"])
    func glare(allow: String) throws {
        var (world, id) = try called("200;refresher=uac", allow: allow)
        let usual = world.intercept
        var refusals = 0
        world.intercept = { world, request in
            guard (try? request.to().tag) != nil, request.method == .invite || request.method == .update, refusals == 0
            else { return usual?(&world, request) ?? false }
            refusals += 1
            world.peer.answer(request, 491)
            return true
        }
        world.run(for: .seconds(110))
        #expect(refreshes(world).count == 2)
        #expect(world.core.summary(id)?.state == "connected" && !world.requests.contains { $0.method == .bye })
        world.leave()
    }
    @Test(
        "A refresh gets 408, 481 or silence: BYE (TMR-335, RFC 4028 §10)", arguments: [408, 481, nil] as [StatusCode?],
        ["INVITE, ACK, BYE", "INVITE, ACK, BYE, UPDATE"])
    func gone(status: StatusCode?, allow: String) throws {
        var (world, id) = try called("200;refresher=uac", allow: allow)
        world.intercept = { world, request in
            guard request.method == .invite || request.method == .update else { return false }
            if let status { world.peer.answer(request, status) }
            return true
        }
        world.run(for: .seconds(140))
        #expect(world.requests.contains { $0.method == .bye })
        #expect(world.outcome(of: id) == .local(200))
        world.leave()
    }

    @Test("A refresh of theirs changes interval and role, or drops the timer (TMR-336, RFC 4028 §7.2, §10)")
    func changed() throws {
        var (world, invite, _) = try calledUp([("Supported", "timer"), ("Session-Expires", "120;refresher=uac")])
        let longer = world.within(invite, "UPDATE", sequence: 2) {
            $0.fields = [("Supported", "timer"), ("Session-Expires", "400;refresher=uas")]
        }
        #expect(world.ask(longer).last?.value(.sessionExpires) == "400;refresher=uas")
        world.run(for: .seconds(199))
        #expect(refreshes(world).isEmpty && !world.requests.contains { $0.method == .bye })
        world.intercept = { world, request in
            guard (try? request.to().tag) != nil, request.method == .invite || request.method == .update else {
                return false
            }
            // The 2xx to our refresh says nothing of a timer.
            world.peer.answer(request, 200, body: request.method == .invite ? ScriptedPeer.sdp : "")
            return true
        }
        world.run(for: .seconds(2))
        #expect(refreshes(world).count == 1)
        world.run(for: .seconds(5000))
        #expect(refreshes(world).count == 1 && !world.requests.contains { $0.method == .bye })
        world.leave()
    }

    @Test(
        "The machine slept past the expiry: no BYE, a refresh at once (TMR-337, RFC 4028 §10)",
        arguments: ["uac", "uas"])
    func slept(refresher: String) throws {
        var (world, id) = try called("200;refresher=\(refresher)")
        world.now = world.now + .seconds(3000)
        world.run(for: .seconds(1))
        #expect(refreshes(world).count == 1 && !world.requests.contains { $0.method == .bye })
        #expect(world.core.summary(id)?.state == "connected")
        world.leave()
    }

    @Test("Session timers switched off: nothing is said of them, nothing is kept (RFC 4028 §7.1)")
    func off() throws {
        var (world, _) = try called("200;refresher=uac") { $0.sessionTimer = nil }
        #expect(world.requests.allSatisfy { !$0.has(.sessionExpires) && !$0.tokens(.supported).contains("timer") })
        world.run(for: .seconds(1000))
        #expect(refreshes(world).isEmpty)
        world.leave()
    }

    @Test("Leaving stops the timer: no refresh comes after BYE (R1, RFC 4028 §10)")
    func leaving() throws {
        var (world, _) = try called("200;refresher=uac")
        world.peer.manners[.bye] = .silent
        world.run(for: .seconds(90))
        world.shutdown()
        world.runToTheEnd()
        #expect(refreshes(world).isEmpty)
        world.finish()
    }
}
