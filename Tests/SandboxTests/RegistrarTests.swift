import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

@Suite("Sandbox: registrar (RFC 3261 §10.3)")
struct RegistrarTests {
    @Test("The right password registers, with the time granted and the binding in the answer (§10.3 step 8)")
    func registers() throws {
        var domain = Domain()
        try domain.register()
        let granted = domain.events.compactMap { event -> (Duration, [NameAddress])? in
            if case .registration(_, .registered(let expires, let bindings, _)) = event {
                (expires, bindings)
            } else {
                nil
            }
        }
        #expect(granted.count == 1)
        #expect(granted.first?.0 ?? .zero > .zero)
        #expect(granted.first?.1.first?.uri.sip?.port == 5070)
        #expect(domain.ladder.sent() == ["REGISTER", "REGISTER"], "once without credentials, once with")
        domain.finish()
    }

    @Test("A wrong password ends in a refusal, not in a loop (RFC 7616 §3.3)")
    func wrongPassword() throws {
        var domain = Domain(password: "wrong")
        try domain.register()
        domain.run(for: .seconds(5))
        #expect(domain.ladder.sent().count <= 3)
        #expect(!domain.events.contains { if case .registration(_, .registered) = $0 { true } else { false } })
        domain.finish()
    }

    @Test("carol, whom old clients use, registers too; somebody unknown does not")
    func others() throws {
        var carol = Domain(user: "carol", password: "carol-secret")
        try carol.register()
        #expect(carol.ladder.lines.contains { $0.hasSuffix("<-- 200 REGISTER") })
        carol.finish()
        var mallory = Domain(user: "mallory", password: "pass")
        try mallory.register()
        #expect(!mallory.ladder.lines.contains { $0.hasSuffix("<-- 200 REGISTER") })
        mallory.finish()
    }

    @Test("A message for somebody who registered is carried to the binding; after the un-REGISTER it is refused 480")
    func binding() throws {
        var domain = Domain()
        let registration = try domain.register()
        try write(&domain, to: "alice", "to myself")
        #expect(
            domain.events.contains {
                if case .message(_, let request) = $0 { request.method == .message } else { false }
            })
        domain.take(domain.core.end(registration.any, at: domain.now))
        domain.run(for: .seconds(1))
        try write(&domain, to: "alice", "gone?")
        #expect(domain.ladder.lines.contains { $0.hasSuffix("<-- 480 MESSAGE") })
        domain.finish()
    }

    @Test("bob reads a message and answers it; the echo sends it back; nobody else is there (404)")
    func messages() throws {
        var domain = Domain()
        try domain.register()
        try write(&domain, to: "bob", "hello")
        try write(&domain, to: "echo", "you too")
        try write(&domain, to: "nobody", "?")
        let texts = domain.events.compactMap { event in
            if case .message(_, let request) = event { request.request.bodyText } else { nil as String? }
        }
        #expect(texts.count == 2)
        #expect(texts.first?.contains("hello") == true)
        #expect(texts.last == "you too")
        #expect(domain.ladder.lines.contains { $0.hasSuffix("<-- 404 MESSAGE") })
        domain.finish()
    }

    private func write(_ domain: inout Domain, to user: String, _ text: String) throws {
        let account = domain.account
        try domain.perform { core, now in
            let (id, _, outputs) = try core.message(
                account, to: Domain.uri(user), contentType: "text/plain", body: Array(text.utf8), at: now)
            return (id, outputs)
        }
        domain.run(for: .milliseconds(100))
        answerRequests(&domain)
    }

    /// The user agent owes each MESSAGE from outside an answer.
    private func answerRequests(_ domain: inout Domain) {
        for case .message(let id, _) in domain.events {
            if let outputs = try? domain.core.respond(to: id, status: 200, at: domain.now) { domain.take(outputs) }
        }
        domain.run(for: .milliseconds(100))
    }
}
