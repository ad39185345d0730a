import DialogUsage
import Glibc
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
              theme: high-contrast
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
        #expect(configuration.terminal == Configuration.Terminal(color: .never, glyphs: .ascii, theme: .highContrast))
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

    @Test("NO_COLOR counts when it is not empty, --color over the configuration, and the configuration over it")
    func colour() {
        var terminal = Configuration.Terminal()
        #expect(terminal.usesColour(environment: [:]))
        #expect(terminal.usesColour(environment: ["NO_COLOR": ""]))
        #expect(!terminal.usesColour(environment: ["NO_COLOR": "1"]))
        terminal.color = .always
        #expect(terminal.usesColour(environment: ["NO_COLOR": "1"]))
        guard case .run(let options) = Invocation(["--color", "never", "--theme", "light"]) else {
            Issue.record("refused")
            return
        }
        let looks = options.looks(over: terminal)
        #expect(!looks.usesColour(environment: [:]))
        #expect(looks.theme(environment: [:]) == .light)
    }

    @Test("A theme that is not chosen is the one that the terminal's background asks for")
    func background() {
        let terminal = Configuration.Terminal()
        #expect(terminal.theme(environment: [:]) == .dark)
        #expect(terminal.theme(environment: ["COLORFGBG": "15;0"]) == .dark)
        #expect(terminal.theme(environment: ["COLORFGBG": "0;default;15"]) == .light)
    }

    @Test("An empty file is the default")
    func empty() throws {
        #expect(try read("").accounts.isEmpty)
        #expect(try read("# nothing\n").giveUp == .seconds(5))
    }

    @Test(
        "An error names file, line and column, and what to do (H-125)",
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
            ("accounts:\n  - name: a\u{0}b\n    address: sip:a@b.c", "config.yaml:", "no YAML"),
            ("terminal: {color: {auto: never}}", "config.yaml:1:", ""), ("- accounts", "config.yaml:1:1: ", ""),
            ("a: &a [*a]", "config.yaml:", ""),
        ])
    func errors(_ text: String, _ place: String, _ remedy: String) {
        do {
            _ = try read(text)
            Issue.record("accepted")
        } catch {
            #expect(error.description.hasPrefix(place), "\(error)")
            #expect(remedy.isEmpty || error.description.contains(remedy), "\(error)")
        }
    }

    private func file(_ contents: [UInt8], mode: mode_t) throws -> String {
        let path = "/tmp/lastcall-test-\(getpid())-\(UInt64.random(in: 0 ... .max)).yaml"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL, mode)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        try #require(fchmod(descriptor, mode) == 0)
        try #require(write(descriptor, contents, contents.count) == contents.count)
        return path
    }

    @Test(
        "A file with a password that others may read is refused, with the remedy (H-124)",
        arguments: [0o644, 0o640, 0o606])
    func readableByOthers(mode: Int) throws {
        let secret = Array("accounts: [{name: a, address: 'sip:a@b.c', password: x}]".utf8)
        let path = try file(secret, mode: mode_t(mode))
        defer { unlink(path) }
        let error = #expect(throws: ConfigurationError.self) { try ConfigurationFile.load(path, environment: [:]) }
        #expect(error?.description.contains("chmod 600") == true)
        #expect(chmod(path, 0o600) == 0)
        #expect(try ConfigurationFile.load(path, environment: [:]).holdsPassword)
    }

    @Test("A file that is missing, a folder, or ten mebibytes long is an error that says so (H-125)")
    func unreadable() throws {
        let long = try file([UInt8](repeating: 0x23, count: 10 << 20), mode: 0o600)
        defer { unlink(long) }
        for (path, reason) in [("/nonexistent", "No such file"), ("/tmp", "directory"), (long, "longer than")] {
            let error = #expect(throws: ConfigurationError.self) { try ConfigurationFile.load(path, environment: [:]) }
            #expect(error?.description.contains(reason) == true, "\(path)")
        }
    }

    @Test("A trace is for its owner alone; a full disk costs its lines and nothing else (H-123, H-126)")
    func traceFile() throws {
        let path = "/tmp/lastcall-test-\(getpid())-trace"
        unlink(path)
        defer { unlink(path) }
        let files = try OutputFiles(trace: path, log: "/dev/full")
        files.log("a line")
        var facts = stat()
        #expect(stat(path, &facts) == 0 && facts.st_mode & 0o777 == 0o600)
        #expect(files.wantsTrace && files.wantsLog)
    }
}
