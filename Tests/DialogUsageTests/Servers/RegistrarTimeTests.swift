import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

@Suite("Registrar: time, limits, and an application that decides (RFC 3261 §10.3)")
struct RegistrarTimeTests {
    private static let alice = AddressOfRecord(user: "alice", host: "example.com")

    @Test("A binding is gone at its instant, unless it was refreshed; the application is told once")
    func expires() {
        var world = World.registrar()
        _ = world.register("<sip:a@192.0.2.1>", "<sip:b@192.0.2.1>;expires=60", cseq: 1, expires: 120)
        let made = world.now
        world.run(for: .seconds(59))
        #expect(world.bindings().count == 2)
        _ = world.register("<sip:a@192.0.2.1>", cseq: 2, expires: 120)
        world.run(for: .seconds(2))
        #expect(world.bindings() == ["<sip:a@192.0.2.1>"])
        world.run(for: .seconds(80))
        #expect(world.bindings() == ["<sip:a@192.0.2.1>"], "refreshed at \(made)")
        world.run(for: .seconds(120))
        #expect(world.bindings().isEmpty)
        let gone = world.registrarEvents.compactMap { event -> String? in
            if case .expired(Self.alice, let binding) = event { binding.contact.description } else { nil }
        }
        #expect(gone == ["<sip:b@192.0.2.1>", "<sip:a@192.0.2.1>"])
        #expect(world.core.registrar?.timerCount == 0)
        world.close()
    }

    @Test("Added, refreshed, removed: one event each, in the order of the contacts")
    func events() {
        var world = World.registrar()
        _ = world.register("<sip:a@192.0.2.1>", "<sip:b@192.0.2.1>", cseq: 1)
        _ = world.register("<sip:b@192.0.2.1>", "<sip:a@192.0.2.1>;expires=0", "<sip:c@192.0.2.1>;expires=0", cseq: 2)
        let words = world.registrarEvents.map { event in
            switch event {
            case .added(_, let binding): "added \(binding.contact)"
            case .refreshed(_, let binding): "refreshed \(binding.contact)"
            case .removed(_, let binding): "removed \(binding.contact)"
            case .requested, .queried, .expired: "?"
            }
        }
        #expect(
            words == [
                "added <sip:a@192.0.2.1>", "added <sip:b@192.0.2.1>", "refreshed <sip:b@192.0.2.1>",
                "removed <sip:a@192.0.2.1>",
            ])
        world.close()
    }

    @Test("Too many bindings of one address are 403, of all together 503 with Retry-After; nothing is changed by it")
    func limits() {
        var world = World.registrar {
            $0.limits.bindingsPerAddress = 2
            $0.limits.bindings = 3
        }
        #expect(world.register("<sip:a@192.0.2.1>", "<sip:b@192.0.2.1>", "<sip:c@192.0.2.1>", cseq: 1)?.status == 403)
        #expect(world.bindings().isEmpty)
        #expect(world.register("<sip:a@192.0.2.1>", "<sip:b@192.0.2.1>", cseq: 2)?.status == 200)
        let full = world.register("<sip:a@192.0.2.1>", "<sip:b@192.0.2.1>", user: "bob", cseq: 1)
        #expect(full?.status == 503)
        #expect(full?.has(.retryAfter) == true)
        // What is there can still be renewed and taken away.
        #expect(world.register("<sip:a@192.0.2.1>", "<sip:b@192.0.2.1>;expires=0", cseq: 3)?.status == 200)
        #expect(world.core.registrar?.count == 1)
        world.close()
    }

    @Test("The application is asked, and its approval carries the request out; a refusal does not (step 4)")
    func asked() throws {
        var world = World.registrar { $0.decision = .asked }
        #expect(world.register("<sip:a@192.0.2.1>", cseq: 1) == nil)
        guard case .requested(let id, let request) = try #require(world.registrarEvents.last) else {
            Issue.record("not asked")
            return
        }
        #expect(request.address == Self.alice)
        world.run(for: .seconds(2))
        #expect(world.bindings().isEmpty)
        try world.perform { core, now in ((), try core.approve(id, at: now)) }
        world.run(for: .milliseconds(100))
        #expect(world.peer.responses.last?.status == 200)
        #expect(world.bindings() == ["<sip:a@192.0.2.1>"])
        #expect(world.outcome(of: id.any) == .endedByPeer(200))
        #expect(throws: UsageError.ended("\(id)")) { try world.core.approve(id, at: world.now) }

        _ = world.register("<sip:b@192.0.2.1>", cseq: 2)
        guard case .requested(let second, _) = try #require(world.registrarEvents.last) else { return }
        // A registrar never says 6xx (§10.3).
        #expect(throws: UsageError.self) { try world.core.reject(second, status: 603, at: world.now) }
        try world.perform { core, now in ((), try core.reject(second, status: 403, at: now)) }
        world.run(for: .milliseconds(100))
        #expect(world.peer.responses.last?.status == 403)
        #expect(world.bindings() == ["<sip:a@192.0.2.1>"])
        world.close()
    }

    @Test("Approved out of turn, the older of two requests still fails (step 7)")
    func approvedLate() throws {
        var world = World.registrar { $0.decision = .asked }
        _ = world.register("<sip:a@192.0.2.1>", cseq: 1, expires: 600)
        _ = world.register("<sip:a@192.0.2.1>", cseq: 2, expires: 0)
        _ = world.register("<sip:a@192.0.2.1>", cseq: 3, expires: 600)
        let ids = world.registrarEvents.compactMap { event in
            if case .requested(let id, _) = event { id } else { nil as UsageID<ServerRegistration>? }
        }
        try #require(ids.count == 3)
        for id in [ids[2], ids[1], ids[0]] { try world.perform { core, now in ((), try core.approve(id, at: now)) } }
        world.run(for: .milliseconds(100))
        #expect(world.peer.responses.suffix(3).map(\.status) == [200, 500, 500])
        #expect(world.bindings() == ["<sip:a@192.0.2.1>"])
        world.close()
    }

    @Test("A REGISTER that still waits for the application is answered by the shutdown, and binds nothing (W31)")
    func askedAndLeft() {
        var world = World.registrar { $0.decision = .asked }
        _ = world.register("<sip:a@192.0.2.1>", cseq: 1)
        #expect(world.core.blockers.map(\.waitsFor) == ["our own answer"])
        world.shutdown()
        world.runToTheEnd()
        world.run(for: .milliseconds(100))
        #expect(world.peer.responses.last?.status == 480)
        #expect(world.report?.usages.map(\.id.kind) == [.serverRegistration])
        world.finish()
    }

    @Test("What the application forgets is answered 500 in time, and binds nothing (RFC 4320 §4.2)")
    func forgotten() {
        var world = World.registrar { $0.decision = .asked }
        #expect(world.register("<sip:a@192.0.2.1>", cseq: 1, patience: .seconds(19)) == nil)
        world.run(for: .seconds(2))
        #expect(world.peer.responses.last?.status == 500)
        #expect(world.bindings().isEmpty)
        #expect(world.core.usages.isEmpty)
        world.close()
    }
}
