import BatchScript
import Media
import Testing

@Suite("Reading a script: all of it before anything is sent")
struct ScriptTests {
    @Test("Every verb of the language is read")
    func everything() throws {
        let script = try Lab.parse(
            """
            # alice on the sandbox
            set timeout 5s
            set onfail continue
            set giveup 2s
            set device file:in.wav,out.wav
            account add work sip:alice@example.com server sip:127.0.0.1:5060 password secret
            register
            subscribe presence sip:bob@sandbox.test as s1 expires 10m
            publish presence open as me   # a comment
            call sip:bob@sandbox.test \\
                as c1 timeout 3s
            expect call.connected of c1 within 10s
            wait any call.ended msg.received timeout 1m
            wait idle within 2s
            wait usages 0 of ClientInviteSession
            refuse call.ended of c1 for 250ms
            try message sip:bob@sandbox.test "hello # there" expect 4xx
            dtmf c1 42#
            assert sub.s1.state == active and usages.total >= 2 "too few"
            var peer sip:echo@sandbox.test
            call ${peer} as c2 &
            print "rc is ${rc}"
            flush events
            sleep 250ms
            hangup all
            fault crash presence
            shutdown graceful giveup 4s
            assert usages.total == 0
            """)
        #expect(script.statements.count == 26)
        #expect(script.statements.map(\.line).prefix(9) == [2, 3, 4, 5, 6, 7, 8, 9, 10])
        #expect(script.device == .file(input: "in.wav", output: "out.wav"))
    }

    @Test(
        "An error names file, line and column, and what to do",
        arguments: [
            ("regster", "a.batch:1:1: ", "did you mean 'register'"),
            ("\n  exect call.ended", "a.batch:2:3: ", "did you mean 'expect'"),
            ("expect call.conected within 3s", "a.batch:1:8: ", "did you mean 'call.connected'"),
            ("set timout 3s", "a.batch:1:5: ", "did you mean 'timeout'"),
            ("set timeout soon", "a.batch:1:13: ", "no duration"),
            ("set onfail maybe", "a.batch:1:12: ", "'stop' or 'continue'"),
            ("sleep", "a.batch:1:6: ", "sleep takes a duration"),
            ("call sip:bob@sandbox.test \\\n  az c1", "a.batch:2:3: ", "did you mean 'as'"),
            ("register\nprint \"open", "a.batch:2:7: ", "never closed"),
            ("set device trumpet", "a.batch:1:12: ", "there is no device"),
            ("print ${nmae}", "a.batch:1:7: ", "nothing is called 'nmae'"),
            ("print ${env:NOWHERE}", "a.batch:1:7: ", "the environment has no NOWHERE"),
            ("refuse call.ended", "a.batch:1:18: ", "for 2s"),
            ("expect call.ended within soon", "a.batch:1:26: ", "no duration"),
            ("sleep 1s &", "a.batch:1:1: ", "'&' cannot follow"),
            ("wait usages 0 of ClientSub", "a.batch:1:18: ", "kinds are"),
            ("call bob\nset device tone", "a.batch:2:1: ", "before the first call"),
            ("shutdown graceful\nregister", "a.batch:2:1: ", "after the shutdown of line 1"),
            ("expect sub.notify where body ~ /x", "a.batch:1:32: ", "never closed"),
            ("expect call.ended of", "a.batch:1:21: ", "the name of a usage"),
        ])
    func errors(_ text: String, _ place: String, _ remedy: String) {
        let errors = Lab.errors(in: text)
        #expect(errors.count == 1)
        #expect(errors.first?.description.hasPrefix(place) == true, "\(errors)")
        #expect(errors.first?.text.contains(remedy) == true, "\(errors)")
    }

    @Test("All errors of a script are told at once")
    func allErrors() {
        #expect(Lab.errors(in: "regster\nregister\nexect call.ended\nsleep x").map(\.line) == [1, 3, 4])
    }

    @Test("fault without a sandbox is an error of the script, not a step that fails")
    func faultNeedsSandbox() {
        #expect(
            Lab.errors(in: "fault silence", sandbox: false).first?.text
                == "'fault' needs the sandbox; run with --sandbox")
    }

    @Test("A variable of the environment stands for its value, and what it holds cannot become a keyword or a comment")
    func environment() throws {
        let lab = try Lab.run("print \"${env:A}\" ${env:B}", environment: ["A": "x # y \"z", "B": "two words"])
        #expect(lab.printed == ["x # y \"z two words"])
    }

    @Test("Passwords do not appear in what is told of a line")
    func redaction() throws {
        let script = try Lab.parse("account add a sip:a@b.c password \"top secret\" login u # note")
        #expect(script.statements.first?.text == "account add a sip:a@b.c password ‹redacted› login u")
    }
}
