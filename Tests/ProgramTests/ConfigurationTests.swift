import DialogUsage
import SIPMessage
import SansIO
import SoftphoneCore
import TerminalUI
import Testing

@testable import lastcall

@Suite("The configuration file")
struct ConfigurationTests {
    private func read(_ text: String) throws(ConfigurationError) -> Configuration {
        try ConfigurationReader(file: "config.yaml").read(text)
    }

    @Test("Everything that can be written is read")
    func everything() throws {
        let configuration = try read(
            """
            accounts:
              - name: work
                address: sip:alice@example.com
                server: sip:proxy.example.com:5070
                login: alice.smith
                password_command: [pass, show, sip/alice]
                realm: the office
                expires: 10m
                contacts: ["<sip:voicemail@example.com>;q=0.1", sip:desk@example.com]
                q: 0.5
              - name: lab
                address: sip:bob@lab.test
                password: "0123"
            terminal:
              color: never
              glyphs: ascii
            shutdown:
              give_up: 3s
            """)
        #expect(configuration.accounts.map(\.name) == ["work", "lab"])
        #expect(configuration.accounts.first?.login == "alice.smith")
        #expect(configuration.accounts.first?.expires == .seconds(600))
        #expect(configuration.accounts.first?.realm == "the office")
        #expect(configuration.accounts.first?.contacts.map(\.preference?.thousandths) == [100, nil])
        #expect(configuration.accounts.first?.preference?.thousandths == 500)
        guard case .command(["pass", "show", "sip/alice"]) = configuration.accounts[0].password,
            case .written(let password) = configuration.accounts[1].password
        else {
            Issue.record("the passwords are not read")
            return
        }
        #expect(password.exposed() == "0123")
        #expect(configuration.holdsPassword)
        #expect(configuration.terminal == Configuration.Terminal(color: .never, glyphs: .ascii))
        #expect(configuration.giveUp == .seconds(3))
    }

    @Test("Keys are given to commands; what had a key before has another one or none")
    func keys() throws {
        let keys = try read(
            """
            keys:
              hangup: [X, F9]
              account use: Ctrl-T
              publish: none
              down: p
            """
        ).keys
        #expect(keys.keys(of: .verb(.hangUp)) == [.character("X"), .function(9)])
        #expect(keys.keys(of: .verb(.accountUse)) == [.control("t")])
        #expect(keys.keys(of: .verb(.publish)).isEmpty)
        #expect(keys.keys(of: .screen(.down)) == [.character("p")])
        #expect(keys.keys(of: .verb(.call)) == [.character("c")])
    }

    @Test("An empty file is the default")
    func empty() throws {
        #expect(try read("").accounts.isEmpty)
        #expect(try read("# nothing\n").giveUp == .seconds(5))
    }

    @Test(
        "An error names file, line and column, and what to do",
        arguments: [
            ("acounts: []", "config.yaml:1:1: ", "did you mean 'accounts'"),
            ("accounts:\n  - name: a\n    adress: sip:a@b.c", "config.yaml:3:5: ", "did you mean 'address'"),
            ("accounts:\n  - name: a\n    address: sip:b.c", "config.yaml:3:14: ", "has no user"),
            ("accounts:\n  - name: a", "config.yaml:2:5: ", "has no 'address'"),
            (
                "accounts:\n  - {name: a, address: 'sip:a@b.c'}\n  - {name: a, address: 'sip:a@b.c'}",
                "config.yaml:3:5: ", "two accounts 'a'"
            ),
            (
                "accounts:\n  - name: a\n    address: sip:a@b.c\n    contacts: [sip:d@e.f;q=7]", "config.yaml:4:16: ",
                "is no contact"
            ),
            ("accounts:\n  - name: a\n    address: sip:a@b.c\n    q: high", "config.yaml:4:8: ", "no preference"),
            ("shutdown:\n  give_up: soon", "config.yaml:2:12: ", "no duration"),
            ("terminal:\n  color: alway", "config.yaml:2:10: ", "did you mean 'always'"),
            ("accounts: x", "config.yaml:1:11: ", "is a list"), ("terminal:\n  color: [a", "config.yaml:", "no YAML"),
            ("terminal:\n  color: auto\n  color: never", "config.yaml:", "no YAML"),
            ("keys:\n  hangupp: X", "config.yaml:2:3: ", "did you mean 'hangup'"),
            ("keys:\n  hangup: PgDwn", "config.yaml:2:11: ", "did you mean 'PgDn'"),
            ("keys:\n  hangup: ''", "config.yaml:2:11: ", "single value"),
            ("keys:\n  hangup: Ctrl-C", "config.yaml:2:11: ", "cannot be given away"),
            ("keys:\n  hangup: [X, X]", "config.yaml:2:15: ", "twice"),
            ("keys:\n  hangup: c", "config.yaml:2:3: ", "give 'call' another one here, or none"),
            ("keys:\n  hangup: X\n  down: X", "config.yaml:", "give one of them another one"),
            ("keys: x", "config.yaml:1:7: ", "hangup: X"),
        ])
    func errors(_ text: String, _ place: String, _ remedy: String) {
        do {
            _ = try read(text)
            Issue.record("accepted")
        } catch {
            #expect(error.description.hasPrefix(place), "\(error)")
            #expect(error.description.contains(remedy), "\(error)")
        }
    }
}
