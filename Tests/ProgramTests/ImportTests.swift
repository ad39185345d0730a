import SIPMessage
import SansIO
import SoftphoneCore
import Testing

@testable import lastcall

@Suite("Accounts and contacts of other clients")
struct ImportTests {
    /// What is printed can be used as it is.
    private func accounts(_ imported: Import, _ source: Import.Source) throws -> [Configuration.AccountEntry] {
        let configuration = try ConfigurationReader(file: "config.yaml").read(imported.text(of: source))
        #expect(configuration.accounts == imported.accounts)
        return configuration.accounts
    }

    private static let baresip = """
        #
        # SIP accounts - one account per line
        #
        # <sip:user:password@domain;uri-params>;addr-params
        "Alice Smith" <sip:alice@example.com;transport=tcp>;auth_user=asmith;auth_pass=s3;regint=600;regq=0.5
        <sip:1000@pbx.lan:5070>;auth_pass="a;b#c";outbound="sip:edge.lan;transport=tcp";answermode=auto;regint=0

        <sip:old:secret@example.org>
        nonsense
        <sip:example.net>;regint=60
        <sip:alice@example.net>;regint=never
        """

    @Test("baresip's accounts, with their servers, logins, passwords and times")
    func baresip() throws {
        var imported = Import()
        imported.readBaresip(accounts: Self.baresip, file: "accounts")
        let accounts = try accounts(imported, .baresip)
        #expect(accounts.map(\.name) == ["alice", "n1000", "old", "alice-2"])
        #expect(
            accounts.map(\.address) == [
                "sip:alice@example.com", "sip:1000@pbx.lan:5070", "sip:old@example.org", "sip:alice@example.net",
            ])
        #expect(accounts.map(\.server) == ["sip:example.com;transport=tcp", "sip:edge.lan;transport=tcp", nil, nil])
        #expect(accounts.map(\.login) == ["asmith", nil, nil, nil])
        let passwords = accounts.map { if case .written(let secret) = $0.password { secret.exposed() } else { "-" } }
        #expect(passwords == ["s3", "a;b#c", "secret", "-"])
        #expect(accounts.map(\.expires) == [.seconds(600), nil, nil, nil])
        #expect(accounts.first?.preference?.thousandths == 500)
        #expect(
            imported.warnings == [
                "accounts:5: the display name 'Alice Smith' is not carried over",
                "accounts:6: answermode=auto is not carried over",
                "accounts:6: regint=0: lastcall registers when you say so (r, or register)",
                "accounts:9: is no account, and is left out", "accounts:10: is no account, and is left out",
                "accounts:11: regint=never is no number",
            ])
    }

    @Test("baresip's contacts, with names that can be typed")
    func baresipContacts() throws {
        var imported = Import()
        imported.readBaresip(
            contacts: """
                # SIP contacts
                "Echo Server" <sip:echo@creytiv.com>
                "Bob" <sip:bob@example.com>;presence=p2p
                <sip:bob@example.org>
                """, file: "contacts")
        let contacts = try ContactsFile.read(imported.text(of: .baresipContacts), file: "contacts.yaml")
        #expect(contacts.map(\.name) == ["Echo-Server", "Bob", "bob"])
        #expect(contacts.map(\.uri.description).first == "sip:echo@creytiv.com")
        #expect(imported.warnings == ["contacts:3: presence=p2p is not carried over"])
    }

    private static let twinkle = """
        # USER
        user_name=alice
        user_domain=example.com
        user_display=Alice
        auth_realm=the office
        auth_name=a.smith
        auth_pass=pa=ss

        # SIP SERVER
        outbound_proxy=
        registrar=reg.example.com
        registration_time=900
        reg_add_qvalue=yes
        reg_qvalue=0.25
        sip_transport=tcp

        # AUDIO CODECS
        codecs=g711a,g711u
        ptime=20
        """

    @Test("Twinkle's profiles; a registrar of another name becomes the server")
    func twinkle() throws {
        var imported = Import()
        imported.readTwinkle(profile: "my work", Self.twinkle, file: "my work.cfg")
        imported.readTwinkle(
            profile: "home",
            "user_name=bob\nuser_domain=example.org\nauth_name=bob\noutbound_proxy=sip:10.0.0.1:5070\n",
            file: "home.cfg")
        imported.readTwinkle(profile: "none", "user_domain=example.org\n", file: "none.cfg")
        let accounts = try accounts(imported, .twinkle)
        #expect(accounts.map(\.name) == ["my-work", "home"])
        #expect(accounts.map(\.address) == ["sip:alice@example.com", "sip:bob@example.org"])
        #expect(accounts.map(\.server) == ["sip:reg.example.com;transport=tcp", "sip:10.0.0.1:5070"])
        #expect(accounts.map(\.login) == ["a.smith", nil])
        #expect(accounts.map(\.realm) == ["the office", nil])
        #expect(accounts.map(\.expires) == [.seconds(900), nil])
        #expect(accounts.first?.preference?.thousandths == 250)
        #expect(
            imported.text(of: .twinkle).contains("password: \"pa=ss\"")
                || imported.text(of: .twinkle).contains("password: pa=ss"))
        #expect(
            imported.warnings == [
                "my work.cfg: registrar=reg.example.com becomes the server that everything goes through",
                "my work.cfg: user_display=Alice: the display name is not carried over",
                "my work.cfg: 2 other settings have no counterpart here",
                "none.cfg: has no user_name and user_domain that make an address, and is left out",
            ])
    }

    @Test("Twinkle's address book")
    func twinkleContacts() throws {
        var imported = Import()
        imported.readTwinkle(
            contacts: "Jan|van der|Berg|jan@example.com|from the club\nZoë||||\n|||sip:5@pbx.lan|\nX|||12|\n",
            file: "twinkle.ab")
        let contacts = try ContactsFile.read(imported.text(of: .twinkleContacts), file: "contacts.yaml")
        #expect(contacts.map(\.name) == ["Jan-van-der-Berg", "n5"])
        #expect(contacts.map(\.uri.description) == ["sip:jan@example.com", "sip:5@pbx.lan"])
        #expect(
            imported.warnings == [
                "twinkle.ab:1: the remark 'from the club' is not carried over",
                "twinkle.ab:2: has no address, and is left out",
                "twinkle.ab:4: '12' is no complete address, and is left out",
            ])
    }

    @Test("Nothing to import is an empty list; files that are not there are named")
    func nothing() throws {
        #expect(try accounts(Import(), .baresip).isEmpty)
        #expect(throws: UsageFault.self) { try ImportFiles.read(.baresip, path: "/nonexistent", environment: [:]) }
        #expect(throws: UsageFault.self) { try ImportFiles.read(.twinkle, path: "/proc/self/fd", environment: [:]) }
        #expect(throws: UsageFault.self) { try ImportFiles.read(.twinkle, path: nil, environment: [:]) }
        guard case .run(let options) = Invocation(["--import", "twinkle", "/x"]) else {
            Issue.record("refused")
            return
        }
        #expect(options.importSource == .twinkle && options.importPath == "/x")
    }
}
