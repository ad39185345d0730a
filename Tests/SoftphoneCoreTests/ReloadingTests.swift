import DialogUsage
import SIPMessage
import SansIO
import SoftphoneCore
import Testing

@Suite("The configuration read again: nothing that is alive ends by it")
struct ReloadingTests {
    private func account(_ name: String, password: String? = "sesame", expires: Duration = .seconds(3600)) throws
        -> Account
    {
        Account(
            name: name, addressOfRecord: NameAddress(try SIPURI(parsing: "sip:\(name)@192.0.2.1")),
            password: password.map { Secret($0) }, registrationExpires: expires)
    }
    private func reload(
        _ desk: inout Desk, _ accounts: [Account], contacts: [Contact] = [], giveUp: Duration = .seconds(5),
        later: [String] = []
    ) throws -> String? {
        let request = try desk.type("reload")
        #expect(desk.result(request) == nil)
        desk.give(
            .reloaded(request, .settings(.init(accounts: accounts, contacts: contacts, giveUp: giveUp, later: later))))
        #expect(desk.answeredTwice.isEmpty)
        return desk.success(request)?.text
    }

    @Test("What has not changed is left alone; what is wrong changes nothing")
    func nothing() throws {
        var desk = try Desk()
        #expect(try reload(&desk, [try account("alice")]) == "nothing of it has changed")
        let request = try desk.type("reload")
        desk.give(.reloaded(request, .failed("config.yaml:3:1: an account has no key 'adress'")))
        #expect(desk.failure(request)?.text.contains("config.yaml:3:1") == true)
        #expect(desk.softphone.model.accounts.map(\.name) == ["alice"])
    }

    @Test("Accounts come and go; the current one stays current, and one that was added by hand stays")
    func accounts() throws {
        var desk = try Desk(accounts: ["alice", "work"])
        try desk.type("account add mine sip:m@192.0.2.1")
        try desk.type("account use work")
        let text = try reload(&desk, [try account("new"), try account("work")])
        #expect(text == "account new is new, account alice is gone")
        #expect(desk.softphone.model.accounts.map(\.name) == ["work", "mine", "new"])
        #expect(desk.softphone.model.currentAccount?.name == "work")
    }

    @Test("An account with a call stays, and so does the call; it can be removed when the call is over")
    func inUse() throws {
        var desk = try Desk()
        try desk.type("call sip:bob@192.0.2.1 as c1")
        let text = try reload(&desk, [try account("work")])
        #expect(text == "account work is new, account alice stays, since it is in use")
        #expect(desk.value("call.c1.state") == .text("calling"))
        try desk.answer(.invite, 486)
        let removal = try desk.type("account remove alice")
        #expect(desk.success(removal) != nil)
        #expect(desk.softphone.model.accounts.map(\.name) == ["work"])
    }

    @Test("A new password is the one that the next challenge gets, also of a registration that stands")
    func password() throws {
        var desk = try Desk(password: "old")
        try desk.type("register")
        try desk.answer(.register, 200, [.contact: "<sip:alice@192.0.2.100:5070>;expires=3600"])
        #expect(try reload(&desk, [try account("alice", password: "new")]) == "account alice has changed")
        #expect(desk.softphone.model.accounts.first?.registration == "registered")
        #expect(
            try reload(&desk, [try account("alice", password: "new", expires: .seconds(60))])
                == "account alice has changed (register again)")
        let count = desk.requests(.register).count
        try desk.type("refresh alice")
        try desk.answer(
            .register, 401,
            [.wwwAuthenticate: "Digest realm=\"192.0.2.1\", nonce=\"n\", algorithm=MD5, qop=\"auth\""])
        #expect(desk.requests(.register).count == count + 2)
        #expect(desk.requests(.register).last?.value(.authorization) != nil)
    }

    @Test("Contacts and the time of a shutdown count at once; what the terminal is set up with counts later")
    func rest() throws {
        let bob = Contact(name: "bob", uri: try AnyURI(parsing: "sip:bob@192.0.2.1"))
        let eve = Contact(name: "eve", uri: try AnyURI(parsing: "sip:eve@192.0.2.1"))
        var desk = try Desk(contacts: [bob])
        let text = try reload(&desk, [try account("alice")], contacts: [eve], giveUp: .seconds(3), later: ["color"])
        #expect(text == "1 contact, shutdown gives up after 3s, color at the next start")
        #expect(desk.softphone.model.presence.map(\.name) == ["eve"])
        try desk.type("register")
        try desk.answer(.register, 200, [.contact: "<sip:alice@192.0.2.100:5070>;expires=3600"])
        try desk.type("shutdown graceful")
        desk.run(for: .seconds(4))
        #expect(desk.isFinished)
    }
}
