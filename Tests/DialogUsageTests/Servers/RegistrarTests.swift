import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

@Suite("Registrar: what a REGISTER does (RFC 3261 §10.3)")
struct RegistrarTests {
    private func contacts(_ answer: SIPMessage?) -> [String] { answer?.values(.contact) ?? [] }

    @Test("A 200 lists all current bindings, each with its time, and says the Date (step 8)")
    func listsBindings() {
        var world = World.registrar()
        #expect(world.register("<sip:alice@192.0.2.1>", cseq: 1, expires: 600)?.status == 200)
        let answer = world.register("<sip:alice@192.0.2.2>;expires=60", call: "other", cseq: 1)
        #expect(answer?.status == 200)
        #expect(contacts(answer) == ["<sip:alice@192.0.2.1>;expires=599", "<sip:alice@192.0.2.2>;expires=60"])
        #expect(answer?.value(.date) == "Sat, 13 Nov 2010 23:29:00 GMT")
        #expect(answer?.has(.recordRoute) == false)
        world.close()
    }

    @Test("Without Contact it asks only: nothing changes, and everything is listed (§10.2.3)")
    func query() {
        var world = World.registrar()
        _ = world.register("<sip:alice@192.0.2.1>", cseq: 1, expires: 600)
        let answer = world.register(cseq: 2)
        #expect(contacts(answer) == ["<sip:alice@192.0.2.1>;expires=599"])
        #expect(world.registrarEvents.last == .queried(AddressOfRecord(user: "alice", host: "example.com")))
        world.close()
    }

    @Test("The contact's own time counts before Expires, that before the usual one; too much is cut down (step 7)")
    func expiration() {
        var world = World.registrar {
            $0.usualExpires = .seconds(1800)
            $0.longestExpires = .seconds(7200)
        }
        let answer = world.register(
            "<sip:a@192.0.2.1>;expires=100", "<sip:b@192.0.2.1>", "<sip:c@192.0.2.1>;expires=100000", cseq: 1,
            expires: 200)
        #expect(
            contacts(answer) == [
                "<sip:a@192.0.2.1>;expires=100", "<sip:b@192.0.2.1>;expires=200", "<sip:c@192.0.2.1>;expires=7200",
            ])
        #expect(
            contacts(world.register("<sip:d@192.0.2.1>", user: "bob", cseq: 1)) == ["<sip:d@192.0.2.1>;expires=1800"])
        world.close()
    }

    @Test("An expires parameter that cannot be read is 3600 (§20.10)")
    func malformedExpires() {
        var world = World.registrar()
        let answer = world.register("<sip:a@192.0.2.1>;expires=soon", cseq: 1, expires: 60)
        #expect(contacts(answer) == ["<sip:a@192.0.2.1>;expires=3600"])
        world.close()
    }

    @Test("Less than the shortest time is 423 with Min-Expires, and no other contact of the request is taken (step 7)")
    func tooBrief() {
        var world = World.registrar()
        let answer = world.register("<sip:a@192.0.2.1>", "<sip:b@192.0.2.1>;expires=59", cseq: 1, expires: 600)
        #expect(answer?.status == 423)
        #expect(answer?.value(.minExpires) == "60")
        #expect(world.bindings().isEmpty)
        #expect(world.register("<sip:b@192.0.2.1>;expires=60", cseq: 2)?.status == 200)
        world.close()
    }

    @Test("An hour is never too brief, however it is configured (step 7)")
    func anHour() {
        var world = World.registrar { $0.shortestExpires = .seconds(7200) }
        #expect(world.register("<sip:a@192.0.2.1>", cseq: 1, expires: 3600)?.status == 200)
        #expect(world.register("<sip:a@192.0.2.1>", cseq: 2, expires: 3599)?.value(.minExpires) == "3600")
        world.close()
    }

    @Test(
        "`*` with Expires 0 removes everything; with any other time, without one or beside a contact it is 400 (step 6)"
    )
    func star() {
        var world = World.registrar()
        _ = world.register("<sip:a@192.0.2.1>", "<sip:b@192.0.2.1>", cseq: 1, expires: 600)
        #expect(world.register("*", cseq: 2, expires: 1)?.status == 400)
        #expect(world.register("*", cseq: 3)?.status == 400)
        #expect(world.register("*", "<sip:c@192.0.2.1>", cseq: 4, expires: 0)?.status == 400)
        #expect(world.bindings().count == 2)
        let answer = world.register("*", cseq: 5, expires: 0)
        #expect(answer?.status == 200)
        #expect(contacts(answer).isEmpty)
        #expect(world.bindings().isEmpty)
        world.close()
    }

    @Test("`*` that is older than a binding of its Call-ID fails, and then removes none of them (step 6)")
    func oldStar() {
        var world = World.registrar()
        _ = world.register("<sip:a@192.0.2.1>", call: "other", cseq: 7, expires: 600)
        _ = world.register("<sip:b@192.0.2.1>", cseq: 5, expires: 600)
        // While that REGISTER is being dealt with, its number would make it a merged request (§8.2.2.2).
        world.run(for: .seconds(40))
        #expect(world.register("*", cseq: 5, expires: 0)?.status == 500)
        #expect(world.bindings().count == 2)
        #expect(world.register("*", cseq: 6, expires: 0)?.status == 200)
        world.close()
    }

    @Test("An older request of the same Call-ID fails whole: neither its old nor its new contact is taken (step 7)")
    func order() {
        var world = World.registrar()
        _ = world.register("<sip:a@192.0.2.1>", cseq: 5, expires: 600)
        #expect(
            world.register("<sip:new@192.0.2.1>", "<sip:a@192.0.2.1>;expires=0", cseq: 4, expires: 60)?.status == 500)
        #expect(world.bindings() == ["<sip:a@192.0.2.1>"])
        // The same number again, in a transaction of its own, is not higher either.
        world.run(for: .seconds(40))
        #expect(world.register("<sip:a@192.0.2.1>;expires=0", cseq: 5)?.status == 500)
        // Another Call-ID is another user agent, or one that has started again.
        #expect(world.register("<sip:a@192.0.2.1>;expires=0", call: "restarted", cseq: 1)?.status == 200)
        #expect(world.bindings().isEmpty)
        world.close()
    }

    @Test("Order is a matter of each binding: a lower number that touches only younger bindings is taken (step 7)")
    func orderByBinding() {
        var world = World.registrar()
        _ = world.register("<sip:a@192.0.2.1>", cseq: 5, expires: 600)
        #expect(world.register("<sip:b@192.0.2.1>", cseq: 4, expires: 600)?.status == 200)
        #expect(world.bindings().count == 2)
        world.close()
    }

    @Test("Contacts are compared as URIs: case of the host, escapes and the order of parameters do not count (step 7)")
    func equivalence() {
        var world = World.registrar()
        _ = world.register("<sip:%61lice@Phone.example.com;transport=tcp;x=1>", cseq: 1, expires: 600)
        _ = world.register("<sip:alice@phone.EXAMPLE.com;x=1;transport=TCP>", cseq: 2, expires: 300)
        #expect(world.bindings().count == 1)
        // transport=udp is not the absence of transport (§19.1.4).
        _ = world.register("<sip:alice@phone.example.com>", cseq: 3, expires: 300)
        #expect(world.bindings().count == 2)
        world.close()
    }

    @Test("The address-of-record is canonical: without parameters, unescaped, the host in lower case (step 5)")
    func canonical() {
        var world = World.registrar()
        let to = NameAddress(
            SIPURI(user: "%61lice", host: "EXAMPLE.com", parameters: Parameters([("user", "phone")])))
        var from = to
        from.tag = "f"
        world.peer.inDialog(.register, call: "call", from: from, to: to, sequence: 1) { fields in
            fields.set(.contact, "<sip:a@192.0.2.1>")
        }
        world.run(for: .milliseconds(100))
        #expect(world.bindings(of: "alice") == ["<sip:a@192.0.2.1>"])
        world.close()
    }

    @Test("Nobody of that name, and a domain that is not ours: 404 (steps 1 and 5)")
    func unknown() {
        var world = World.registrar()
        #expect(world.register("<sip:m@192.0.2.1>", user: "mallory", cseq: 1)?.status == 404)
        let elsewhere = NameAddress(SIPURI(user: "alice", host: "example.net"))
        var from = elsewhere
        from.tag = "f"
        world.peer.inDialog(.register, call: "call", from: from, to: elsewhere, sequence: 1)
        world.run(for: .milliseconds(100))
        #expect(world.peer.responses.last?.status == 404)
        world.close()
    }

    @Test("Another one's bindings: 403, unless it is one trusted with all of them (step 4)")
    func thirdParty() {
        var world = World.registrar { $0.authority = .ownerAnd(["carol"]) }
        func register(_ user: String, _ sequence: Int) -> StatusCode? {
            world.ask(.register, as: user, to: "alice", call: "\(user)", sequence) {
                $0.append(.contact, "<sip:\(user)@192.0.2.1>")
            }?.status
        }
        #expect(register("bob", 1) == 403)
        #expect(register("carol", 1) == 200)
        #expect(register("alice", 1) == 200)
        #expect(world.bindings() == ["<sip:carol@192.0.2.1>", "<sip:alice@192.0.2.1>"])
        world.close()
    }

    @Test("Path is kept in its order and said again in the 200 (RFC 3327 §5.3)")
    func path() {
        var world = World.registrar()
        let answer = world.register("<sip:a@192.0.2.1>", cseq: 1, expires: 600) { fields in
            fields.append(.supported, "path")
            fields.append(.require, "path")
            fields.append(.path, "<sip:edge.example.com;lr>, <sip:inner.example.com;lr>")
        }
        #expect(answer?.status == 200)
        #expect(answer?.values(.path) == ["<sip:edge.example.com;lr>", "<sip:inner.example.com;lr>"])
        let address = AddressOfRecord(user: "alice", host: "example.com")
        let path = world.core.registrar?.bindings(of: address, at: world.now).first?.path.map(\.uri.description)
        #expect(path == ["sip:edge.example.com;lr", "sip:inner.example.com;lr"])
        world.close()
    }

    @Test("A Path that the user agent does not know of is 420 with Unsupported: path, unless policy takes it (§5.3)")
    func unannouncedPath() {
        var world = World.registrar()
        let refused = world.register("<sip:a@192.0.2.1>", cseq: 1) { $0.append(.path, "<sip:edge.example.com;lr>") }
        #expect(refused?.status == 420)
        #expect(refused?.value(.unsupported) == "path")
        #expect(world.bindings().isEmpty)
        world.close()
        var lenient = World.registrar { $0.takesUnannouncedPath = true }
        #expect(
            lenient.register("<sip:a@192.0.2.1>", cseq: 1) { $0.append(.path, "<sip:e.example.com;lr>") }?.status == 200
        )
        lenient.close()
    }

    @Test("Service-Route is said in every 200, also to a query (RFC 3608 §6.3)")
    func serviceRoute() throws {
        let route = try NameAddress(parsing: "<sip:home.example.com;lr>")
        var world = World.registrar { $0.serviceRoute = [route] }
        #expect(world.register("<sip:a@192.0.2.1>", cseq: 1)?.values(.serviceRoute) == ["<sip:home.example.com;lr>"])
        #expect(world.register(cseq: 2)?.values(.serviceRoute) == ["<sip:home.example.com;lr>"])
        world.close()
    }

    @Test("An option that is not known is 420 before anything is changed (step 2)")
    func require() {
        var world = World.registrar()
        let answer = world.register("<sip:a@192.0.2.1>", cseq: 1) { $0.append(.require, "path, gin") }
        #expect(answer?.status == 420)
        #expect(answer?.value(.unsupported) == "gin")
        #expect(world.bindings().isEmpty)
        world.close()
    }

    @Test("A contact's preference orders where requests go; none said is the highest (§20.10, §16.6)")
    func preference() {
        var world = World.registrar()
        _ = world.register(
            "<sip:a@192.0.2.1>;q=0.25", "<sip:b@192.0.2.1>;q=0.7", "<sip:c@192.0.2.1>", "<sip:d@192.0.2.1>;q=0.7",
            cseq: 1)
        let address = AddressOfRecord(user: "alice", host: "example.com")
        let targets = world.core.registrar?.targets(of: address, at: world.now).compactMap { $0.contact.uri.sip?.user }
        #expect(targets == ["c", "b", "d", "a"])
        world.close()
    }
}
