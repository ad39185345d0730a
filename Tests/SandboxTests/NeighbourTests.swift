import DialogUsage
import EventPackages
import Ladder
import SDP
import SIPMessage
import Sandbox
import SansIO
import Testing

@Suite("Sandbox: its users reach each other")
struct NeighbourTests {
    private static func presence(_ note: String) -> String {
        """
        <?xml version="1.0"?><presence xmlns="urn:ietf:params:xml:ns:pidf" entity="sip:alice@sandbox.test">\
        <tuple id="t1"><status><basic>open</basic></status><note>\(note)</note></tuple></presence>
        """
    }

    @Test("A message is carried to where its addressee registered, and its sender hears the answer (RFC 3428 §7)")
    func message() throws {
        var street = try Street.registered("alice", "carol")
        try street.write(0, to: "carol", "hello")
        #expect(street.texts(1) == ["hello"])
        #expect(street.delivered(0) == [200])
        street.messageStatus = 486
        try street.write(0, to: "carol", "again")
        #expect(street.delivered(0) == [200, 486], "a refusal is heard as it was given")
        street.finish()
    }

    @Test("A message from whom it came: the addressee can answer it")
    func sender() throws {
        var street = try Street.registered("alice", "carol")
        try street.write(0, to: "carol", "hello")
        let from = street.phones[1].events.compactMap { event in
            if case .message(_, let request) = event { request.from.uri.description } else { nil as String? }
        }
        #expect(from == ["sip:alice@sandbox.test"])
        try street.write(1, to: "alice", "hello yourself")
        #expect(street.texts(0) == ["hello yourself"])
        street.finish()
    }

    @Test("An addressee who does not answer leaves no transaction unanswered, and nothing behind (RFC 4320 §4.2)")
    func silence() throws {
        var street = try Street.registered("alice", "carol")
        street.messageStatus = nil
        try street.write(0, to: "carol", "hello")
        #expect(street.delivered(0).isEmpty)
        street.run(for: .seconds(60))
        #expect(street.delivered(0) == [500])
        street.finish()
    }

    @Test("With two contacts both get the message, and one success is a success")
    func twoContacts() throws {
        var street = try Street.registered("alice", "carol", "carol")
        try street.write(0, to: "carol", "hello")
        #expect(street.texts(1) == ["hello"])
        #expect(street.texts(2) == ["hello"])
        #expect(street.delivered(0) == [200])
        street.finish()
    }

    @Test("Nobody from elsewhere speaks through the sandbox: 403")
    func stranger() throws {
        var street = Street(["alice", "carol"])
        try street.register(1)
        let stranger = street.phones[0].core.addAccount(
            Account(
                name: "mallory", addressOfRecord: NameAddress(SIPURI(user: "alice", host: "elsewhere.test")),
                outboundProxy: SIPURI(user: nil, host: "127.0.0.1", port: 5060)))
        try street.perform(0) { core, _, now in
            let (id, _, outputs) = try core.message(
                stranger, to: Domain.uri("carol"), contentType: "text/plain", body: [65], at: now)
            return (id, outputs)
        }
        street.run(for: .milliseconds(100))
        #expect(street.delivered(0) == [403])
        #expect(street.texts(1).isEmpty)
        street.finish()
    }

    @Test("What one publishes the other sees; of two publications one document is made (RFC 3903 §3)")
    func merged() throws {
        var street = try Street.registered("alice", "carol", "alice")
        try street.watch(1, "alice")
        _ = try street.publish(0, Self.presence("at the desk"))
        #expect(street.documents(1).last?.contains("at the desk") == true)
        let second = try street.publish(2, Self.presence("on the road"))
        let both = try PresenceDocument(parsing: Array(try #require(street.documents(1).last).utf8))
        #expect(both.tuples.map(\.note) == ["on the road", "at the desk"], "the newest first")
        #expect(Set(both.tuples.map(\.id)).count == 2)
        street.take(street.phones[2].core.end(second.any, at: street.now), of: 2)
        street.run(for: .milliseconds(100))
        #expect(street.documents(1).last == Self.presence("at the desk"))
        street.finish()
    }

    /// The audio port of whom the phone was connected to last.
    private func connected(_ street: Street, _ phone: Int) -> UInt16? {
        street.phones[phone].events.compactMap { event in
            if case .session(_, .connected(let description)) = event { description?.media.first?.port } else { nil }
        }.last
    }

    @Test(
        "A call to another user is carried across; their audio goes from one to the other, and the BYE of either ends it"
    )
    func called() throws {
        for who in [0, 1] {
            var street = try Street.registered("alice", "carol")
            let id = try street.call(0, "carol")
            #expect(connected(street, 0) == 40_002)
            #expect(
                street.phones[1].core.usages.contains { $0.id.kind == .serverInviteSession && $0.state == "connected" })
            let other = try #require(street.phones[1].core.usages.first { $0.id.kind == .serverInviteSession }?.id)
            street.take(street.phones[who].core.end(who == 0 ? id.any : other, at: street.now), of: who)
            street.run(for: .seconds(1))
            #expect(street.ended(who) == [.local(200)])
            #expect(street.ended(1 - who) == [.endedByPeer(nil)])
            street.finish()
        }
    }

    @Test("A refusal is heard as it was given; a call taken back stops ringing at the other end (RFC 3261 §9)")
    func refused() throws {
        var street = try Street.registered("alice", "carol")
        street.callManners[1] = .refuse(486)
        _ = try street.call(0, "carol")
        #expect(street.ended(0) == [.endedByPeer(486)])
        street.callManners[1] = .ring
        let id = try street.call(0, "carol")
        #expect(street.phones[0].ladder.lines.contains { $0.hasSuffix("<-- 180 INVITE") })
        street.take(street.phones[0].core.end(id.any, at: street.now), of: 0)
        street.run(for: .seconds(1))
        #expect(street.phones[1].ladder.lines.contains { $0.hasSuffix("<-- CANCEL") })
        #expect(street.phones[1].core.usages.allSatisfy { $0.id.kind != .serverInviteSession })
        street.finish()
    }

    @Test("Where the first contact refuses the next one is called; 6xx speaks for all of them (RFC 3261 §21.6)")
    func nextContact() throws {
        var street = try Street.registered("alice", "carol", "carol")
        street.callManners[1] = .refuse(480)
        _ = try street.call(0, "carol")
        #expect(connected(street, 0) == 40_004)
        street.callManners[1] = .refuse(603)
        _ = try street.call(0, "carol")
        #expect(street.ended(0) == [.endedByPeer(603)])
        street.finish()
    }

    @Test("What changes the session is carried across too (RFC 3261 §14)")
    func reinvited() throws {
        var street = try Street.registered("alice", "carol")
        let id = try street.call(0, "carol")
        try street.perform(0) { core, _, now in
            ((), try core.offer(.client(id), Street.description(of: 7), at: now))
        }
        street.run(for: .seconds(1))
        let offered = street.phones[1].events.compactMap { event in
            if case .session(_, .offered(let offer)) = event { offer?.media.first?.port } else { nil as UInt16? }
        }
        #expect(offered == [40_014])
        let answered = street.phones[0].events.compactMap { event in
            if case .session(_, .answered(let answer)) = event { answer.media.first?.port } else { nil as UInt16? }
        }
        #expect(answered == [40_002])
        street.finish()
    }

    @Test(
        "Both change the session at once: they make way for each other, and both changes come through (H-067, RFC 3261 §14.1)"
    )
    func glare() throws {
        var street = try Street.registered("alice", "carol")
        let id = try street.call(0, "carol")
        let other = try #require(street.phones[1].core.usages.first { $0.id.kind == .serverInviteSession }?.id)
        try street.perform(0) { core, _, now in ((), try core.offer(.client(id), Street.description(of: 7), at: now)) }
        try street.perform(1) { core, _, now in
            ((), try core.offer(.server(UsageID(serial: other.serial)), Street.description(of: 8), at: now))
        }
        street.run(for: .seconds(30))
        for phone in [0, 1] {
            let answered = street.phones[phone].events.contains {
                if case .session(_, .answered) = $0 { true } else { false }
            }
            #expect(answered, "phone \(phone)")
            #expect(street.phones[phone].ladder.lines.filter { $0.hasSuffix("--> INVITE") }.count < 10)
        }
        street.finish()
    }

    @Test("An unknown user and a wrong password are refused at the same time and in the same words (H-045)")
    func refusedAlike() throws {
        func ladder(_ user: String) throws -> [String] {
            var street = Street([user])
            let account = street.phones[0].core.addAccount(
                Account(
                    name: "guess", addressOfRecord: NameAddress(SIPURI(user: user, host: "sandbox.test")),
                    outboundProxy: SIPURI(user: nil, host: "127.0.0.1", port: 5060), password: Secret("wrong")))
            try street.perform(0) { core, _, now in try core.register(account, at: now) }
            street.run(for: .seconds(1))
            defer { street.finish() }
            return street.phones[0].ladder.lines
        }
        let known = try ladder("alice")
        #expect(known.count == 4)
        #expect(try ladder("mallory") == known)
    }

    @Test("A 200 to REGISTER says the Date and both bindings of one user (RFC 3261 §10.3 step 8)")
    func twoBindings() throws {
        var street = try Street.registered("carol", "carol")
        let bound = street.phones[1].events.compactMap { event in
            if case .registration(_, .registered(_, let bindings, _)) = event { bindings.count } else { nil as Int? }
        }
        #expect(bound == [2])
        #expect(street.sandbox.boundAddresses(of: "carol", at: street.now) == [.loopback4])
        street.finish()
    }
}
