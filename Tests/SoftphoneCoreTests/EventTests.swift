import DialogUsage
import EventPackages
import SIPMessage
import SansIO
import SoftphoneCore
import Testing

@Suite("Registrations, messages, presence")
struct EventTests {
    private static let open = PresenceDocument(
        entity: "sip:bob@192.0.2.1", tuples: [.init(id: "t", basic: .open)], notes: ["hello"], activities: ["busy"])

    private func watching(_ desk: inout Desk) throws -> RequestID {
        let request = try desk.type("subscribe presence bob as s1 expires 600")
        try desk.answer(.subscribe, 200, [.expires: "600", .contact: "<sip:bob@192.0.2.1>"])
        return request
    }
    private func notify(_ desk: inout Desk, _ state: String, body: [UInt8] = open.serialised()) throws {
        try desk.send(
            .notify, inDialogOf: .subscribe,
            [.event: "presence", .subscriptionState: state, .contentType: PresenceDocument.contentType], body: body)
    }

    @Test("register is done with the 2xx, unregister when the binding is gone (batch.md, section 2)")
    func registration() throws {
        var desk = try Desk()
        let request = try desk.type("register as r1")
        #expect(desk.result(request) == nil)
        try desk.answer(.register, 200, [.contact: "<sip:alice@192.0.2.100:5070>;expires=600"])
        #expect(desk.success(request)?.status == 200)
        #expect(desk.value("reg.alice.state") == .text("registered"))
        #expect(desk.happenings.last?.isOf("alice") == true)
        let end = try desk.type("unregister")
        try desk.answer(.register, 200)
        #expect(desk.success(end) != nil)
        #expect(desk.names(of: "reg.") == ["reg.ok", "reg.removed"])
        #expect(desk.value("sent.REGISTER") == .integer(2))
    }

    @Test("fetch bindings tells what the registrar lists, and no registration comes of it (batch.md, section 3)")
    func bindings() throws {
        var desk = try Desk()
        let request = try desk.type("fetch bindings")
        let contact = "<sip:alice@192.0.2.7>;expires=60"
        try desk.answer(.register, 200, [.contact: contact])
        #expect(desk.success(request)?.text == contact)
        #expect(desk.value("reg.alice.state") == .text("unregistered"))
        #expect(desk.names(of: "reg.").isEmpty)
    }

    @Test("A name, an IPv6 address and a telephone number are dialled as the account says (URI-291, RFC 3261 §19.1.6)")
    func dialling() throws {
        var desk = try Desk()
        try desk.type("account add work sip:alice@example.com server sip:192.0.2.1")
        try desk.type("account use work")
        for peer in ["bob", "sip:bob@[::1]", "tel:+1-201-555-0123"] { try desk.type("options \(peer)") }
        #expect(
            desk.sent.map(\.requestURIText)
                == ["sip:bob@example.com", "sip:bob@[::1]", "sip:+12015550123@example.com;user=phone"])
        for request in desk.sent { #expect(try request.routes().map(\.description) == ["<sip:192.0.2.1;lr>"]) }
    }

    @Test("Further contacts are registered, and those that the registrar does not list are named (RFC 3261 §10.2.4)")
    func furtherContacts() throws {
        var desk = try Desk()
        let line = "register contact \"<sip:mail@192.0.2.9>;q=0.1\" contact sip:desk@192.0.2.9 q 0.5"
        let request = try desk.type(line)
        let asked = try #require(desk.requests(.register).last?.values(.contact))
        #expect(
            asked == [
                "<sip:mail@192.0.2.9>;q=0.1;expires=3600", "<sip:desk@192.0.2.9>;expires=3600",
                "<sip:alice@192.0.2.100:5070>;q=0.5;expires=3600",
            ])
        try desk.answer(.register, 200, [.contact: "<sip:alice@192.0.2.100:5070>;expires=600, \(asked[0])"])
        #expect(desk.success(request)?.text == "registered for 10m, without sip:desk@192.0.2.9")
        #expect(
            desk.happenings.last { $0.name == "reg.ok" }?.fields.first { $0.name == "missing" }?.value == .integer(1))
        let again = try desk.type(line)
        #expect(desk.failure(again)?.kind == .notNow)
        #expect(desk.requests(.register).count == 1)
    }

    @Test("A challenge of a foreign realm fails with the realm's name, and nothing was told to it (AUT-284)")
    func foreignRealm() throws {
        var desk = try Desk(accounts: [])
        try desk.type("account add work sip:alice@192.0.2.1 password sesame realm office")
        for (line, method) in [("register", Method.register), ("subscribe presence bob", .subscribe)] {
            let request = try desk.type(line)
            try desk.answer(method, 407, [.proxyAuthenticate: "Digest realm=\"lobby\", nonce=\"n\""])
            #expect(desk.failure(request)?.kind == .credentials(407))
            #expect(desk.failure(request)?.text.contains("'lobby'") == true)
        }
        #expect(!desk.sent.contains { $0.value(.proxyAuthorization) != nil })
    }

    @Test("A challenge without a password fails as credentials, a 404 as a refusal")
    func registrationRefused() throws {
        var desk = try Desk(password: nil)
        let first = try desk.type("register")
        try desk.answer(.register, 401, [.wwwAuthenticate: "Digest realm=\"192.0.2.1\", nonce=\"n\""])
        #expect(desk.failure(first)?.kind == .credentials(401))
        let second = try desk.type("register")
        try desk.answer(.register, 404)
        #expect(desk.failure(second)?.kind == .refused(404))
        #expect(desk.softphone.model.accounts.first?.lastFailure != nil)
    }

    @Test(
        "subscribe is done with the 2xx and the first NOTIFY, in either order (RFC 6665 §4.1.2.4)",
        arguments: [true, false])
    func subscribed(answerFirst: Bool) throws {
        var desk = try Desk()
        let request = try desk.type("subscribe presence bob as s1 expires 600")
        let answer = { (desk: inout Desk) in
            try desk.answer(.subscribe, 200, [.expires: "600", .contact: "<sip:bob@192.0.2.1>"])
        }
        if answerFirst { try answer(&desk) } else { try notify(&desk, "active;expires=600") }
        #expect(desk.result(request) == nil)
        if answerFirst { try notify(&desk, "active;expires=600") } else { try answer(&desk) }
        #expect(desk.success(request)?.text == "active")
        #expect(desk.value("sub.s1.state") == .text("active"))
        #expect(desk.names(of: "sub.") == ["sub.notify", "sub.active"])
        let bob = try #require(desk.softphone.model.presence.first)
        #expect(bob.state == .open)
        #expect(bob.freshness == .fresh)
        #expect(bob.activities == ["busy"])
        #expect(bob.note == "hello")
    }

    @Test("A dead server never shows yesterday's open as truth: a failed refresh makes it stale")
    func stale() throws {
        var desk = try Desk()
        _ = try watching(&desk)
        try notify(&desk, "active;expires=600")
        desk.run(for: .seconds(599))
        #expect(desk.requests(.subscribe).count > 1)
        #expect(desk.softphone.model.presence.first?.freshness == .stale)
        #expect(desk.softphone.model.presence.first?.state == .open)
        #expect(desk.names(of: "sub.stale").count == 1)
    }

    @Test("A subscription that is only pending knows nothing, and says so")
    func pending() throws {
        var desk = try Desk()
        let request = try watching(&desk)
        try notify(&desk, "pending;expires=600", body: [])
        #expect(desk.success(request)?.text == "pending")
        #expect(desk.softphone.model.presence.first?.freshness == .unknown)
    }

    @Test("A document that cannot be read is ignored and logged; the subscription stands (H-031, H-032)")
    func hostileDocument() throws {
        var desk = try Desk()
        _ = try watching(&desk)
        try notify(&desk, "active;expires=600")
        try notify(&desk, "active;expires=600", body: Array("<!DOCTYPE a [<!ENTITY x 'y'>]><presence/>".utf8))
        #expect(desk.responses(200).count { $0.method == .notify } == 2)
        #expect(desk.value("sub.s1.state") == .text("active"))
        #expect(desk.softphone.model.presence.first?.note == "hello")
        #expect(desk.softphone.model.log.contains { $0.text.contains("document type declaration") })
    }

    @Test(
        "Where documents of partial state are missing the whole is asked for, and an overtaken one is ignored (EVT-373, RFC 4235 §4.3)"
    )
    func partialState() throws {
        func document(_ version: Int, _ state: String) -> [UInt8] {
            Array(
                """
                <dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="\(version)" state="\(state)" \
                entity="sip:bob@example.com"><dialog id="d"><state>confirmed</state></dialog></dialog-info>
                """.utf8)
        }
        var desk = try Desk()
        _ = try desk.type("subscribe dialog bob as d1")
        try desk.answer(.subscribe, 200, [.expires: "600"])
        for (version, state) in [(0, "full"), (1, "partial"), (0, "partial"), (4, "partial")] {
            #expect(desk.requests(.subscribe).count == 1)
            try desk.send(
                .notify, inDialogOf: .subscribe,
                [
                    .event: "dialog", .subscriptionState: "active;expires=600",
                    .contentType: "application/dialog-info+xml",
                ],
                body: document(version, state))
        }
        #expect(desk.requests(.subscribe).count == 2)
        #expect(desk.softphone.model.log.contains { $0.text.contains("overtaken") })
    }

    @Test(
        "Gap after gap: the whole state is asked for once a minute, and going back changes nothing (H-037, RFC 4235 §4.3)"
    )
    func gaps() throws {
        var desk = try Desk()
        _ = try desk.type("subscribe dialog bob as d1")
        try desk.answer(.subscribe, 200, [.expires: "600"])
        func tell(_ desk: inout Desk, _ version: UInt64) throws {
            let document = """
                <dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="\(version)" state="partial" \
                entity="sip:bob@example.com"><dialog id="d"><state>confirmed</state></dialog></dialog-info>
                """
            try desk.send(
                .notify, inDialogOf: .subscribe,
                [
                    .event: "dialog", .subscriptionState: "active;expires=600",
                    .contentType: "application/dialog-info+xml",
                ],
                body: Array(document.utf8))
        }
        for version in [5, 4_294_967_296, 7, 9_000_000_000] as [UInt64] { try tell(&desk, version) }
        #expect(desk.requests(.subscribe).count == 2)
        try desk.answer(.subscribe, 200, [.expires: "600"])
        desk.run(for: .seconds(61))
        try tell(&desk, 9_000_000_010)
        #expect(desk.requests(.subscribe).count == 3)
    }

    @Test(
        "What a message may carry beside text is neither shown, stored nor fetched: 415 (H-029)",
        arguments: [
            "message/sipfrag", "message/external-body;access-type=URL;URL=\"http://192.0.2.1/x\"",
            "application/octet-stream;name=\"../../x\"",
        ])
    func otherBodies(type: String) throws {
        var desk = try Desk()
        try desk.send(.message, to: "alice", [.contentType: type], body: Array("SIP/2.0 200 OK\r\n".utf8))
        #expect(desk.sent.map(\.status) == [415])
        #expect(desk.softphone.model.messages.isEmpty && desk.names(of: "msg.").isEmpty)
    }

    @Test("A lost subscription is told as interrupted and asked for again under the same name (RFC 6665 §4.1.3)")
    func interrupted() throws {
        var desk = try Desk()
        _ = try watching(&desk)
        try notify(&desk, "active;expires=600")
        try notify(&desk, "terminated;reason=probation;retry-after=20", body: [])
        #expect(desk.names(of: "sub.interrupted").count == 1)
        #expect(desk.value("sub.s1.state") == .text("interrupted"))
        #expect(desk.softphone.model.presence.first?.freshness == .stale)
        desk.run(for: .seconds(21))
        #expect(Set(desk.requests(.subscribe).compactMap { try? $0.callID() }).count == 2)
    }

    @Test("A standing that nobody knows is told as the word it is (RFC 6665 §8.2.3)")
    func unknownStanding() throws {
        var desk = try Desk()
        _ = try watching(&desk)
        try notify(&desk, "suspended;expires=600", body: [])
        #expect(desk.names(of: "sub.") == ["sub.notify", "sub.unknown"])
        #expect(desk.value("sub.s1.state") == .text("suspended"))
    }

    @Test("Texts from the network are harmless to a terminal in model and events")
    func harmless() throws {
        var desk = try Desk()
        try desk.send(.message, to: "alice", [.contentType: "text/plain"], body: Array("\u{1B}[2Jhi\u{202E}".utf8))
        let shown = try #require(desk.softphone.model.messages.first?.text)
        #expect(!shown.unicodeScalars.contains { $0.value == 0x1B || $0.value == 0x202E })
        #expect(shown.contains("hi"))
        let told = desk.happenings.last?["body"]?.description
        #expect(told?.contains("\u{1B}") == false)
    }

    @Test("unsubscribe is done when the usage has ended, and the name still answers")
    func unsubscribed() throws {
        var desk = try Desk()
        _ = try watching(&desk)
        try notify(&desk, "active;expires=600")
        let end = try desk.type("unsubscribe s1")
        try desk.answer(.subscribe, 200, [.expires: "0"])
        #expect(desk.result(end) == nil)
        try notify(&desk, "terminated;reason=timeout", body: [])
        #expect(desk.success(end) != nil)
        #expect(desk.value("sub.s1.state") == .text("ended"))
        #expect(desk.softphone.model.presence.first?.freshness == .stale)
    }

    @Test("publish makes a document for the account's AOR; a second one replaces it in the same usage (RFC 3903 §4.4)")
    func publish() throws {
        var desk = try Desk()
        let first = try desk.type("publish presence busy as me")
        let document = try PresenceDocument(parsing: Array(try #require(desk.requests(.publish).last).body))
        #expect(document.entity == "sip:alice@192.0.2.1")
        #expect(document.basic == .open)
        #expect(document.activities == ["busy"])
        try desk.answer(.publish, 200, [.sipETag: "e1", .expires: "600"])
        #expect(desk.success(first)?.status == 200)
        let published = { (desk: Desk) in desk.softphone.model.usages.first?.published }
        #expect(published(desk) == .busy)
        let second = try desk.type("publish \"gone fishing\"")
        // Until the server has it, others see what it had before.
        #expect(published(desk) == .busy)
        #expect(desk.requests(.publish).last?.value(.sipIfMatch) == "e1")
        try desk.answer(.publish, 200, [.sipETag: "e2", .expires: "600"])
        #expect(desk.success(second) != nil)
        #expect(published(desk) == .note("gone fishing"))
        #expect(desk.value("usages.ClientPublication") == .integer(1))
        let end = try desk.type("unpublish me")
        try desk.answer(.publish, 200, [.sipETag: "e3", .expires: "0"])
        #expect(desk.success(end) != nil)
    }

    @Test(
        "message is done with the final answer, 202 as accepted only; its text has a charset (MSG-395, RFC 3428 §4, §7)"
    )
    func message() throws {
        var desk = try Desk()
        let good = try desk.type("message bob \"hello\"")
        #expect(desk.softphone.model.messages.first?.standing == .sending)
        try desk.answer(.message, 202)
        #expect(desk.success(good)?.status == 202)
        #expect(desk.success(good)?.text == "accepted")
        #expect(desk.requests(.message).first?.value(.contentType) == "text/plain;charset=UTF-8")
        let bad = try desk.type("message bob \"again\"")
        try desk.answer(.message, 404)
        #expect(desk.failure(bad)?.kind == .refused(404))
        #expect(desk.softphone.model.messages.map(\.standing).first == .sent)
        #expect(desk.names(of: "msg.") == ["msg.sent", "msg.failed"])
    }

    @Test("A text for us is 200, a picture 415 with Accept, a text for somebody else 404 (MSG-399, RFC 3428 §7)")
    func receivedMessages() throws {
        var desk = try Desk()
        try desk.send(.message, to: "alice", [.contentType: "text/plain"], body: Array("hi".utf8))
        try desk.send(.message, to: "alice", [.contentType: "image/png"], body: [1, 2])
        try desk.send(.message, to: "mallory", [.contentType: "text/plain"], body: Array("hi".utf8))
        #expect(desk.sent.map(\.status) == [200, 415, 404])
        #expect(desk.softphone.model.messages.count == 1)
        #expect(desk.sent.dropFirst().first?.value(.accept) == "text/plain")
        #expect(desk.names(of: "msg.") == ["msg.received"])
    }

    @Test(
        "A text with control characters, turned direction and broken UTF-8 is told harmlessly (MSG-403, RFC 3428 §11)")
    func hostileMessage() throws {
        var desk = try Desk()
        let body = Array("a\u{1B}[2J\u{202E}b\u{0}".utf8) + [0xFF, 0xC3]
        try desk.send(.message, to: "alice", [.contentType: "text/plain"], body: body)
        #expect(desk.sent.map(\.status) == [200])
        guard case .text(let told) = desk.happenings.last?["body"] else {
            Issue.record("nothing was told")
            return
        }
        for scalar in told.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .unassigned, .surrogate:
                Issue.record("U+\(String(scalar.value, radix: 16)) is told")
            default: break
            }
        }
        #expect(told.hasPrefix("a"))
    }

    @Test("Without an account a verb that needs one says how to add one")
    func noAccount() throws {
        var desk = try Desk(accounts: [])
        let request = try desk.type("register")
        #expect(desk.failure(request)?.kind == .needsAccount)
        #expect(desk.failure(request)?.text.contains("account add") == true)
        try desk.type("account add work sip:alice@192.0.2.1")
        let second = try desk.type("register")
        #expect(desk.result(second) == nil)
    }

    @Test("A fault needs the embedded domain, and is done when that has done it")
    func faults() throws {
        var outside = try Desk()
        let refused = try outside.type("fault crash presence")
        #expect(outside.failure(refused)?.kind == .needsSandbox)
        var desk = try Desk(sandbox: Desk.server)
        let request = try desk.type("fault crash presence")
        #expect(desk.faults.first?.1 == .crashPresence)
        #expect(desk.result(request) == nil)
        desk.give(.faultApplied(request))
        desk.give(.faultApplied(request))
        #expect(desk.success(request) != nil)
        #expect(desk.answeredTwice.isEmpty)
    }

    @Test("A digest response stands in no ladder and no trace (H-059)")
    func secrets() throws {
        var desk = try Desk(traces: true)
        try desk.type("register")
        try desk.answer(.register, 401, [.wwwAuthenticate: "Digest realm=\"192.0.2.1\", nonce=\"n\", qop=\"auth\""])
        let sent = try #require(desk.requests(.register).last?.value(.authorization))
        let response = try #require(sent.split(separator: "response=\"").last?.prefix { $0 != "\"" })
        #expect(response.count == 32)
        #expect(!desk.traces.contains { $0.text.contains(response) })
        #expect(desk.traces.contains { $0.text.contains("‹redacted›") })
        let model = desk.softphone.model
        let id = try #require(model.usages.first?.id)
        #expect(model.ladder(of: id).map(\.summary) == ["REGISTER", "401 Unauthorized [MD5]", "REGISTER (auth)"])
        #expect(!model.ladder(of: id).contains { $0.text.contains(response) })
    }

    @Test("A repeated request is one line of the ladder with a count")
    func ladder() throws {
        var desk = try Desk()
        try desk.type("register")
        desk.run(for: .seconds(2))
        let model = desk.softphone.model
        let id = try #require(model.usages.first?.id)
        let ladder = model.ladder(of: id)
        #expect(ladder.count == 1)
        #expect(ladder.first?.retransmissions == 2)
        #expect(desk.value("sent.REGISTER") == .integer(1))
    }
}
