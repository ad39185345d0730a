import Testing
import UserAgent

/// The library at a registrar, over real sockets.
@Suite("The library and a registrar (RFC 3261 §10)", .serialized)
struct RegisteringTests {
    private struct Desk {
        let domain: Domain
        let manager = DialogUsageManager()
        let account: DialogUsageManager.AccountHandle

        init() async throws {
            domain = try Domain()
            try manager.start()
            account = try await manager.addAccount(
                address: "sip:alice@sandbox.test", server: domain.server, password: domain.password)
        }
        /// What the registrar says is bound, as it is told of this usage next.
        func bound(_ events: inout AsyncStream<ManagerEvent>.Iterator) async -> [String: Contact]? {
            while let event = await events.next() {
                if case .bindings(_, let contacts, let missing) = event, missing.isEmpty {
                    return Dictionary(contacts.map { ($0.address, $0) }) { $1 }
                }
            }
            return nil
        }
        func leave() async {
            let report = await manager.shutdown(giveUp: .seconds(5))
            #expect(report.isClean)
            await domain.stop()
        }
    }

    @Test(
        "Several contacts are registered with their times and preferences, told as they are bound, and removed together (RFC 3261 §10.2.1, §10.2.2)"
    )
    func severalContacts() async throws {
        let desk = try await Desk()
        let mail = Contact("sip:mail@127.0.0.1:9", q: 0.1, expires: .seconds(600))
        let registration = try await desk.manager.register(
            desk.account, expires: .seconds(1200), contacts: [mail], q: 0.75)
        var events = registration.events.makeAsyncIterator()
        guard case .registered(registration, let expires)? = await events.next() else {
            Issue.record("not registered")
            return await desk.leave()
        }
        #expect(expires <= .seconds(600) && expires > .seconds(590))
        let bound = try #require(await desk.bound(&events))
        let own = "sip:alice@127.0.0.1:\(desk.manager.port ?? 0)"
        #expect(Set(bound.keys) == [own, mail.address])
        #expect(bound[mail.address]?.q == 0.1 && bound[own]?.q == 0.75)
        #expect(try #require(bound[mail.address]?.expires) <= .seconds(600))
        #expect(try #require(bound[own]?.expires) > .seconds(1190))

        let query = try await desk.manager.queryBindings(desk.account)
        var answers = query.events.makeAsyncIterator()
        #expect(await desk.bound(&answers)?.count == 2)
        #expect(await query.ended == .byPeer(status: 200))

        registration.end()
        #expect(await registration.ended == .local(status: 200))
        let after = try await desk.manager.queryBindings(desk.account)
        answers = after.events.makeAsyncIterator()
        #expect(await desk.bound(&answers)?.isEmpty == true)
        await desk.leave()
    }

    @Test("Bindings are removed while the usage stays, and a refresh brings them back (RFC 3261 §10.2.2)")
    func removed() async throws {
        let desk = try await Desk()
        let registration = try await desk.manager.register(desk.account)
        var events = registration.events.makeAsyncIterator()
        #expect(await desk.bound(&events)?.count == 1)
        try await desk.manager.removeBindings(registration)
        #expect(await events.next() == .bindingsRemoved(registration))
        try await desk.manager.refresh(registration)
        #expect(await desk.bound(&events)?.count == 1)
        await desk.leave()
    }

    @Test("What cannot be registered is refused before anything is made")
    func refused() async throws {
        let desk = try await Desk()
        let mail = Contact("sip:mail@127.0.0.1:9")
        for (contacts, q) in [([mail, mail], nil), ([Contact("mail")], nil), ([mail], 1.5), ([mail], Double.nan)] {
            await #expect(throws: ManagerError.self) {
                try await desk.manager.register(desk.account, contacts: contacts, q: q)
            }
        }
        await #expect(throws: ManagerError.self) {
            try await desk.manager.register(desk.account, contacts: [Contact("sip:a@127.0.0.1", expires: .zero)])
        }
        let report = await desk.manager.shutdown(giveUp: .seconds(5))
        #expect(report.usages.isEmpty)
        await desk.domain.stop()
    }
}
