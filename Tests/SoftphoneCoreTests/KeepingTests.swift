import DialogUsage
import SIPMessage
import SansIO
import SoftphoneCore
import Testing

@Suite("Contacts and accounts that are kept")
struct KeepingTests {
    private static let bob = "sip:robert@192.0.2.1"

    private func desk() throws -> Desk {
        try Desk(contacts: [Contact(name: "bob", uri: try AnyURI(parsing: Self.bob))])
    }

    private func target(of method: Method, _ desk: Desk) throws -> String? {
        try desk.requests(method).last?.requestURI().description
    }

    @Test("A contact is called, watched and written to by his name; any other word is a user of the account's domain")
    func dialling() throws {
        var desk = try desk()
        try desk.type("call bob")
        #expect(try target(of: .invite, desk) == Self.bob)
        try desk.type("message bob \"hello\"")
        #expect(try target(of: .message, desk) == Self.bob)
        try desk.type("subscribe presence bob")
        #expect(try target(of: .subscribe, desk) == Self.bob)
        try desk.type("options robert")
        #expect(try target(of: .options, desk) == "sip:robert@192.0.2.1")
        #expect(desk.softphone.model.presence.map(\.name) == ["bob"])
    }

    @Test("A contact who is not watched has his row, and keeps it when he is watched no more")
    func row() throws {
        var desk = try desk()
        let row = try #require(desk.softphone.model.presence.first)
        #expect(row.uri == Self.bob && row.freshness == .unknown && row.subscription == nil)
        try desk.type("subscribe presence bob")
        #expect(desk.softphone.model.presence.first?.subscription != nil)
        try desk.answer(.subscribe, 404)
        #expect(desk.softphone.model.presence.map(\.name) == ["bob"])
        #expect(desk.softphone.model.presence.first?.subscription == nil)
    }

    @Test("A contact is there when it has been kept, and not before; the address of a known one changes")
    func adding() throws {
        var desk = try desk()
        let request = try desk.type("contact add carol carol@example.com")
        guard case .contact(let contact) = desk.keepings.last?.what else {
            Issue.record("nothing is to be kept")
            return
        }
        #expect(contact.name == "carol" && contact.uri.description == "sip:carol@example.com")
        #expect(desk.softphone.model.presence.count == 1)
        #expect(desk.result(request) == nil)
        desk.give(.kept(request, .inFile("/x/contacts.yaml")))
        #expect(desk.softphone.model.presence.map(\.name) == ["bob", "carol"])
        #expect(desk.success(request)?.text == "carol is sip:carol@example.com, in /x/contacts.yaml")

        let change = try desk.type("contact add bob sip:bob@example.com")
        desk.give(.kept(change, .inFile("/x/contacts.yaml")))
        #expect(desk.softphone.model.presence.map(\.uri) == ["sip:carol@example.com", "sip:bob@example.com"])
        #expect(desk.answeredTwice.isEmpty)
    }

    @Test("What cannot be written is not known either, and the reason is told")
    func failing() throws {
        var desk = try desk()
        let request = try desk.type("contact add carol carol@example.com")
        desk.give(.kept(request, .failed("contacts.yaml: cannot be written: No space left on device")))
        #expect(desk.failure(request)?.text.contains("No space left") == true)
        #expect(desk.softphone.model.presence.map(\.name) == ["bob"])
        desk.give(.kept(request, .inFile("late")))
        #expect(desk.answeredTwice.isEmpty)
    }

    @Test("A contact that is removed is gone, unless he is watched; one that there is not is named with a suggestion")
    func removing() throws {
        var desk = try desk()
        let wrong = try desk.type("contact remove bobb")
        #expect(desk.failure(wrong)?.text.contains("did you mean 'bob'?") == true)
        try desk.type("subscribe presence bob")
        let request = try desk.type("contact remove bob")
        desk.give(.kept(request, .forThisRun))
        #expect(desk.success(request)?.text == "bob is forgotten, for this run")
        #expect(desk.softphone.model.presence.map(\.name) == [nil])
        #expect(desk.softphone.model.obstacle(to: .contactRemove) != nil)
        try desk.type("call bob")
        #expect(try target(of: .invite, desk) == "sip:bob@192.0.2.1")
    }

    @Test("Only an account that was added is saved, with its password; one of the configuration is kept already")
    func accounts() throws {
        var desk = try desk()
        let known = try desk.type("account save alice")
        #expect(desk.success(known)?.text == "alice is kept already")
        try desk.type("account add work sip:w@192.0.2.1 login w2 password secret expires 10m")
        let request = try desk.type("account save work")
        guard case .account(let settings) = desk.keepings.last?.what else {
            Issue.record("nothing is to be kept")
            return
        }
        #expect(settings.login == "w2" && settings.password?.exposed() == "secret" && settings.expires == .seconds(600))
        #expect(settings.server == nil && settings.realm == nil)
        desk.give(.kept(request, .inFile("config.yaml")))
        let again = try desk.type("account save work")
        #expect(desk.success(again)?.text == "work is kept already")
        let removal = try desk.type("account remove work for-good")
        #expect(desk.keepings.last?.what == .accountRemoval("work"))
        #expect(desk.softphone.model.accounts.map(\.name) == ["alice"])
        desk.give(.kept(removal, .inFile("config.yaml")))
        #expect(desk.success(removal) != nil)
    }
}
