import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

@Suite("REFER from outside (RFC 3515 §2.4)")
struct ReferredTests {
    @Test(
        "REFER without exactly one Refer-To is answered 400, and nobody is asked (REF-338, RFC 3515 §2.4.2)",
        arguments: [[], ["<sip:d@h>", "<sip:e@h>"], ["<sip:d@h>, <sip:e@h>"], ["<sip:d@h"]])
    func malformed(targets: [String]) throws {
        var world = World()
        let (_, call) = try world.answeredCall()
        world.peer.inCall(call, .refer) { fields in for target in targets { fields.append(.referTo, target) } }
        world.run(for: .milliseconds(100))
        #expect(world.answers(to: .refer).map(\.status) == [400])
        #expect(world.asked.isEmpty)
        #expect(world.core.usages.count == 1)
        world.leave()
    }

    @Test("REFER: 202, and a NOTIFY at once with Event refer and the sipfrag 100 (REF-339, RFC 3515 §2.4.2-2.4.5)")
    func accepted() throws {
        var world = World()
        world.peer.manners[.invite] = .silent
        let (_, call) = try world.answeredCall()
        world.referred(in: call)
        #expect(world.answers(to: .refer).isEmpty)
        try world.accept(world.asked[0].id, settling: .milliseconds(30))
        #expect(world.answers(to: .refer).map(\.status) == [202])
        let notify = try #require(world.sent(.notify).first)
        #expect(try notify.event()?.package == "refer")
        #expect(try notify.subscriptionState()?.state == .active)
        #expect((try notify.subscriptionState()?.expires ?? 0) > 0)
        #expect(try notify.contentType()?.essence == "message/sipfrag")
        #expect(notify.bodyText == "SIP/2.0 100 Trying\r\n")
        #expect(try notify.callID() == call)
        world.shutdown(giveUp: .seconds(1))
        world.runToTheEnd()
        world.finish()
    }

    @Test("The whole ladder of a transferee: what dave says is told, last with noresource (REF-340, RFC 3515 §2.4.7)")
    func transferee() throws {
        var world = World()
        let (session, call) = try world.answeredCall()
        let before = world.ladder.count
        world.referred(in: call)
        try world.accept(world.asked[0].id)
        #expect(
            world.ladder.sent(since: before) == [
                "202 REFER", "NOTIFY active", "INVITE", "NOTIFY active", "ACK", "NOTIFY terminated",
            ])
        let last = try #require(world.sent(.notify).last)
        #expect(last.bodyText == "SIP/2.0 200 OK\r\n")
        #expect(last.value(.subscriptionState) == "terminated;reason=noresource")
        // The transferor leaves; the new call goes on.
        world.peer.inCall(call, .bye)
        world.run(for: .milliseconds(100))
        #expect(world.ended[session.any] == [.endedByPeer(nil)])
        #expect(world.core.usages.map(\.id.kind) == [.clientInviteSession])
        world.leave()
    }

    @Test("Each provisional answer and the refusal of the referred call are told (REF-340, RFC 3515 §2.4.5)")
    func progress() throws {
        var world = World()
        world.intercept = { world, request in
            guard request.method == .invite else { return false }
            world.peer.answer(request, 180)
            world.peer.answer(request, 183, after: .milliseconds(300))
            world.peer.answer(request, 486, after: .milliseconds(600))
            return true
        }
        let (session, call) = try world.answeredCall()
        world.referred(in: call)
        let caller = try world.accept(world.asked[0].id, settling: .seconds(2))
        #expect(
            world.sent(.notify).map(\.bodyText) == [
                "SIP/2.0 100 Trying\r\n", "SIP/2.0 180 Ringing\r\n", "SIP/2.0 183 Session Progress\r\n",
                "SIP/2.0 486 Busy Here\r\n",
            ])
        #expect(
            try world.sent(.notify).map { try $0.subscriptionState()?.state } == [
                .active, .active, .active, .terminated,
            ])
        #expect(world.outcome(of: caller.any) == .endedByPeer(486))
        #expect(world.ended[session.any] == nil)
        world.leave()
    }

    @Test("Two REFERs in one dialog: the NOTIFYs of each carry its CSeq number (REF-341, RFC 3515 §2.4.6)")
    func twoReferrals() throws {
        var world = World()
        let (_, call) = try world.answeredCall()
        world.referred(in: call)
        world.referred(in: call, to: "<sip:erin@example.com>")
        try #require(world.asked.count == 2)
        let sequences = try world.asked.map { try $0.request.request.cSeq().number }
        try world.accept(world.asked[1].id)
        try world.decline(world.asked[0].id)
        let accepted = try world.sent(.notify).map { try $0.event() }
        #expect(accepted.allSatisfy { $0 == EventType(package: "refer", id: "\(sequences[1])") })
        #expect(world.answers(to: .refer).map(\.status).sorted { ($0?.value ?? 0) < ($1?.value ?? 0) } == [202, 603])
        world.referred(in: call)
        try world.accept(world.asked[2].id)
        let third = try world.asked[2].request.request.cSeq().number
        #expect(third != sequences[1])
        #expect(try world.sent(.notify).last?.event()?.id == "\(third)")
        world.leave()
    }

    @Test("SUBSCRIBE to refer, in a dialog or outside, is answered 403: REFER makes it (REF-342, RFC 3515 §2.4.4)")
    func subscribe() throws {
        var world = World { $0.notifierPackages = ["presence", "refer"] }
        let (_, call) = try world.answeredCall()
        world.peer.inCall(call, .subscribe) { $0.append(.event, "refer") }
        world.peer.inDialog(
            .subscribe, call: "other", from: try NameAddress(parsing: "<sip:x@h>;tag=1"),
            to: try NameAddress(parsing: "<sip:alice@example.com>"), sequence: 1
        ) { $0.append(.event, "refer;id=93809824") }
        world.run(for: .milliseconds(100))
        #expect(world.answers(to: .subscribe).map(\.status) == [403, 403])
        // Beside a referral that stands, for one that does not.
        world.peer.manners[.invite] = .silent
        world.referred(in: call)
        try world.accept(world.asked[0].id)
        world.peer.inCall(call, .subscribe) { $0.append(.event, "refer;id=93809824") }
        world.run(for: .milliseconds(100))
        #expect(world.answers(to: .subscribe).map(\.status) == [403, 403, 403])
        world.shutdown(giveUp: .seconds(1))
        world.runToTheEnd()
        world.finish()
    }

    @Test(
        "Only an INVITE is sent, after the user was asked, without the fields that say who we are (REF-343, H-079, H-080, H-081, RFC 3515 §5)"
    )
    func filtered() throws {
        var world = World()
        let (_, call) = try world.answeredCall()
        for method in ["BYE", "REGISTER", "SUBSCRIBE", "MESSAGE", "REFER"] {
            world.referred(in: call, to: "<sip:dave@example.com;method=\(method)>")
        }
        for target in ["tel:+123", "http://192.0.2.1/", "file:///etc/passwd", "javascript:alert(1)"] {
            world.referred(in: call, to: "<\(target)>")
        }
        #expect(world.answers(to: .refer).map(\.status) == Array(repeating: 603, count: 9))
        #expect(world.asked.isEmpty)
        let fields =
            "From=%3Csip:boss%40h%3E&Route=%3Csip:evil%3E&Contact=%3Csip:x%3E&Authorization=Digest&Subject=Lunch&body=x&Max-Forwards=0"
        world.referred(in: call, to: "<sip:dave@example.com;method=INVITE?\(fields)>")
        #expect(world.sent(.invite).isEmpty)
        #expect(world.asked.first?.request.target.uri.description == "sip:dave@example.com")
        try world.accept(world.asked[0].id)
        let invite = try #require(world.sent(.invite).first)
        #expect(invite.requestURIText == "sip:dave@example.com")
        #expect(invite.value(.subject) == "Lunch")
        #expect(try invite.from().uri.description == "sip:alice@example.com")
        #expect(invite.value(.authorization) == nil)
        #expect(invite.values(.route).allSatisfy { !$0.contains("evil") })
        #expect(invite.values(.contact).count == 1 && invite.value(.contact)?.contains("sip:x") == false)
        #expect(try invite.maxForwards() == 70)
        #expect(try invite.contentType()?.essence == "application/sdp")
        world.leave()
    }

    @Test("Refer-Sub: false is granted with 202 and Refer-Sub: false, and there is no NOTIFY (REF-344, RFC 4488 §4)")
    func withoutSubscription() throws {
        var world = World()
        let (_, call) = try world.answeredCall()
        world.referred(in: call) {
            $0.append(.referSub, "false")
            $0.append(.require, "norefersub")
        }
        try world.accept(world.asked[0].id)
        let answer = try #require(world.answers(to: .refer).first)
        #expect(answer.status == 202)
        #expect(answer.wantsReferSubscription == false)
        #expect(world.sent(.notify).isEmpty)
        #expect(world.sent(.invite).count == 1)
        #expect(world.core.usages.map(\.id.kind) == [.serverInviteSession, .clientInviteSession])
        world.leave()
    }

    @Test("Undecided for 2 s: 202 and a pending subscription; declined then: 603, terminated (RFC 3515 §2.4.2, §2.4.5)")
    func deferred() throws {
        var world = World()
        let (_, call) = try world.answeredCall()
        world.referred(in: call, settling: .seconds(3))
        #expect(world.answers(to: .refer).map(\.status) == [202])
        #expect(try world.sent(.notify).map { try $0.subscriptionState()?.state } == [.pending])
        #expect(world.sent(.notify).first?.bodyText == "SIP/2.0 100 Trying\r\n")
        try world.decline(world.asked[0].id)
        #expect(world.sent(.notify).last?.bodyText == "SIP/2.0 603 Decline\r\n")
        #expect(try world.sent(.notify).last?.subscriptionState()?.reason == "noresource")
        #expect(world.sent(.invite).isEmpty)
        #expect(world.core.usages.map(\.id.kind) == [.serverInviteSession])
        world.leave()
    }

    @Test(
        "A copy of a REFER whose transaction is forgotten makes no second subscription: 202 again (RFC 3515 §2.4.6)",
        arguments: [Duration.milliseconds(50), .seconds(3)])
    func copy(decidedAfter delay: Duration) throws {
        var world = World()
        world.ringUntilCancelled()
        let (_, call) = try world.answeredCall()
        world.referred(in: call, settling: delay)
        let asked = try #require(world.asked.first)
        try world.accept(asked.id)
        world.run(for: .seconds(33))
        world.peer.send(Array(asked.request.request.bytes))
        world.run(for: .milliseconds(100))
        #expect(world.answers(to: .refer).map(\.status) == [202, 202])
        #expect(world.asked.count == 1)
        #expect(world.core.usages.filter { $0.id.kind == .serverSubscription }.map(\.id) == [asked.id.any])
        world.shutdown(giveUp: .seconds(1))
        world.runToTheEnd()
        world.finish()
    }

    @Test("Another REFER of the same number while the first is undecided: 500, and the first is answered (REF-339)")
    func sameNumber() throws {
        var world = World()
        world.ringUntilCancelled()
        let (_, call) = try world.answeredCall()
        world.referred(in: call)
        let asked = try #require(world.asked.first)
        let text = String(decoding: asked.request.request.bytes, as: UTF8.self)
        let branch = try #require(try asked.request.request.topVia().branch)
        world.peer.send(Array(text.replacing(branch, with: branch + "x").utf8))
        world.run(for: .milliseconds(100))
        #expect(world.answers(to: .refer).map(\.status) == [500])
        try world.accept(asked.id)
        #expect(world.answers(to: .refer).map(\.status) == [500, 202])
        #expect(try world.answers(to: .refer).last?.topVia().branch == branch)
        world.shutdown(giveUp: .seconds(1))
        world.runToTheEnd()
        world.finish()
    }

    @Test("REFER in a dialog is asked for credentials as one outside is (RFC 3261 §22.1)")
    func challenged() throws {
        var world = World {
            $0.serverAuthentication = ServerAuthentication(
                realm: "example.com", methods: [.refer], passwords: ["carol": Secret("secret")])
        }
        let (_, call) = try world.answeredCall()
        world.referred(in: call)
        #expect(world.answers(to: .refer).map(\.status) == [401])
        #expect(world.asked.isEmpty)
        world.leave()
    }

    @Test("Referred-By is passed on octet by octet (REF-347, RFC 3892 §2.2)")
    func referredBy() throws {
        var world = World()
        let text = "\"Bob; the boss\" <sip:bob@example.com;x=%41>;cid=\"20398823.2UWQFN309shb3@referrer.example\";p"
        let (_, call) = try world.answeredCall()
        world.referred(in: call) { $0.append(.referredBy, text) }
        try world.accept(world.asked[0].id)
        #expect(world.sent(.invite).first?.values(.referredBy) == [text])
        #expect(world.sent(.invite).first?.has(.replaces) == false)
        world.leave()
    }

    @Test("A REFER with Replaces leads to an INVITE that replaces, and requires it (RFC 3891 §4, RFC 5589 §7)")
    func replacesPassedOn() throws {
        var world = World()
        let (_, call) = try world.answeredCall()
        world.referred(in: call, to: "<sip:dave@192.0.2.1?Replaces=c1%40h%3Bto-tag%3Da%3Bfrom-tag%3Db>")
        try world.accept(world.asked[0].id)
        let invite = try #require(world.sent(.invite).first)
        #expect(try invite.replaces() == Replaces(callID: "c1@h", toTag: "a", fromTag: "b"))
        #expect(invite.tokens(.require) == ["replaces"])
        #expect(invite.requestURIText == "sip:dave@192.0.2.1")
        world.leave()
    }

    @Test("REFER outside a dialog makes one, and is told in it (RFC 3515 §2.4.4)")
    func outside() throws {
        var world = World()
        world.peer.outside(.refer)
        world.run(for: .milliseconds(50))
        #expect(world.asked.first?.request.session == nil)
        try world.accept(world.asked[0].id)
        let answer = try #require(world.answers(to: .refer).first)
        #expect(answer.status == 202)
        #expect(world.sent(.notify).map(\.bodyText).last == "SIP/2.0 200 OK\r\n")
        #expect(try world.sent(.notify).allSatisfy { try $0.from().tag == answer.to().tag })
        world.leave()
    }

    @Test("That the referrer unsubscribes does not end the call it asked for (RFC 3515 §2.4.4)")
    func unsubscribed() throws {
        var world = World()
        world.intercept = { world, request in
            guard request.method == .invite else { return false }
            world.peer.answer(request, 180)
            world.peer.answer(request, 200, after: .seconds(3), body: World.sdp)
            return true
        }
        let (_, call) = try world.answeredCall()
        world.referred(in: call)
        let caller = try world.accept(world.asked[0].id)
        world.peer.inCall(call, .subscribe) {
            $0.append(.event, "refer")
            $0.append(.expires, "0")
        }
        world.run(for: .milliseconds(200))
        #expect(world.answers(to: .subscribe).map(\.status) == [200])
        #expect(try world.sent(.notify).last?.subscriptionState()?.state == .terminated)
        let notifies = world.sent(.notify).count
        world.run(for: .seconds(5))
        #expect(world.sent(.notify).count == notifies)
        #expect(world.sent(.cancel).isEmpty)
        #expect(world.core.usages.map(\.id).contains(caller.any))
        world.leave()
    }

    @Test("While we leave: REFER in a dialog is answered 603, outside 480 (G1, G2)")
    func leaving() throws {
        var world = World()
        world.peer.manners[.bye] = .silent
        let (_, call) = try world.answeredCall()
        world.take(world.core.shutdownIfNoUsages(giveUp: .seconds(2), at: world.now))
        world.referred(in: call)
        world.peer.outside(.refer)
        world.run(for: .milliseconds(100))
        #expect(world.answers(to: .refer).map(\.status) == [603, 480])
        #expect(world.asked.isEmpty)
        world.runToTheEnd()
        world.finish()
    }
}
