import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

@Suite("Several contacts in one registration (RFC 3261 §10.2.1)")
struct SeveralContactsTests {
    private func contact(_ text: String) throws -> RegisteredContact {
        try #require(RegisteredContact(parsing: text))
    }
    /// The contacts of one REGISTER, our own last.
    private func asked(_ register: SIPMessage?) throws -> [String] {
        try (try #require(register)).addresses()?.map(\.description) ?? []
    }

    @Test(
        "Each contact has its own time and preference, and is named when all are removed; never * (REG-159, RFC 3261 §10.2.1.1, §10.2.1.2, §10.2.2)"
    )
    func form() throws {
        var world = World()
        world.keepingRegistrar()
        let contacts = [
            try contact("<sip:mail@192.0.2.9>;q=0.1;expires=120"), try contact("<sip:desk@192.0.2.10;transport=tcp>"),
        ]
        let id = try world.register(RegistrationWishes(contacts: contacts, preference: QValue(parsing: "0.75")))
        try world.refresh(id)
        world.run(for: .seconds(1))
        world.take(world.core.end(id, at: world.now))
        world.run(for: .seconds(1))
        let registers = world.requests(.register)
        let bound = [
            "<sip:mail@192.0.2.9>;q=0.1;expires=120", "<sip:desk@192.0.2.10;transport=tcp>;expires=3600",
            "<sip:alice@127.0.0.1:5060>;q=0.75;expires=3600",
        ]
        let removed = [
            "<sip:mail@192.0.2.9>;expires=0", "<sip:desk@192.0.2.10;transport=tcp>;expires=0",
            "<sip:alice@127.0.0.1:5060>;expires=0",
        ]
        #expect(try registers.map(asked) == [bound, bound, removed])
        #expect(registers.map { $0.value(.expires) } == ["3600", "3600", "0"])
        #expect(try Set(registers.map { try $0.callID() }).count == 1)
        #expect(world.outcome(of: id) == .local(200))
        world.leave()
    }

    @Test(
        "The shortest time of our contacts counts, as the registrar lists them; nobody else's does (REG-155, REG-156, RFC 3261 §10.2.4)"
    )
    func shortest() throws {
        var world = World()
        world.registrar { _, _ in
            [
                "<sip:other@192.0.2.1>;expires=7", "<sip:%6Dail@192.0.2.9>;expires=50",
                "<sip:alice@127.0.0.1:5060>;expires=900",
            ]
        }
        let id = try world.register(RegistrationWishes(contacts: [try contact("<sip:mail@192.0.2.9>;q=0.1")]))
        #expect(world.granted == [.seconds(50)] && world.missing == [[]])
        world.run(for: .seconds(46))
        #expect(world.requests(.register).count == 2)
        #expect(world.outcome(of: id) == nil)
        world.leave()
    }

    @Test("Without a time in the answer, what was asked for each contact counts (REG-155, RFC 3261 §10.2.4)")
    func silentRegistrar() throws {
        var world = World()
        world.registrar { _, _ in ["<sip:mail@192.0.2.9>", "<sip:alice@127.0.0.1:5060>"] }
        try world.register(RegistrationWishes(contacts: [try contact("<sip:mail@192.0.2.9>;expires=120")]))
        #expect(world.granted == [.seconds(120)])
        world.leave()
    }

    @Test("A further contact that is not listed leaves us registered, is told, and asked for again (RFC 3261 §10.2.4)")
    func furtherMissing() throws {
        var world = World()
        world.registrar { _, _ in ["<sip:alice@127.0.0.1:5060>;expires=600"] }
        let mail = try contact("<sip:mail@192.0.2.9>")
        let id = try world.register(RegistrationWishes(contacts: [mail]))
        #expect(world.requests(.register).count == 1)
        #expect(world.granted == [.seconds(600)] && world.missing == [[mail.address.uri]])
        #expect(world.standing(of: id) == .granted)
        world.registrar { _, _ in ["<sip:alice@127.0.0.1:5060>;expires=600", "<sip:mail@192.0.2.9>;expires=600"] }
        try world.refresh(id)
        world.run(for: .seconds(1))
        #expect(try asked(world.requests(.register).last).count == 2)
        #expect(world.missing == [[mail.address.uri], []])
        world.leave()
    }

    @Test("Our own contact not listed: not registered, whatever else is listed (REG-157, RFC 3261 §10.2.4)")
    func ownMissing() throws {
        var world = World()
        world.registrar { _, _ in ["<sip:mail@192.0.2.9>;expires=600", "<sip:alice@127.0.0.1:5060>;expires=0"] }
        let id = try world.register(RegistrationWishes(contacts: [try contact("<sip:mail@192.0.2.9>")]))
        #expect(world.granted.isEmpty && world.requests(.register).count == 2)
        #expect(world.standing(of: id) == .failing)
        world.leave()
    }

    @Test("Contacts of others only: registered while one of them is listed (RFC 3261 §10.2.4)")
    func onlyOthers() throws {
        var world = World()
        let contacts = [try contact("<sip:mail@192.0.2.9>"), try contact("<sip:desk@192.0.2.10>")]
        world.registrar { _, _ in ["<sip:desk@192.0.2.10>;expires=300"] }
        try world.register(RegistrationWishes(contacts: contacts, includesOwn: false))
        #expect(world.granted == [.seconds(300)] && world.missing == [[contacts[0].address.uri]])
        #expect(try asked(world.requests(.register).last).count == 2)
        world.registrar { _, _ in [] }
        let id = try world.register(RegistrationWishes(contacts: contacts, includesOwn: false))
        #expect(world.standing(of: id) == .failing)
        world.leave()
    }

    @Test("423 raises the contacts that asked for less, and no other (REG-158, RFC 3261 §10.2.8)")
    func tooBrief() throws {
        var world = World()
        world.keepingRegistrar(minimum: 300)
        let id = try world.register(
            RegistrationWishes(
                contacts: [
                    try contact("<sip:mail@192.0.2.9>;expires=60"), try contact("<sip:desk@192.0.2.10>;expires=900"),
                ]
            ))
        let times = try world.requests(.register).map { try $0.addresses()?.map { $0.parameters["expires"] } }
        #expect(times == [["60", "900", "3600"], ["300", "900", "3600"]])
        #expect(world.granted == [.seconds(300)] && world.standing(of: id) == .granted)
        world.leave()
    }

    @Test("The account says what is registered beside our own, where the application says nothing (RFC 3261 §10.2.1)")
    func ofTheAccount() throws {
        var world = World()
        world.keepingRegistrar()
        let mail = try contact("<sip:mail@192.0.2.9>;q=0.1")
        try world.useAccount {
            $0.furtherContacts = [mail]
            $0.preference = QValue(thousandths: 1000)
        }
        try world.register()
        #expect(
            try asked(world.requests(.register).last) == [
                "<sip:mail@192.0.2.9>;q=0.1;expires=3600", "<sip:alice@127.0.0.1:5060>;q=1;expires=3600",
            ])
        world.leave()
    }

    @Test("Best effort names each contact too (R3, RFC 3261 §10.2.2)")
    func bestEffort() throws {
        var world = World()
        world.keepingRegistrar()
        try world.register(RegistrationWishes(contacts: [try contact("<sip:mail@192.0.2.9>;q=0.1")]))
        world.take(world.core.forceShutdown(bestEffort: true, at: world.now))
        world.run(for: .seconds(1))
        #expect(
            try asked(world.requests(.register).last) == [
                "<sip:mail@192.0.2.9>;expires=0", "<sip:alice@127.0.0.1:5060>;expires=0",
            ])
        world.finish()
    }

    @Test("What cannot be asked for is refused before anything is sent, and nothing is left")
    func refused() throws {
        var world = World()
        let mail = try contact("<sip:mail@192.0.2.9>")
        let again = try contact("<sip:%6dail@192.0.2.9>;q=0.5")
        let many = try (0...16).map { try contact("<sip:mail\($0)@192.0.2.9>") }
        for wishes in [
            RegistrationWishes(contacts: [mail, again]), RegistrationWishes(includesOwn: false),
            RegistrationWishes(contacts: many), RegistrationWishes(expires: .milliseconds(999)),
        ] {
            #expect(throws: UsageError.self) { try world.register(wishes) }
        }
        #expect(world.requests.isEmpty && world.core.usages.isEmpty)
        world.leave()
    }

    @Test(
        "What is read as a contact, and what is not (RFC 3261 §20.10)",
        arguments: [
            ("sip:mail@192.0.2.9;q=0.25", "<sip:mail@192.0.2.9>;q=0.25;expires=60"),
            (
                "\"Mail, box\" <sip:mail@192.0.2.9>;expires=10;q=1.000",
                "\"Mail, box\" <sip:mail@192.0.2.9>;q=1;expires=10"
            ),
            ("<sip:mail@192.0.2.9>;q=2", nil), ("<sip:mail@192.0.2.9>;expires=0", nil),
            ("<sip:mail@192.0.2.9>;expires=soon", nil), ("*", nil), ("<sip:a@192.0.2.9>, <sip:b@192.0.2.9>", nil),
        ] as [(String, String?)])
    func reading(text: String, field: String?) throws {
        var world = World()
        world.keepingRegistrar()
        let contact = RegisteredContact(parsing: text)
        if let contact {
            try world.register(RegistrationWishes(contacts: [contact], expires: .seconds(60)))
        }
        #expect(try world.requests(.register).first.flatMap { try asked($0).first } == field)
        world.leave()
    }
}
