import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

@Suite("What every request from outside meets (RFC 3261 §8.2)")
struct ServerBehaviourTests {
    @Test("A method nobody knows: 501; one that is known but not done here: 405 with Allow (UAS-120, RFC 3261 §8.2.1)")
    func methods() throws {
        var world = World()
        #expect(world.status(of: Asking("NOSUCH")) == 501)
        let refusal = try #require(world.ask(Asking("PUBLISH")).last)
        #expect(refusal.status == 405)
        #expect(refusal.tokens(.allow).contains("INVITE") && !refusal.tokens(.allow).contains("PUBLISH"))
        // Names compare octet by octet: this is no INVITE.
        #expect(world.status(of: Asking("invite")) == 501)
        world.leave()
    }

    @Test("A Request-URI of another scheme: 416 (UAS-121, RFC 3261 §8.2.2.1)")
    func scheme() {
        var world = World()
        #expect(world.status(of: Asking("OPTIONS") { $0.uri = "http://example.com/" }) == 416)
        #expect(world.status(of: Asking("INVITE", body: World.sdp) { $0.uri = "nobody:knows" }) == 416)
        #expect(world.incoming.isEmpty)
        world.leave()
    }

    @Test("A Request-URI that is not ours: 404, whatever To says (UAS-122, RFC 3261 §8.2.2.1)")
    func address() {
        var world = World()
        let asking = Asking("INVITE", body: World.sdp) { $0.uri = "sip:mallory@127.0.0.1:5060" }
        #expect(world.status(of: asking) == 404)
        #expect(world.incoming.isEmpty)
        // Escapes do not make another user of her.
        #expect(world.status(of: Asking("OPTIONS") { $0.uri = "sip:%61lice@127.0.0.1:5060" }) == 200)
        world.leave()
    }

    @Test(
        "To is somebody else, or no SIP URI at all: taken when the Request-URI is ours (UAS-123, RFC 3261 §8.2.2.1)",
        arguments: ["<sip:bob@elsewhere.example>", "<tel:+4930123>", "<isbn:2983792873>"])
    func otherTo(to: String) throws {
        var world = World()
        world.ask(Asking("INVITE", body: World.sdp) { $0.to = to })
        #expect(world.incoming.count == 1)
        world.leave()
    }

    @Test("The same request on a second path: 482, and the first goes on (UAS-124, RFC 3261 §8.2.2.2)")
    func merged() throws {
        var world = World()
        let first = Asking("INVITE", body: World.sdp)
        world.ask(first)
        var second = first
        second.branch += "2"
        #expect(world.status(of: second) == 482)
        #expect(world.incoming.count == 1)
        let call = try world.answerFirst()
        #expect(world.core.summary(call.any)?.state == "connected")
        world.leave()
    }

    @Test(
        "A key of merged requests is forgotten with its transaction, and a new number is a new request (RFC 3261 §8.2.2.2)"
    )
    func mergedForgotten() {
        var world = World()
        var asking = Asking("OPTIONS")
        #expect(world.status(of: asking) == 200)
        asking.branch += "2"
        #expect(world.status(of: asking) == 482)
        asking.branch += "3"
        asking.sequence += 1
        #expect(world.status(of: asking) == 200)
        world.run(for: .seconds(40))
        asking.branch += "4"
        asking.sequence -= 1
        #expect(world.status(of: asking) == 200)
        world.leave()
    }

    @Test("Require with unknown tags: 420, Unsupported naming exactly those (UAS-125, RFC 3261 §8.2.2.3)")
    func required() throws {
        var world = World()
        let tags = world.core.supportedExtensions
        let asking = Asking("INVITE", body: World.sdp) {
            $0.fields = [("Require", (["no-such"] + tags).joined(separator: ", ")), ("Require", "other")]
        }
        let refusal = try #require(world.ask(asking).last { $0.status?.isFinal == true })
        #expect(refusal.status == 420)
        #expect(refusal.tokens(.unsupported) == ["no-such", "other"])
        #expect(world.incoming.isEmpty)
        world.leave()
    }

    @Test("Require in ACK and CANCEL is ignored (UAS-126, RFC 3261 §8.2.2.3)")
    func requiredInACK() throws {
        var world = World()
        world.peer.acknowledges = false
        let invite = Asking("INVITE", body: World.sdp)
        world.ask(invite)
        let call = try world.answerFirst()
        let ack = world.within(invite, "ACK", sequence: 1) { $0.fields = [("Require", "no-such")] }
        #expect(world.ask(ack).isEmpty)
        #expect(world.core.summary(call.any)?.state == "connected")
        var second = Asking("INVITE", body: World.sdp)
        second.call = "second"
        second.branch += "second"
        world.ask(second)
        second.method = "CANCEL"
        second.body = ""
        second.fields = [("Require", "no-such")]
        #expect(world.ask(second).map { $0.status } == [200, 487])
        world.peer.acknowledges = true
        world.leave()
    }

    @Test("Proxy-Require is not for us, and Max-Forwards 0 is no hop too many (UAS-127, UAS-137, RFC 3261 §20.29)")
    func forProxies() {
        var world = World()
        let asking = Asking("INVITE", body: World.sdp) { $0.fields = [("Proxy-Require", "no-such")] }
        let bytes = String(decoding: asking.bytes, as: UTF8.self)
            .split(separator: "Max-Forwards: 70", maxSplits: 1).joined(separator: "Max-Forwards: 0")
        world.peer.send(Array(bytes.utf8))
        world.run(for: .milliseconds(100))
        #expect(world.incoming.count == 1)
        world.leave()
    }

    @Test("A body nobody knows: 415 with Accept, the call never shown (UAS-128, RFC 3261 §8.2.3)")
    func unknownBody() throws {
        var world = World()
        let asking = Asking("INVITE", body: "x") { $0.type = "application/x-unknown" }
        let refusal = try #require(world.ask(asking).last { $0.status?.isFinal == true })
        #expect(refusal.status == 415 && refusal.tokens(.accept).contains("application/sdp"))
        #expect(world.incoming.isEmpty)
        world.leave()
    }

    @Test(
        "An encoded body: 415 with Accept-Encoding; a language that is not read: Accept-Language (UAS-129, RFC 3261 §8.2.3)"
    )
    func encoding() throws {
        var world = World { $0.languages = ["en"] }
        let zipped = Asking("INVITE", body: World.sdp) { $0.fields = [("Content-Encoding", "gzip")] }
        let refusal = try #require(world.ask(zipped).last { $0.status?.isFinal == true })
        #expect(refusal.status == 415 && refusal.value(.acceptEncoding) == "identity")
        let spoken = Asking("INVITE", body: World.sdp) {
            $0.fields = [("Content-Language", "de")]
            $0.call = "spoken"
            $0.branch += "spoken"
        }
        let other = try #require(world.ask(spoken).last { $0.status?.isFinal == true })
        #expect(other.status == 415 && other.value(.acceptLanguage) == "en")
        #expect(world.incoming.isEmpty)
        world.leave()
    }

    @Test(
        "An optional part that nobody knows is passed over, and the description beside it is read (UAS-130, RFC 3261 §20.11)"
    )
    func optionalPart() throws {
        var world = World()
        let body =
            "--b\r\nContent-Type: x/y\r\nContent-Disposition: icon;handling=optional\r\n\r\nx\r\n"
            + "--b\r\nContent-Type: application/sdp\r\n\r\n\(World.sdp)\r\n--b--\r\n"
        world.ask(Asking("INVITE", body: body) { $0.type = "multipart/mixed;boundary=b" })
        let offers = world.events.compactMap { event in
            if case .session(_, .incoming(let call)) = event { call.offer } else { nil }
        }
        #expect(offers == [try World.description()])
        world.leave()
    }

    @Test("Accept without application/sdp: 406 without a body (UAS-131, RFC 3261 §8.2.3, RFC 4475 §3.3.15)")
    func notAcceptable() throws {
        var world = World()
        let asking = Asking("INVITE", body: World.sdp) { $0.fields = [("Accept", "text/html")] }
        let refusal = try #require(world.ask(asking).last { $0.status?.isFinal == true })
        #expect(refusal.status == 406 && refusal.body.isEmpty)
        #expect(world.incoming.isEmpty)
        world.leave()
    }

    @Test(
        "Answers copy From, Call-ID, CSeq and every Via; To gets a tag unless it has one (UAS-132, RFC 3261 §8.2.6.2)")
    func copies() throws {
        var world = World()
        let asking = Asking("OPTIONS") {
            $0.fields = [
                ("Via", "SIP/2.0/TCP p.example;branch=z9hG4bKp, SIP/2.0/UDP q.example"), ("v", "SIP/2.0/UDP r.example"),
            ]
        }
        let answer = try #require(world.ask(asking).last)
        let request = try SIPMessage(parsing: asking.bytes)
        #expect(try answer.vias().dropFirst().map(\.host) == ["p.example", "q.example", "r.example"])
        for name in [FieldName.from, .callID, .cSeq] { #expect(answer.value(name) == request.value(name)) }
        let to = try answer.to()
        #expect(to.tag?.isEmpty == false && to.uri.description == "sip:alice@example.com")
        let tagged = try #require(world.ask(Asking("BYE") { $0.to = "<sip:alice@example.com>;tag=x" }).last)
        #expect(tagged.status == 481 && tagged.value(.to) == "<sip:alice@example.com>;tag=x")
        world.leave()
    }

    @Test("Every answer to one request has the same To tag (UAS-133, RFC 3261 §8.2.6.2)", arguments: [true, false])
    func sameTag(isAnswered: Bool) throws {
        var world = World()
        world.ask(Asking("INVITE", body: World.sdp))
        let call = try #require(world.incoming.first)
        try world.perform { core, now in ((), try core.ring(call, status: 180, at: now)) }
        try world.perform { core, now in ((), try core.ring(call, status: 183, at: now)) }
        let answer = try World.description()
        try world.perform { core, now in
            (
                (),
                isAnswered ? try core.answer(call, with: answer, at: now) : try core.reject(call, status: 603, at: now)
            )
        }
        world.run(for: .milliseconds(100))
        let tags = try world.peer.responses.filter { $0.status != 100 && $0.method == .invite }.map { try $0.to().tag }
        #expect(tags.count >= 3 && Set(tags).count == 1 && tags[0] != nil)
        world.leave()
    }

    @Test("Nothing is applied in an answer that the request does not list in Supported (UAS-134, RFC 3261 §8.2.4)")
    func extensions() throws {
        var world = World()
        world.ask(Asking("INVITE", body: World.sdp))
        let call = try #require(world.incoming.first)
        try world.perform { core, now in ((), try core.ring(call, at: now)) }
        let answer = try World.description()
        try world.perform { core, now in ((), try core.answer(call, with: answer, at: now)) }
        world.run(for: .milliseconds(100))
        #expect(world.peer.responses.count >= 2)
        for response in world.peer.responses {
            #expect(!response.has(.require) && !response.has(.rseq) && !response.has(.sessionExpires))
        }
        world.leave()
    }

    @Test("Timestamp comes back in 100 and only there (UAS-135, RFC 3261 §8.2.6.1)")
    func timestamp() throws {
        var world = World()
        let answers = world.ask(
            Asking("INVITE", body: World.sdp) { $0.fields = [("Timestamp", "54")] }, for: .milliseconds(400))
        #expect(answers.first?.status == 100 && answers.first?.value(.timestamp) == "54")
        world.leave()
    }

    @Test(
        "A To tag of no dialog: 481 (UAS-136, RFC 3261 §12.2.2)",
        arguments: ["INVITE", "BYE", "UPDATE", "INFO", "NOTIFY", "REFER", "PRACK", "OPTIONS", "MESSAGE"])
    func noDialog(method: String) {
        var world = World()
        #expect(world.status(of: Asking(method) { $0.to = "<sip:alice@example.com>;tag=gone" }) == 481)
        world.leave()
    }
    @Test("An ACK of no dialog is not answered at all (UAS-136, RFC 3261 §17.1.1.3)")
    func acknowledgementOfNothing() {
        var world = World()
        #expect(world.ask(Asking("ACK") { $0.to = "<sip:alice@example.com>;tag=gone" }).isEmpty)
        world.leave()
    }

    @Test(
        "While leaving: 480 with Retry-After, not silence (UAS-138, RFC 3261 §21.5.4)",
        arguments: ["INVITE", "OPTIONS"])
    func leaving(method: String) throws {
        var world = World()
        try world.register()
        world.peer.manners[.register] = .silent
        world.shutdown()
        world.run(for: .milliseconds(50))
        let refusal = try #require(world.ask(Asking(method)).last { $0.status?.isFinal == true })
        #expect(refusal.status == 480)
        #expect(try refusal.retryAfter() == 30)
        world.runToTheEnd()
        world.finish()
    }

    @Test(
        "A request that nobody here gets round to: 500 in time, and every other dialog as it was (UAS-139, RFC 3261 §21.5.1)"
    )
    func unanswered() throws {
        var world = World()
        let call = try world.call()
        let watched = try world.subscribe()
        let before = [world.core.summary(call), world.core.summary(watched)]
        let answers = world.ask(Asking("MESSAGE", body: "hello") { $0.type = "text/plain" }, for: .seconds(31))
        #expect(answers.filter { $0.status?.isFinal == true }.map(\.status) == [500])
        #expect([world.core.summary(call), world.core.summary(watched)] == before)
        #expect(world.ended.values.contains([.local(500)]))
        world.leave()
    }

    @Test("A Request-URI longer than we read: 414 (RFC 3261 §21.4.12)")
    func longAddress() {
        var world = World()
        let asking = Asking("OPTIONS") { $0.uri = "sip:alice@127.0.0.1;p=" + String(repeating: "a", count: 3000) }
        #expect(world.status(of: asking) == 414)
        world.leave()
    }
    @Test("A version other than 2.0: 505 (RFC 3261 §21.5.6)")
    func version() {
        var world = World()
        let text = String(decoding: Asking("OPTIONS").bytes, as: UTF8.self)
        world.peer.send(
            Array(text.split(separator: " SIP/2.0\r\n", maxSplits: 1).joined(separator: " SIP/3.0\r\n").utf8))
        world.run(for: .milliseconds(100))
        #expect(world.peer.responses.map(\.status) == [505])
        world.leave()
    }
    @Test("A body larger than we read: 413 (RFC 3261 §21.4.11)")
    func largeBody() {
        var world = World { $0.limits.requestBody = 50 }
        #expect(world.status(of: Asking("INVITE", body: World.sdp)) == 413)
        #expect(world.incoming.isEmpty)
        world.leave()
    }
}
