import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

@Suite("OPTIONS (RFC 3261 §11)")
struct OptionsTests {
    private func other(_ method: String, _ name: String) -> Asking {
        Asking(method, body: method == "INVITE" ? World.sdp : "") {
            $0.call = name
            $0.branch += name
        }
    }

    @Test("OPTIONS gets the status that an INVITE would get (OPT-186, RFC 3261 §11.2)")
    func status() {
        var world = World { $0.limits.pendingIncomingCalls = 1 }
        #expect(world.status(of: other("OPTIONS", "free")) == 200)
        #expect(world.status(of: Asking("OPTIONS") { $0.uri = "sip:mallory@127.0.0.1:5060" }) == 404)
        world.ask(other("INVITE", "first"))
        #expect(world.status(of: other("INVITE", "second")) == 486)
        #expect(world.status(of: other("OPTIONS", "busy")) == 486)
        world.leave()
    }

    @Test("200 says what we can do, and it is true (OPT-187, RFC 3261 §11.2)")
    func capabilities() throws {
        var world = World()
        let answer = try #require(world.ask(Asking("OPTIONS")).last)
        for name in [FieldName.allow, .accept, .acceptEncoding, .acceptLanguage, .supported] {
            #expect(answer.has(name), "\(name)")
        }
        // Whatever is not listed is refused as not done, whatever is listed is not.
        let allowed = answer.tokens(.allow)
        for method in [
            "INVITE", "OPTIONS", "BYE", "REGISTER", "PUBLISH", "REFER", "UPDATE", "PRACK", "INFO", "MESSAGE",
        ] {
            let asking = other(method, "probe" + method)
            let isRefused = [405, 501].contains(world.status(of: asking) ?? 0)
            #expect(isRefused != allowed.contains(method) || ["UPDATE", "PRACK"].contains(method), "\(method)")
        }
        for tag in answer.tokens(.supported) {
            let asking = Asking("OPTIONS") {
                $0.fields = [("Require", tag)]
                $0.call = tag
                $0.branch += tag
            }
            #expect(world.status(of: asking) == 200, "\(tag)")
        }
        world.leave()
    }

    @Test("In a dialog: 200, and the dialog is as before; 481 when it is gone (OPT-188, RFC 3261 §11.2, §12.2.2)")
    func inDialog() throws {
        var world = World { $0.limits.pendingIncomingCalls = 1 }
        let invite = Asking("INVITE", body: World.sdp)
        world.ask(invite)
        let call = try #require(world.incoming.first)
        let description = try World.description()
        try world.perform { core, now in ((), try core.answer(call, with: description, at: now)) }
        world.run(for: .milliseconds(100))
        let before = world.core.summary(call.any)
        let count = world.events.count
        // Another call is waiting: that says nothing about this dialog.
        world.ask(other("INVITE", "waiting"))
        let inside = world.within(invite, "OPTIONS", sequence: 2)
        #expect(world.status(of: inside) == 200)
        #expect(world.core.summary(call.any) == before)
        #expect(
            !world.events.dropFirst(count).contains { if case .session(.server(call), _) = $0 { true } else { false } })
        #expect(world.status(of: world.within(invite, "BYE", sequence: 3)) == 200)
        var late = world.within(invite, "OPTIONS", sequence: 4)
        late.to = inside.to
        #expect(world.status(of: late) == 481)
        world.leave()
    }

    @Test(
        "No body of a type that Accept does not name (OPT-189, RFC 3261 §11.2)",
        arguments: ["text/html", "application/sdp"])
    func accept(type: String) throws {
        var world = World()
        let answer = try #require(world.ask(Asking("OPTIONS") { $0.fields = [("Accept", type)] }).last)
        #expect(answer.status == 200)
        let given = try answer.contentType()?.essence
        #expect(answer.body.isEmpty ? given == nil : given == type)
        world.leave()
    }

    @Test("A flood of OPTIONS is answered, each one, and nobody is told of it (OPT-190, RFC 3261 §11)")
    func flood() {
        var world = World()
        let count = world.events.count
        for number in 1...300 { world.peer.send(other("OPTIONS", "flood\(number)").bytes) }
        world.run(for: .milliseconds(200))
        #expect(world.peer.responses.filter { $0.status == 200 }.count == 300)
        for event in world.events.dropFirst(count) {
            if case .traced = event { continue }
            Issue.record("\(event)")
        }
        world.run(for: .seconds(40))
        world.leave()
    }
}
