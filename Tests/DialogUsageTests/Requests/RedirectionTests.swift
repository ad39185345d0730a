import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

extension World {
    /// Every INVITE (or request of `method`) to one of these users is answered so; others as usual.
    fileprivate mutating func script(
        _ answers: [String: (StatusCode, [String])], to method: Method = .invite
    ) {
        intercept = { world, request in
            guard request.method == method, let user = try? request.requestURI().sip?.user, let answer = answers[user]
            else { return false }
            world.peer.answer(request, answer.0) { fields in
                fields.remove(.contact)
                for contact in answer.1 { fields.append(.contact, contact) }
            }
            return true
        }
    }
    fileprivate func targets(_ method: Method = .invite) -> [String] {
        requests.filter { $0.method == method }.map { (try? $0.requestURI().description) ?? "" }
    }
    fileprivate var offered: [[String]] {
        events.compactMap { event in
            if case .session(_, .redirectionOffered(let contacts)) = event {
                contacts.map(\.uri.description)
            } else {
                nil
            }
        }
    }
}

@Suite("Redirection (RFC 3261 §8.1.3.4)")
struct RedirectionTests {
    @Test("Contacts of a 302 by q, one after the other, until one answers (UAC-112, RFC 3261 §8.1.3.4)")
    func order() throws {
        var world = World()
        world.script([
            "bob": (302, ["<sip:c@example.com>;q=0.2", "<sip:a@example.com>;q=0.9", "<sip:b@example.com>;q=0.5"]),
            "a": (486, []), "b": (404, []),
        ])
        let id = try world.call(settling: .seconds(1))
        #expect(
            world.targets() == ["sip:bob@example.com", "sip:a@example.com", "sip:b@example.com", "sip:c@example.com"])
        #expect(world.core.summary(id)?.state == "connected")
        world.leave()
    }

    @Test(
        "Two that redirect to each other: each is asked once, then the call has failed (UAC-112, H-078, RFC 3261 §8.1.3.4)"
    )
    func loop() throws {
        var world = World()
        world.script([
            "bob": (302, ["<sip:a@example.com>"]), "a": (301, ["<sip:bob@example.com>", "<sip:a@example.com>"]),
        ])
        let id = try world.call(settling: .seconds(1))
        #expect(world.targets() == ["sip:bob@example.com", "sip:a@example.com"])
        #expect(world.outcome(of: id) == .endedByPeer(301))
        world.leave()
    }

    @Test("An endless chain ends at the limit (UAC-112, H-078, RFC 3261 §8.1.3.4)")
    func chain() throws {
        var world = World { $0.limits.redirections = 5 }
        world.intercept = { world, request in
            guard request.method == .invite else { return false }
            let count = world.requests.count
            world.peer.answer(request, 302) {
                $0.remove(.contact)
                $0.append(.contact, "<sip:next\(count)@example.com>")
            }
            return true
        }
        try world.call(settling: .seconds(5))
        #expect(world.targets().count == 5)
        world.leave()
    }

    @Test("The next contact is tried when nobody answers, too (RFC 3261 §8.1.3.4)")
    func silence() throws {
        var world = World()
        world.script(["bob": (302, ["<sip:a@example.com>;q=1", "<sip:b@example.com>;q=0.5"])])
        let usual = world.intercept
        world.intercept = { world, request in
            if request.method == .invite, (try? request.requestURI().sip?.user) == "a" { return true }
            return usual?(&world, request) ?? false
        }
        let id = try world.call(settling: .seconds(40))
        #expect(Set(world.targets()) == ["sip:bob@example.com", "sip:a@example.com", "sip:b@example.com"])
        #expect(world.core.summary(id)?.state == "connected")
        world.leave()
    }

    @Test(
        "From sips to sip: not followed until the user has said so (UAC-113, RFC 3261 §8.1.3.4, §26.4.4)",
        arguments: [true, false])
    func secure(isWanted: Bool) throws {
        var world = World()
        world.script(["bob": (302, ["<sip:a@example.com>"])])
        let account = world.account
        let target = try AnyURI(parsing: "sips:bob@example.com")
        let id = try world.perform { core, now in try core.invite(account, to: target, offer: nil, at: now) }
        world.run(for: .seconds(2))
        #expect(world.targets() == ["sips:bob@example.com"])
        #expect(world.offered == [["sip:a@example.com"]])
        if isWanted {
            let contacts = [try NameAddress(parsing: "<sip:a@example.com>")]
            try world.perform { core, now in ((), try core.follow(id, contacts, at: now)) }
            world.run(for: .milliseconds(100))
            #expect(world.targets().last == "sip:a@example.com")
        } else {
            world.take(world.core.end(id.any, at: world.now))
            #expect(world.outcome(of: id.any) == .endedByPeer(302))
        }
        world.leave()
    }

    @Test("The policy: ask, and the call waits; nobody chooses, and the 302 stands (IVC-225, RFC 3261 §13.2.2.2)")
    func asked() throws {
        var world = World { $0.redirection = .ask }
        world.script(["bob": (302, ["<sip:a@example.com>", "<sip:b@example.com>"])])
        let id = try world.call(settling: .seconds(1))
        #expect(world.offered == [["sip:a@example.com", "sip:b@example.com"]] && world.targets().count == 1)
        world.run(for: .seconds(61))
        #expect(world.outcome(of: id) == .endedByPeer(302))
        world.leave()
    }

    @Test(
        "The application takes its time, and the transaction of the 302 is long over: it is followed all the same (IVC-225, RFC 3261 §13.2.2.2)",
        arguments: [TransportProtocol.tcp, .udp])
    func followedLate(transport: TransportProtocol) throws {
        var world = World(over: transport) { $0.redirection = .ask }
        world.script(["bob": (302, ["<sip:a@example.com>"])])
        let account = world.account
        let offer = try World.description()
        let id = try world.perform { core, now in
            try core.invite(account, to: World.uri("bob"), offer: offer, at: now)
        }
        world.run(for: .seconds(40))
        let contacts = [try NameAddress(parsing: "<sip:a@example.com>")]
        try world.perform { core, now in ((), try core.follow(id, contacts, at: now)) }
        world.run(for: .milliseconds(100))
        #expect(world.targets() == ["sip:bob@example.com", "sip:a@example.com"])
        #expect(world.core.summary(id.any)?.state == "connected")
        world.leave()
    }

    @Test("The policy: refuse, and the call has failed (IVC-225, RFC 3261 §13.2.2.2)")
    func refused() throws {
        var world = World { $0.redirection = .refuse }
        world.script(["bob": (302, ["<sip:a@example.com>"])])
        let id = try world.call(settling: .seconds(1))
        #expect(world.outcome(of: id) == .endedByPeer(302) && world.targets().count == 1)
        world.leave()
    }

    @Test("Headers in a contact: the harmless ones go into the new INVITE, no other (UAC-114, H-078, RFC 3261 §19.1.5)")
    func headers() throws {
        var world = World()
        let evil = "From=%3Csip:evil%40x%3E&Call-ID=evil&CSeq=99&Via=evil&Route=%3Csip:evil%40x%3E&Authorization=evil"
        world.script(["bob": (302, ["<sip:a@example.com;method=INVITE?Subject=Hello&\(evil)>"])])
        try world.call(settling: .seconds(1))
        let invites = world.requests.filter { $0.method == .invite }
        try #require(invites.count == 2)
        #expect(try invites[1].requestURI().description == "sip:a@example.com")
        #expect(invites[1].values(.subject) == ["Hello"])
        for name in [FieldName.from, .callID, .route] { #expect(invites[1].values(name) == invites[0].values(name)) }
        #expect(!invites[1].has(.authorization))
        #expect(!String(decoding: invites[1].bytes, as: UTF8.self).contains("evil"))
        world.leave()
    }

    @Test("420: asked again without what was demanded (UAC-116, RFC 3261 §8.1.3.5)")
    func badExtension() throws {
        var world = World()
        world.intercept = { world, request in
            guard request.method == .invite, request.has(.require) else { return false }
            world.peer.answer(request, 420) { $0.append(.unsupported, "x-new") }
            return true
        }
        let account = world.account
        var fields = FieldList()
        fields.append(.require, "x-new, x-old")
        let offer = try World.description()
        let id = try world.perform { core, now in
            try core.invite(account, to: World.uri("bob"), offer: offer, fields: fields, at: now)
        }
        world.run(for: .milliseconds(100))
        // What is still demanded was not what they refused: there is nothing more to leave out.
        #expect(
            world.requests.filter { $0.method == .invite }.map { $0.tokens(.require) } == [
                ["x-new", "x-old"], ["x-old"],
            ])
        #expect(world.outcome(of: id.any) == .endedByPeer(420))
        world.leave()
    }

    @Test(
        "415 and 413: asked again without an optional body; one that is needed is not left out (UAC-116, RFC 3261 §8.1.3.5)",
        arguments: [413, 415] as [StatusCode])
    func body(status: StatusCode) throws {
        var world = World()
        world.intercept = { world, request in
            guard request.method == .invite, !request.body.isEmpty else { return false }
            world.peer.answer(request, status) { $0.append(.accept, "text/plain") }
            return true
        }
        let id = try world.call(settling: .seconds(1))
        #expect(world.requests.filter { $0.method == .invite }.count == 1)
        #expect(world.outcome(of: id) == .endedByPeer(status))
        let draft = {
            var draft = RequestDraft(method: .info, uri: World.uri("bob"), body: [1])
            draft.fields.append(.contentType, "x/y")
            draft.fields.append(.contentDisposition, "render;handling=optional")
            return draft
        }()
        let answer = try SIPMessage(parsing: ResponseDraft(415, to: world.requests[0]).serialised())
        let again = try #require(draft.repaired(after: answer, 415, domain: nil))
        #expect(again.body.isEmpty && again.fields.entries.isEmpty)
        world.leave()
    }

    @Test(
        "416 to a telephone number: asked again as a SIP URI of our domain; a SIP URI is not changed (UAC-116, RFC 3261 §8.1.3.5, §19.1.6)"
    )
    func scheme() throws {
        let answer = try SIPMessage(
            parsing: ResponseDraft(416, to: SIPMessage(parsing: Asking("INVITE").bytes)).serialised())
        let tel = RequestDraft(method: .invite, uri: try AnyURI(parsing: "tel:+49-30-123"))
        #expect(
            tel.repaired(after: answer, 416, domain: "example.com")?.uri.description
                == "sip:+49-30-123@example.com;user=phone")
        #expect(RequestDraft(method: .invite, uri: World.uri("bob")).repaired(after: answer, 416, domain: "x") == nil)
    }

    @Test("503 with Retry-After from one target: the next is tried (UAC-117, RFC 3261 §21.5.4)")
    func unavailable() throws {
        var world = World()
        world.intercept = { world, request in
            guard request.method == .invite, let user = try? request.requestURI().sip?.user else { return false }
            switch user {
            case "bob":
                world.peer.answer(request, 302) {
                    $0.remove(.contact)
                    $0.append(.contact, "<sip:a@example.com>;q=1, <sip:b@example.com>;q=0.5")
                }
            case "a": world.peer.answer(request, 503)
            default: return false
            }
            return true
        }
        let id = try world.call(settling: .seconds(1))
        #expect(world.targets().count == 3 && world.core.summary(id)?.state == "connected")
        world.leave()
    }

    @Test(
        "6xx speaks for everybody: nobody else is tried (UAC-118, RFC 3261 §21.6)",
        arguments: [600, 603, 604, 606] as [StatusCode])
    func global(code: StatusCode) throws {
        var world = World()
        world.script(["bob": (300, ["<sip:a@example.com>;q=1", "<sip:b@example.com>;q=0.5"]), "a": (code, [])])
        let id = try world.call(settling: .seconds(1))
        #expect(world.targets().count == 2)
        #expect(world.outcome(of: id) == .endedByPeer(code))
        world.leave()
    }

    @Test(
        "A URI to call with method and headers: they leave the Request-URI, Subject has its effect (UAC-119, RFC 3261 §19.1.5)"
    )
    func chosen() throws {
        var world = World()
        let account = world.account
        let target = try AnyURI(
            parsing: "sip:bob@example.com:5090;maddr=127.0.0.1;ttl=1;transport=udp;method=INVITE?Subject=Hi&From=x")
        try world.perform { core, now in try core.invite(account, to: target, offer: nil, at: now) }
        world.run(for: .milliseconds(100))
        let invite = try #require(world.requests.first { $0.method == .invite })
        #expect(
            try invite.requestURI().description == "sip:bob@example.com:5090;maddr=127.0.0.1;ttl=1;transport=udp")
        #expect(invite.values(.subject) == ["Hi"] && invite.count(of: .from) == 1)
        #expect(try invite.to().uri.description == "sip:bob@example.com:5090")
        world.leave()
    }

    @Test("302 to MESSAGE and OPTIONS: followed, each target once (RFC 3261 §8.1.3.4)")
    func otherMethods() throws {
        var world = World()
        world.script(
            ["bob": (302, ["<sip:a@example.com>"]), "a": (301, ["<sip:bob@example.com>"])], to: .message)
        let id = try world.message()
        world.run(for: .seconds(1))
        #expect(world.targets(.message) == ["sip:bob@example.com", "sip:a@example.com"])
        #expect(world.outcome(of: id) == .endedByPeer(301))
        world.script(["bob": (302, ["<sip:a@example.com>"])], to: .options)
        let account = world.account
        let asked = try world.perform { core, now in try core.options(account, to: World.uri("bob"), at: now) }
        world.run(for: .seconds(1))
        #expect(world.outcome(of: asked.any) == .endedByPeer(200))
        world.leave()
    }

    @Test("Two that redirect to each other and ask for credentials on the way: each is asked once (UAC-112, H-078)")
    func challengedLoop() throws {
        var world = World()
        var visits = 0
        world.intercept = { world, request in
            guard request.method == .message, let user = try? request.requestURI().sip?.user else { return false }
            let isAdmitted = (request.value(.proxyAuthorization) ?? "").contains("nonce\(visits)")
            if user == "bob" || isAdmitted {
                world.peer.answer(request, 302) { fields in
                    fields.remove(.contact)
                    fields.append(.contact, "<sip:\(user == "bob" ? "a" : "bob")@example.com>")
                }
            } else {
                visits += 1
                world.peer.challenge(request, nonce: "nonce\(visits)")
            }
            return true
        }
        let id = try world.message()
        world.run(for: .seconds(10))
        #expect(world.targets(.message) == ["sip:bob@example.com", "sip:a@example.com", "sip:a@example.com"])
        #expect(world.outcome(of: id) == .endedByPeer(302))
        world.leave()
    }

    @Test("34. 302 after the end: nothing is sent to the new place (R4)")
    func afterEnd() throws {
        var world = World()
        var invite: SIPMessage?
        world.intercept = { world, request in
            switch request.method {
            case .invite:
                invite = request
                world.peer.answer(request, 180)
            case .cancel:
                world.peer.answer(request, 200)
                if let invite {
                    world.peer.answer(invite, 302) {
                        $0.remove(.contact)
                        $0.append(.contact, "<sip:a@example.com>")
                    }
                }
            default: return false
            }
            return true
        }
        let id = try world.call(settling: .seconds(1))
        world.shutdown()
        world.runToTheEnd()
        #expect(world.targets() == ["sip:bob@example.com"])
        #expect(world.outcome(of: id) == .local(302))
        world.finish()
    }

    @Test("CANCEL waits for the first answer of the redirected INVITE (RFC 3261 §9.1)")
    func cancelAfterRedirection() throws {
        var world = World()
        var isLate = false
        world.intercept = { world, request in
            guard request.method == .invite else { return false }
            if (try? request.requestURI().sip?.user) == "bob" {
                world.peer.answer(request, 100)
                world.peer.answer(request, 302) {
                    $0.remove(.contact)
                    $0.append(.contact, "<sip:a@example.com>")
                }
            } else if isLate {
                world.peer.answer(request, 180)
            }
            return true
        }
        let id = try world.call(settling: .seconds(1))
        world.take(world.core.end(id, at: world.now))
        world.run(for: .milliseconds(100))
        #expect(!world.requests.contains { $0.method == .cancel })
        isLate = true
        world.run(for: .seconds(1))
        let cancel = try #require(world.requests.first { $0.method == .cancel })
        #expect(try cancel.requestURI().description == "sip:a@example.com")
        world.take(world.core.forceShutdown(at: world.now))
        world.finish()
    }

    @Test(
        "We redirect: 302 with the contacts; without any, not at all (IVS-242, RFC 3261 §13.3.1.2)",
        arguments: [300, 301, 302, 305] as [StatusCode])
    func redirecting(code: StatusCode) throws {
        var world = World()
        let id = try world.calledUp(answering: false)
        #expect(throws: UsageError.self) { try world.core.reject(id, status: code, at: world.now) }
        #expect(throws: UsageError.self) { try world.core.redirect(id, to: [], status: code, at: world.now) }
        let contacts = try ["<sip:a@x>;q=0.5", "<sip:b@x>"].map { try NameAddress(parsing: $0) }
        try world.perform { core, now in ((), try core.redirect(id, to: contacts, status: code, at: now)) }
        world.run(for: .milliseconds(100))
        let last = try #require(world.peer.responses.last { $0.method == .invite })
        #expect(last.status == code && last.values(.contact) == ["<sip:a@x>;q=0.5", "<sip:b@x>"])
        world.leave()
    }
}
