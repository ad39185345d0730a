import Glibc
import SIPMessage
import SansIO
import SoftphoneCore
import Testing

@testable import lastcall

@Suite("Accounts and contacts put into the user's files: only their lines change")
struct EditingTests {
    private func contact(_ name: String, _ address: String) throws -> Contact {
        Contact(name: name, uri: try AnyURI(parsing: address))
    }
    private func adding(_ name: String, _ address: String, to text: String) throws -> String {
        try ConfigurationEditor.saving(try contact(name, address), in: text, file: "contacts.yaml")
    }
    private func removing(_ name: String, from text: String) throws -> String {
        try ConfigurationEditor.removing(contact: name, from: text, file: "contacts.yaml")
    }
    private func saving(_ line: String, to text: String) throws -> String {
        guard case .addAccount(let settings) = try Command.parse(line: line) else { return "" }
        return try ConfigurationEditor.saving(AccountEdit(settings), in: text, file: "config.yaml")
    }

    @Test(
        "A contact is added behind the last one, in the manner of the file",
        arguments: [
            ("", "contacts:\n  - name: eve\n    address: sip:eve@x.y\n"),
            ("# mine\n", "# mine\ncontacts:\n  - name: eve\n    address: sip:eve@x.y\n"),
            ("contacts: []  # nobody yet\n", "contacts:  # nobody yet\n  - name: eve\n    address: sip:eve@x.y\n"),
            ("contacts:\n", "contacts:\n  - name: eve\n    address: sip:eve@x.y\n"),
            (
                "contacts:\n- name: bob  # the boss\n  address: sip:b@x.y\n\n# the end\n",
                "contacts:\n- name: bob  # the boss\n  address: sip:b@x.y\n- name: eve\n  address: sip:eve@x.y\n\n# the end\n"
            ),
            (
                "contacts:\n    -   address: sip:b@x.y\n        name: bob",
                "contacts:\n    -   address: sip:b@x.y\n        name: bob\n    -   name: eve\n        address: sip:eve@x.y\n"
            ),
            (
                "contacts:\n  -\n    name: bob\n    address: sip:b@x.y\n",
                "contacts:\n  -\n    name: bob\n    address: sip:b@x.y\n  - name: eve\n    address: sip:eve@x.y\n"
            ),
            (
                "contacts:\r\n  - name: bob # é\r\n    address: sip:b@x.y\r\n",
                "contacts:\r\n  - name: bob # é\r\n    address: sip:b@x.y\r\n  - name: eve\r\n    address: sip:eve@x.y\r\n"
            ),
            (
                "---\ncontacts:\n  - name: bob\n    address: sip:b@x.y\n...\n",
                "---\ncontacts:\n  - name: bob\n    address: sip:b@x.y\n  - name: eve\n    address: sip:eve@x.y\n...\n"
            ),
        ])
    func append(before: String, after: String) throws {
        #expect(try adding("eve", "sip:eve@x.y", to: before) == after)
    }

    @Test(
        "A contact is taken out with its lines; comments above and below it stay",
        arguments: [
            (
                "contacts:\n  # A\n  - name: a\n    address: sip:a@x.y\n  # B\n  - name: bob\n    address: sip:b@x.y\n  # C\n  - name: c\n    address: sip:c@x.y\n",
                "contacts:\n  # A\n  - name: a\n    address: sip:a@x.y\n  # B\n  # C\n  - name: c\n    address: sip:c@x.y\n"
            ),
            ("contacts: # mine\n  - name: bob\n    address: sip:b@x.y\n", "contacts: [] # mine\n"),
            ("contacts:\r\n- address: sip:b@x.y\r\n  name: bob", "contacts: []\r\n"),
        ])
    func remove(before: String, after: String) throws {
        #expect(try removing("bob", from: before) == after)
    }

    @Test(
        "A new address takes the place of the old one in its line",
        arguments: [
            (
                "contacts:\n  - name: bob\n    address: sip:b@x.y  # his desk\n",
                "contacts:\n  - name: bob\n    address: sip:eve@x.y  # his desk\n"
            ),
            (
                "contacts:\n  - {name: a, address: 'sip:a@x.y'}\n  - name: bob\n    address: \"sip:b\\x40x.y\"# x\n",
                ""
            ),
            (
                "contacts:\n  - address: 'sip:b@x.y' # '\n    name: bob\n",
                "contacts:\n  - address: sip:eve@x.y # '\n    name: bob\n"
            ),
        ])
    func change(before: String, after: String) throws {
        guard !after.isEmpty else {
            #expect(throws: ConfigurationErrors.self) { try adding("bob", "sip:eve@x.y", to: before) }
            return
        }
        #expect(try adding("bob", "sip:eve@x.y", to: before) == after)
    }

    @Test(
        "What cannot be changed line by line is left alone, and that is said",
        arguments: [
            "contacts: [{name: bob, address: 'sip:b@x.y'}]\n", "{contacts: []}\n",
            "contacts: 7\n", "a: [\n",
        ])
    func byHand(text: String) {
        #expect(throws: ConfigurationErrors.self) { try adding("eve", "sip:eve@x.y", to: text) }
    }

    private static let configuration = """
        # My telephones.
        terminal:
          theme: dark   # at night

        accounts:
          - name: home
            address: sip:h@x.y
            password_command: [pass, show, "a # b"]  # asks the safe
            # how long
            expires: 20m
            contacts: ["<sip:mail@x.y>;q=0.1"]
            q: 0.3
          # the last one

        shutdown:
          give_up: 3s
        """

    @Test("A new account stands behind the last one, with what was given and nothing else")
    func newAccount() throws {
        let text = try saving(
            "account add work sip:w@x.y server sip:p.x.y;transport=tcp login 1000 password \"s: #'\\\"\" expires 10m",
            to: Self.configuration)
        let new = """
              - name: work
                address: sip:w@x.y
                server: sip:p.x.y;transport=tcp
                login: "1000"
                password: "s: #'\\""
                expires: 10m

            """
        #expect(text == Self.configuration.replacing("    q: 0.3\n", with: "    q: 0.3\n" + new))
    }

    @Test("An account that is written already keeps what account add cannot say, and its comments")
    func changedAccount() throws {
        let text = try saving("account add home sip:h2@x.y login me", to: Self.configuration)
        #expect(
            text
                == Self.configuration.replacing("sip:h@x.y", with: "sip:h2@x.y")
                .replacing("    expires: 20m\n", with: "").replacing(
                    "    q: 0.3\n", with: "    q: 0.3\n    login: me\n"))
        let secret = try saving("account add home sip:h@x.y expires 20m password new", to: Self.configuration)
        #expect(
            secret
                == Self.configuration.replacing(
                    "    password_command: [pass, show, \"a # b\"]  # asks the safe\n    # how long\n",
                    with: "    # how long\n"
                )
                .replacing("    q: 0.3\n", with: "    q: 0.3\n    password: new\n"))
    }

    @Test("An account that is removed for good leaves the rest as it is")
    func removedAccount() throws {
        let text = try ConfigurationEditor.removing(account: "home", from: Self.configuration, file: "config.yaml")
        #expect(text.contains("accounts: []\n  # the last one\n\nshutdown:"))
        #expect(text.hasPrefix("# My telephones.\nterminal:\n  theme: dark   # at night\n\naccounts: []\n"))
    }

    // MARK: Files

    private func folder() throws -> String {
        let path = "/tmp/lastcall-test-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        try #require(mkdir(path, 0o700) == 0)
        return path
    }
    private func write(_ text: String, to path: String, mode: mode_t) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        try #require(descriptor >= 0)
        OutputFiles.write(text, to: descriptor)
        try #require(fchmod(descriptor, mode) == 0)
        close(descriptor)
    }
    private func facts(_ path: String) -> (kind: mode_t, mode: mode_t) {
        var facts = stat()
        guard lstat(path, &facts) == 0 else { return (0, 0) }
        return (facts.st_mode & S_IFMT, facts.st_mode & 0o777)
    }
    private func remove(_ folder: String) {
        for name in ["config.yaml", "contacts.yaml", "real.yaml"] { unlink("\(folder)/\(name)") }
        #expect(rmdir(folder) == 0, "something else was left there")
    }

    @Test("A file keeps its mode, a link stays a link, and a new file is for its user alone")
    func files() throws {
        let folder = try folder()
        defer { remove(folder) }
        let editor = ConfigurationEditor(configuration: ConfigurationFile(folder, environment: [:]))
        #expect(editor.perform(.contact(try contact("bob", "sip:b@x.y"))) == .inFile("\(folder)/contacts.yaml"))
        #expect(facts("\(folder)/contacts.yaml").mode == 0o600)

        unlink("\(folder)/contacts.yaml")
        try write("contacts: []\n", to: "\(folder)/real.yaml", mode: 0o640)
        #expect(symlink("real.yaml", "\(folder)/contacts.yaml") == 0)
        #expect(editor.perform(.contact(try contact("bob", "sip:b@x.y"))) == .inFile("\(folder)/contacts.yaml"))
        #expect(facts("\(folder)/contacts.yaml").kind == S_IFLNK)
        #expect(facts("\(folder)/real.yaml").mode == 0o640)
        #expect(try ContactsFile(beside: ConfigurationFile(folder, environment: [:])).load().map(\.name) == ["bob"])
        #expect(editor.perform(.contactRemoval("bob")) == .inFile("\(folder)/contacts.yaml"))
        #expect(try FileContents.read("\(folder)/real.yaml", atMost: 99).text == "contacts: []\n")
    }

    @Test("A password goes into no file that others may read; without a place there is none (H-124)")
    func secrets() throws {
        let folder = try folder()
        defer { remove(folder) }
        try write("shutdown: {give_up: 3s}\n", to: "\(folder)/config.yaml", mode: 0o644)
        let editor = ConfigurationEditor(configuration: ConfigurationFile(folder, environment: [:]))
        var settings = AccountSettings(name: "a", addressOfRecord: try SIPURI(parsing: "sip:a@x.y"))
        settings.password = Secret("open sesame")
        guard case .failed(let reason) = editor.perform(.account(settings)) else {
            Issue.record("it was written")
            return
        }
        #expect(reason.contains("chmod 600") && !reason.contains("open sesame"))
        #expect(chmod("\(folder)/config.yaml", 0o600) == 0)
        #expect(editor.perform(.account(settings)) == .inFile("\(folder)/config.yaml"))
        #expect(try ConfigurationFile(folder, environment: [:]).load().accounts.map(\.name) == ["a"])

        let nowhere = ConfigurationEditor(configuration: ConfigurationFile(nil, isEphemeral: true, environment: [:]))
        #expect(nowhere.perform(.contactRemoval("x")) == .forThisRun)
    }

    @Test("What is wrong with contacts.yaml is told with its place (H-125)")
    func errors() {
        for (text, place) in [
            ("contacts:\n  - name: a\n    adress: sip:a@x.y", "contacts.yaml:2:5"),
            ("contacts:\n  - {name: a, address: a}", "contacts.yaml:2:24"), ("people: []", "contacts.yaml:1:1"),
            (
                "contacts:\n  - {name: a, address: 'sip:a@x.y'}\n  - {name: a, address: 'sip:a@x.y'}",
                "contacts.yaml:3:5"
            ),
            ("contacts:\n  - {name: a, address: 'http:a@x.y'}", "contacts.yaml:2:24"),
        ] {
            let error = #expect(throws: ConfigurationErrors.self) { try ContactsFile.read(text, file: "contacts.yaml") }
            #expect(error?.description.hasPrefix(place) == true, "\(String(describing: error))")
        }
    }
}
