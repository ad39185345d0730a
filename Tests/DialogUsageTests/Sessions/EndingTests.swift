import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

extension World {
    fileprivate var endings: [CallEnding] {
        events.compactMap { event in
            if case .session(_, .closing(let closing, let causes)) = event {
                CallEnding(closing, causes: causes)
            } else {
                nil
            }
        }
    }
}

@Suite("Why a call ended (RFC 3326)")
struct EndingTests {
    @Test(
        "Reason is read as a list, with what is malformed passed over (RFC 3326 §2)",
        arguments: [
            ("SIP;cause=200;text=\"Call completed elsewhere\"", ["SIP;cause=200;text=\"Call completed elsewhere\""]),
            (
                "Q.850;cause=16, SIP ;cause=486 ;text=\"a, \\\"b\\\"\"",
                ["Q.850;cause=16", "SIP;cause=486;text=\"a, \\\"b\\\"\""]
            ),
            ("preemption", ["preemption"]), (";cause=1, Q.850", ["Q.850"]), ("SIP;cause=x", ["SIP"]),
        ])
    func reading(field: String, reasons: [String]) throws {
        let asking = Asking("BYE") { $0.fields = [("Reason", field)] }
        #expect(try SIPMessage(parsing: asking.bytes).reasons.map(\.description) == reasons)
    }

    @Test("BYE of the peer: his reason is in the end of the call (RFC 3326 §2)")
    func bye() throws {
        var world = World()
        let invite = Asking("INVITE", body: World.sdp)
        world.ask(invite)
        _ = try world.answerFirst()
        world.ask(
            world.within(invite, "BYE", sequence: 2) { $0.fields = [("Reason", "Q.850;cause=16;text=\"Normal\"")] })
        let ending = try #require(world.endings.first)
        #expect(ending.by == .peer && ending.text == "Normal" && ending.causes.first?.cause == 16)
        world.leave()
    }

    @Test("CANCEL because another place has answered is known as that (RFC 3326 §3.1)")
    func elsewhere() throws {
        var world = World()
        let invite = Asking("INVITE", body: World.sdp)
        world.ask(invite)
        var cancel = invite
        cancel.method = "CANCEL"
        cancel.body = ""
        cancel.fields = [("Reason", "SIP;cause=200;text=\"Call completed elsewhere\"")]
        world.ask(cancel)
        let ending = try #require(world.endings.first)
        #expect(ending.by == .peer && ending.isAnsweredElsewhere)
        world.leave()
    }

    @Test("A refusal says its status, and the cause behind it (RFC 3326 §2)")
    func refusal() throws {
        var world = World()
        world.intercept = { world, request in
            guard request.method == .invite else { return false }
            world.peer.answer(request, 480) { $0.append(.reason, "Q.850;cause=18") }
            return true
        }
        try world.call()
        let ending = try #require(world.endings.first)
        #expect(ending.by == .peer && ending.status == 480 && ending.causes.map(\.cause) == [18])
        world.leave()
    }

    @Test("Ours goes out with BYE and with CANCEL, and is kept (RFC 3326 §2)", arguments: [true, false])
    func ours(isAnswered: Bool) throws {
        var world = World()
        if !isAnswered {
            world.intercept = { world, request in
                guard request.method == .invite else { return false }
                world.peer.answer(request, 180)
                return true
            }
        }
        let id = try world.call()
        let reason = Reason("SIP", cause: 200, text: "Lunch")
        world.take(world.core.end(id, reason: reason.description, at: world.now))
        world.run(for: .milliseconds(100))
        let last = try #require(world.requests.last { $0.method == (isAnswered ? .bye : .cancel) })
        #expect(last.reasons == [reason])
        if isAnswered { #expect(world.endings.first == CallEnding(.byUs, causes: [reason])) }
        world.take(world.core.forceShutdown(at: world.now))
        world.finish()
    }

    @Test("A network that fails is neither ours nor theirs")
    func network() throws {
        var world = World()
        world.peer.manners[.invite] = .silent
        try world.call(settling: .seconds(40))
        #expect(world.endings.first?.by == .network)
        world.leave()
    }
}

@Suite("What an INVITE says beside its description (RFC 3323, RFC 3325, RFC 5373)")
struct IdentityTests {
    @Test(
        "Wishes for automatic answer are read in the three ways there are (RFC 5373 §3)",
        arguments: [
            ("Answer-Mode", "Auto", 0, false), ("Answer-Mode", "Auto;require", 0, true),
            ("Priv-Answer-Mode", "auto ; Require", 0, true), ("Answer-Mode", "Manual", nil, false),
            ("Call-Info", "<sip:x>;answer-after=5", 5, false),
            ("Call-Info", "<sip:x>;purpose=icon, <sip:y>;answer-after=0", 0, false),
            ("Call-Info", "<sip:x>;answer-after=-1", nil, false),
            ("Alert-Info", "<http://x/y>;info=alert-autoanswer", 0, false),
            ("Alert-Info", "<http://x/alert-autoanswer>", nil, false), ("Subject", "Auto", nil, false),
        ] as [(String, String, Int64?, Bool)])
    func autoAnswer(field: String, value: String, after: Int64?, isDemanded: Bool) throws {
        var world = World()
        world.ask(Asking("INVITE", body: World.sdp) { $0.fields = [(field, value)] })
        let calls = world.events.compactMap { event in
            if case .session(_, .incoming(let call)) = event { call } else { nil }
        }
        let asked = try #require(calls.first).autoAnswer
        #expect(asked?.after == after.map { .seconds($0) } && asked?.isDemanded ?? false == isDemanded)
        world.leave()
    }

    @Test(
        "A call without our name: anonymous From and Contact, Privacy, and only the proxy is told (RFC 3323 §4.1, RFC 3325 §9)"
    )
    func withheld() throws {
        var world = World()
        let account = world.account
        let offer = try World.description()
        try world.perform { core, now in
            try core.invite(account, to: World.uri("bob"), offer: offer, identity: .withheld, at: now)
        }
        world.run(for: .milliseconds(100))
        world.leave()
        let invite = try #require(world.requests.first { $0.method == .invite })
        #expect(try invite.from().uri.description == "sip:anonymous@anonymous.invalid")
        #expect(invite.value(.privacy) == "id")
        #expect(invite.value(FieldName("P-Preferred-Identity")) == "<sip:alice@example.com>")
        for request in world.requests {
            let text = String(decoding: request.bytes, as: UTF8.self)
                .replacing("P-Preferred-Identity: <sip:alice@example.com>", with: "")
            #expect(!text.contains("alice"), "\(request.method)")
        }
    }

    @Test(
        "P-Asserted-Identity counts from a trusted proxy, and from nobody else (H-112, RFC 3325 §5)",
        arguments: [true, false])
    func asserted(isTrusted: Bool) throws {
        var world = World { if isTrusted { $0.trustedProxies = [.loopback4] } }
        let value = "\"Carol\" <sip:carol@example.com>, <tel:+1>"
        world.ask(Asking("INVITE", body: World.sdp) { $0.fields = [("P-Asserted-Identity", value)] })
        let calls = world.events.compactMap { event in
            if case .session(_, .incoming(let call)) = event { call } else { nil }
        }
        let names = try #require(calls.first).assertedIdentities.map(\.uri.description)
        #expect(names == (isTrusted ? ["sip:carol@example.com", "tel:+1"] : []))
        world.leave()
    }
}
