import DialogUsage
import Foundation
import Glibc
import SIPMessage
import SansIO
import SoftphoneCore
import TerminalUI
import Testing

@testable import lastcall

@Suite("The configuration file")
struct ConfigurationTests {
    private func read(_ text: String) throws(ConfigurationErrors) -> Configuration {
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
              mouse: off
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
        #expect(
            configuration.terminal
                == Configuration.Terminal(color: .never, glyphs: .ascii, theme: .highContrast, mouse: .off))
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
        "An error names file, line and column, and what to do (H-125)", arguments: ConfigurationSamples.refused)
    func errors(_ sample: ConfigurationSamples.Refused) {
        do {
            _ = try read(sample.text)
            Issue.record("accepted")
        } catch {
            #expect(error.description.hasPrefix(sample.place), "\(error)")
            #expect(sample.remedy.isEmpty || error.description.contains(sample.remedy), "\(error)")
        }
    }

    @Test("All that is wrong with a file is told at once, in its order (H-125)")
    func all() {
        let error = #expect(throws: ConfigurationErrors.self) {
            try read(
                """
                acounts: []
                accounts:
                  - name: 9
                    adress: sip:a@b.c
                terminal: {color: alway, theme: [x]}
                shutdown: {give_up: soon}
                keys: {hangupp: c, call: Ctrl-C}
                """)
        }
        #expect(
            error?.all.map { "\($0.line ?? 0):\($0.column ?? 0)" }
                == ["1:1", "3:5", "3:11", "4:5", "5:19", "5:33", "6:21", "7:8", "7:26"])
    }

    @Test("Whatever is written is read as the same again")
    func written() throws {
        for text in [
            "plain", "0123", "yes", "a: b", "#x", "\"q\\\"", "a\nb\t", "\u{202e}x", "ü ☎", " lead", "-", "a #b", "~",
        ] {
            let account = "- {name: a, address: sip:a@b.c, login: \(YAMLText.inList(text))}"
            #expect(try read("accounts:\n  \(account)").accounts.first?.login == text)
            let block = "- name: a\n  address: sip:a@b.c\n  login: \(YAMLText.scalar(text))"
            #expect(try read("accounts:\n" + block).accounts.first?.login == text)
        }
    }

    @Test("What is in force is printed with where it comes from, and read again; a password is not printed")
    func printout() throws {
        guard case .run(let options) = Invocation(["--print-config", "--theme", "light"]) else {
            Issue.record("refused")
            return
        }
        let configuration = try read(
            """
            accounts:
              - {name: work, address: 'sip:alice@example.com', password: sesame, contacts: [sip:v@e.f;q=0.5]}
            keys:
              find: '#'
            shutdown:
              give_up: 90s
            """)
        let text = ConfigurationPrintout(options, configuration, environment: ["NO_COLOR": "1"]).text
        let origins = Dictionary(
            text.split(separator: "\n").compactMap { line -> (String, String)? in
                guard let mark = line.range(of: "  # ") else { return nil }
                return (line[..<mark.lowerBound].trimmingCharacters(in: .whitespaces), String(line[mark.upperBound...]))
            }, uniquingKeysWith: { first, _ in first })
        #expect(origins["- name: work"] == "config.yaml:2")
        #expect(origins["contacts: [\"<sip:v@e.f>;q=0.5\"]"] == "config.yaml:2")
        #expect(origins["color: never"] == "environment NO_COLOR")
        #expect(origins["theme: light"] == "option --theme")
        #expect(origins["glyphs: auto"] == "default")
        #expect(origins["give_up: 90s"] == "config.yaml:6" || origins["give_up: 1m"] == "config.yaml:6", "\(text)")
        #expect(origins["find: \"#\""] == "config.yaml:4")
        #expect(origins["hangup: [x, F9]"] == "default")
        #expect(!text.contains("sesame"))
        #expect(try read(text).accounts.first?.contacts == configuration.accounts.first?.contacts)
    }

    @Test("The file that explains itself is accepted, also with everything in it that stands behind a #")
    func example() throws {
        let defaults = try read(ConfigurationExample.text)
        #expect(defaults.terminal == Configuration.Terminal())
        #expect(defaults.giveUp == Configuration().giveUp)
        let whole = ConfigurationExample.text.split(separator: "\n", omittingEmptySubsequences: false).map {
            $0.hasPrefix("#") && !($0.hasPrefix("# ") && !$0.hasPrefix("#  ")) ? $0.dropFirst() : $0
        }
        let everything = try read(whole.joined(separator: "\n"))
        #expect(everything.accounts.map(\.name) == ["work"])
        #expect(everything.keys == KeyMap())
        for setting in Settings.account where setting.name != "password" {
            #expect(everything.origins["accounts.0.\(setting.name)"] != nil, "\(setting.name) is not shown")
        }
    }

    @Test("--ephemeral looks at no usual place; --config may name a folder")
    func places() throws {
        let home = ["HOME": "/home/x", "XDG_CONFIG_HOME": "relative"]
        #expect(ConfigurationFile(nil, environment: home).path == "/home/x/.config/lastcall/config.yaml")
        #expect(
            ConfigurationFile(nil, environment: ["XDG_CONFIG_HOME": "", "HOME": "/h"]).path
                == "/h/.config/lastcall/config.yaml")
        #expect(ConfigurationFile(nil, environment: ["XDG_CONFIG_HOME": "/x"]).path == "/x/lastcall/config.yaml")
        #expect(ConfigurationFile(nil, isEphemeral: true, environment: home).path == nil)
        #expect(ConfigurationFile("/tmp", isEphemeral: true, environment: home).path == "/tmp/config.yaml")
        #expect(try ConfigurationFile(nil, isEphemeral: true, environment: home).load().accounts.isEmpty)
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
        let error = #expect(throws: ConfigurationErrors.self) { try ConfigurationFile(path, environment: [:]).load() }
        #expect(error?.description.contains("chmod 600") == true)
        #expect(chmod(path, 0o600) == 0)
        #expect(try ConfigurationFile(path, environment: [:]).load().holdsPassword)
    }

    @Test("A file that is missing, in a folder that has none, or ten mebibytes long is an error that says so (H-125)")
    func unreadable() throws {
        let long = try file([UInt8](repeating: 0x23, count: 10 << 20), mode: 0o600)
        defer { unlink(long) }
        for (path, reason) in [("/nonexistent", "No such file"), ("/dev/fd", "No such file"), (long, "longer than")] {
            let error = #expect(throws: ConfigurationErrors.self) {
                try ConfigurationFile(path, environment: [:]).load()
            }
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
