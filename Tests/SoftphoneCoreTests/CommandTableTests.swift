import DialogUsage
import SIPMessage
import SansIO
import SoftphoneCore
import Testing

@Suite("The command table")
struct CommandTableTests {
    @Test("Every row reads its own example", arguments: CommandSpec.all)
    func examples(spec: CommandSpec) throws {
        _ = try Command.parse(line: spec.example)
        #expect(spec.example.hasPrefix(spec.word))
    }

    @Test("Every verb has exactly one row, every word and every key is used once")
    func unambiguous() {
        #expect(CommandSpec.all.count == Verb.allCases.count)
        #expect(Set(CommandSpec.all.map(\.verb)) == Set(Verb.allCases))
        #expect(Set(CommandSpec.all.map(\.word)).count == CommandSpec.all.count)
        let keys = CommandSpec.all.compactMap(\.key)
        #expect(Set(keys).count == keys.count)
    }

    @Test("A grammar line names what is taken, what may be left out in brackets")
    func grammar() throws {
        let spec = try #require(CommandSpec.spec(of: .subscribe))
        #expect(spec.grammar == "subscribe EVENT URI [expires DURATION] [accept TYPE] [as NAME] [on ACCOUNT]")
        #expect(CommandSpec.spec(forKey: "c")?.verb == .call)
    }

    @Test(
        "Lines become commands",
        arguments: [
            ("register", Command.register(account: nil, expires: nil, alias: nil)),
            ("register work expires 600", .register(account: "work", expires: .seconds(600), alias: nil)),
            (
                "register contact \"<sip:mail@example.com>;q=0.1;expires=600\" contact sip:desk@example.com q 0.75",
                .register(
                    account: nil, expires: nil,
                    contacts: ["<sip:mail@example.com>;q=0.1;expires=600", "<sip:desk@example.com>"].compactMap {
                        RegisteredContact(parsing: $0)
                    }, preference: QValue(thousandths: 750), alias: nil)
            ),
            ("register on work as r1", .register(account: "work", expires: nil, alias: "r1")),
            ("unregister", .unregister(nil)),
            ("fetch bindings", .fetchBindings(account: nil)),
            ("fetch bindings work", .fetchBindings(account: "work")),
            ("hangup", .hangUp(.one(nil), reason: nil)),
            ("hangup all", .hangUp(.all, reason: nil)),
            ("hangup c1 \"too late\"", .hangUp(.one(UsageName("c1")), reason: "too late")),
            ("reject", .reject(nil, 486)),
            ("reject 603", .reject(nil, 603)),
            ("reject c1 603", .reject(UsageName("c1"), 603)),
            ("ring c1", .ring(UsageName("c1"), 180)),
            ("dtmf 42#", .dtmf(nil, digits: "42#", .rtp)),
            ("dtmf A", .dtmf(nil, digits: "A", .rtp)),
            ("dtmf c1 12ab via info", .dtmf(UsageName("c1"), digits: "12AB", .info)),
            ("publish open", .publish(.open, expires: .seconds(3600), Naming())),
            (
                "publish presence \"gone fishing\" as me",
                .publish(.note("gone fishing"), expires: .seconds(3600), Naming(alias: "me"))
            ),
            ("publish on-the-phone expires 1m", .publish(.onThePhone, expires: .seconds(60), Naming())),
            ("fault crash presence", .fault(.crashPresence)),
            ("fault refuse publish 503", .fault(.refuse(method: "PUBLISH", status: 503))),
            ("fault lose 30%", .fault(.lose(0.3))),
            ("shutdown", .shutdown(ShutdownRequest(.graceful))),
            ("shutdown graceful giveup 0", .shutdown(ShutdownRequest(.graceful, giveUp: .zero))),
            (
                "shutdown if-idle calls giveup 8s",
                .shutdown(ShutdownRequest(.ifIdle(ignoringSoftState: true, orRefuse: false), giveUp: .seconds(8)))
            ),
            (
                "shutdown if-idle or-refuse",
                .shutdown(ShutdownRequest(.ifIdle(ignoringSoftState: false, orRefuse: true)))
            ),
            ("shutdown plan", .planShutdown(giveUp: nil, order: nil)),
            ("shutdown --plan giveup 9s", .planShutdown(giveUp: .seconds(9), order: nil)),
            ("shutdown force best-effort", .shutdown(ShutdownRequest(.force(bestEffort: true)))),
            ("shutdown extend 10s", .adjust(.extend(by: .seconds(10)))),
            ("shutdown skip s1", .adjust(.skip(UsageName("s1")))),
        ])
    func lines(line: String, command: Command) throws {
        #expect(try Command.parse(line: line) == command)
    }

    @Test("An address may leave out the scheme, or be a user of our own domain")
    func peers() throws {
        let bob = try AnyURI(parsing: "sip:bob@example.com")
        #expect(try Command.parse(line: "call sip:bob@example.com") == .call(.uri(bob), CallOptions(), Naming()))
        #expect(try Command.parse(line: "call bob@example.com") == .call(.uri(bob), CallOptions(), Naming()))
        #expect(try Command.parse(line: "call bob") == .call(.user("bob"), CallOptions(), Naming()))
    }

    @Test("A shutdown order puts the named groups first and registrations last (shutdown.md O3)")
    func order() throws {
        let command = try Command.parse(line: "shutdown graceful order ClientPublication,ClientSubscription")
        guard case .shutdown(let request) = command, let plan = request.order else {
            Issue.record("no order in \(command)")
            return
        }
        #expect(plan.order.prefix(2) == [.clientPublications, .clientSubscriptions])
        #expect(plan.order.last == .clientRegistrations)
    }

    @Test("A password is in no printed form of the command (H-059)")
    func passwords() throws {
        let command = try Command.parse(line: "account add work sip:alice@example.com password sesame")
        #expect(!"\(command)".contains("sesame"))
        #expect(!String(reflecting: command).contains("sesame"))
        guard case .addAccount(let settings) = command else { return }
        #expect(settings.password?.exposed() == "sesame")
    }

    @Test("An account takes a realm, and an option that may be repeated is offered again")
    func options() throws {
        let line = "account add work sip:alice@example.com password sesame realm \"the office\""
        guard case .addAccount(let settings) = try Command.parse(line: line) else {
            Issue.record("no account")
            return
        }
        #expect(settings.realm == "the office")
        let next = CommandSpec.completions(of: "register contact sip:a@b expires 10m ", knowing: NoNames())
        #expect(next.contains("contact") && !next.contains("expires"))
        #expect(CommandSpec.spec(of: .register)?.grammar.contains("[contact CONTACT]...") == true)
    }
}

private struct NoNames: Vocabulary {
    var accounts: [String] { [] }
    var contacts: [String] { [] }
    var peers: [String] { [] }
    func usages(of kinds: Set<UsageKind>) -> [String] { [] }
}
