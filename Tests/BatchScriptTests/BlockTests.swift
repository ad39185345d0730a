import BatchScript
import DialogUsage
import SIPMessage
import SansIO
import SoftphoneCore
import Testing

@Suite("Blocks of a script")
struct BlockTests {
    private static let call = AnyUsageID(kind: .clientInviteSession, serial: 1)

    @Test("repeat does its lines so often, and ${turn} counts; inside another one it counts the inner turns")
    func repetition() throws {
        let lab = try Lab.run(
            """
            var n 2
            repeat 3
              print "outer ${turn}"
              repeat ${n}
                print "inner ${turn}"
              end
            end
            repeat 0
              print never
            end
            print after
            """)
        let inner = ["inner 1", "inner 2"]
        #expect(lab.printed == ["outer 1"] + inner + ["outer 2"] + inner + ["outer 3"] + inner + ["after"])
        #expect(lab.verdict?.exit == .success)
        #expect(lab.steps.filter { $0.verb == "print" && $0.line == 5 }.map(\.turn) == [1, 2, 1, 2, 1, 2])
    }

    @Test("A loop that waits goes on where it was; the first failure ends it and the script")
    func waitingLoop() throws {
        var lab = try Lab("repeat 3\n  register\n  sleep 1s\nend\nprint after")
        lab.succeed()
        lab.wait(.seconds(1))
        #expect(lab.verbs == ["register", "register"])
        lab.fail(.refused(403))
        #expect(lab.printed.isEmpty)
        #expect(lab.verbs.last == "shutdown graceful 5s")
        lab.stop()
        #expect(lab.verdict?.exit == .refused)
    }

    @Test("if takes one of its two ways, by the state or by a variable")
    func choice() throws {
        let lab = try Lab.run(
            """
            if usages.total == 0
              print idle
            else
              print busy
            end
            if not usages.total == 0
              print never
            end
            try assert usages.total == 7
            if ${rc} == 1
              print "rc is ${rc}"
            end
            """, state: FakeState(values: ["usages.total": .number(0)]))
        #expect(lab.printed == ["idle", "rc is 1"])
        #expect(lab.verdict?.exit == .success)
    }

    @Test("if about something that nobody knows is a step that fails, and says what")
    func unknownChoice() throws {
        let lab = try Lab.run("if call.c1.state == connected\n  print yes\nend")
        #expect(lab.steps.first?.status == .failed)
        #expect(lab.steps.first?.text == "nothing is known under call.c1.state")
        #expect(lab.verdict?.exit == .failed)
    }

    @Test("parallel does its lines at the same time and goes on when all are done")
    func parallel() throws {
        var lab = try Lab(
            """
            parallel
              sleep 2s
              sleep 3s
              repeat 2
                sleep 1s
                print "turn ${turn}"
              end
            end
            print after
            """)
        lab.wait(.seconds(2))
        #expect(lab.printed == ["turn 1", "turn 2"])
        lab.wait(.milliseconds(999))
        #expect(lab.printed.count == 2)
        lab.wait(.milliseconds(1))
        #expect(lab.printed.last == "after")
    }

    @Test("An event is for every line that waits for it at that moment")
    func sharedEvent() throws {
        var lab = try Lab("parallel\n  expect call.ended within 2s\n  expect call.ended of c1 within 2s\nend\nprint on")
        lab.happen("call.ended", usage: Self.call, alias: "c1")
        #expect(lab.steps.map(\.status) == [.ok, .ok, .ok])
        #expect(lab.printed == ["on"])
    }

    @Test("What fails in parallel ends the others, which are told to have been cut short")
    func parallelFailure() throws {
        var lab = try Lab("parallel\n  register\n  sleep 1m\nend\nprint never")
        lab.fail(.refused(403))
        #expect(lab.steps.map(\.status) == [.failed, .cutShort])
        #expect(lab.printed.isEmpty)
        lab.stop()
        #expect(lab.verdict?.exit == .refused)
    }

    @Test("finally is done after a failure and after a success, before the shutdown, each line of it")
    func finally() throws {
        for body in ["assert 1 == 2", "assert 1 == 1"] {
            let lab = try Lab.run("\(body)\nfinally\n  assert 2 == 3\n  print clean\nend")
            #expect(lab.printed == ["clean"])
            #expect(lab.verbs == ["shutdown graceful 5s"])
            #expect(lab.verdict?.exit == .failed)
        }
        let good = try Lab.run("print on\nfinally\n  print clean\nend")
        #expect(good.verdict?.exit == .success)
    }

    @Test("A signal leads to finally; the second one forces, whatever finally waits for")
    func finallyAfterSignal() throws {
        var lab = try Lab("sleep 1m\nfinally\n  print clean\n  sleep 1m\nend")
        lab.tell(.interrupted(.terminate))
        #expect(lab.printed == ["clean"])
        #expect(lab.verbs.isEmpty)
        lab.tell(.interrupted(.terminate))
        #expect(lab.verbs == ["shutdown force best-effort"])
        lab.stop([.forced])
        #expect(lab.verdict?.exit == .terminated)
    }

    @Test("When the overall time is over there is none left for finally")
    func finallyAfterTime() throws {
        var lab = try Lab("sleep 1m\nfinally\n  print clean\nend", overallTime: .seconds(3))
        lab.wait(.seconds(3))
        #expect(lab.printed.isEmpty)
        lab.stop()
        #expect(lab.verdict?.exit == .timeUp)
    }

    @Test("exit N ends the script with that code, after finally and the shutdown; what failed before wins")
    func leaving() throws {
        let lab = try Lab.run("exit 42\nprint never\nfinally\n  print clean\nend")
        #expect(lab.printed == ["clean"])
        #expect(lab.verbs == ["shutdown graceful 5s"])
        #expect(lab.verdict?.exit == ExitCode(rawValue: 42))
        #expect(try Lab.run("set onfail continue\nassert 1 == 2\nexit 42").verdict?.exit == .failed)
        #expect(try Lab.run("exit 0").verdict?.exit == .success)
        var unclean = try Lab("exit 0")
        unclean.stop([.forced])
        #expect(unclean.verdict?.exit == .unclean)
    }

    @Test("label heads the lines that follow")
    func label() throws {
        let lab = try Lab.run("print a\nlabel \"the second part\"\nprint b")
        #expect(lab.steps.prefix(3).map(\.label) == [nil, nil, "the second part"])
        #expect(lab.steps.last?.label == nil)
    }

    @Test("The answer to a line with & is part of the verdict, also when it is the last line")
    func lastAsynchronous() throws {
        var lab = try Lab("message bob hello &")
        #expect(lab.verbs == ["message"])
        lab.fail(.refused(404))
        #expect(lab.verbs.last == "shutdown graceful 5s")
        lab.stop()
        #expect(lab.verdict?.exit == .failed)
        var late = try Lab("message bob hello &")
        late.wait(.seconds(10))
        #expect(late.steps.first?.status == .failed)
    }

    @Test("What is under way with & when a shutdown begins is recorded, as what became of it")
    func asynchronousAtShutdown() throws {
        var lab = try Lab("message bob one &\nmessage bob two &\nmessage bob three &\nshutdown graceful")
        lab.tell(.completed(lab.sent[0].request, .succeeded(.init(status: 200, text: ""))))
        lab.tell(.completed(lab.sent[1].request, .failed(CommandFailure(.shuttingDown, "shut down"))))
        lab.stop()
        #expect(lab.steps.map(\.line) == [1, 2, 4, 3])
        #expect(lab.steps.map(\.status) == [.ok, .cutShort, .ok, .cutShort])
        #expect(lab.verdict?.exit == .success)
    }

    @Test("A loop that only talks leaves others their turn, and 10,000 lines are no burden")
    func longTalk() throws {
        var lab = try Lab("repeat 2500\n  print ${turn}\nend")
        #expect(lab.printed.count < 2_500)
        #expect(lab.runner.nextDeadline == .zero)
        lab.wait(.zero)
        #expect(lab.printed.count == 2_500)
        var long = try Lab(String(repeating: "print x\n", count: 10_000))
        long.wait(.zero)
        long.stop()
        #expect(long.printed.count == 10_000)
        #expect(long.verdict?.passed == 10_001)
    }

    @Test(
        "What is no block is an error with its place",
        arguments: [
            ("repeat 2\nprint x", "a.batch:1:1: ", "never closed"), ("end", "a.batch:1:1: ", "no block open"),
            ("else", "a.batch:1:1: ", "inside 'if"), ("repeat\nend", "a.batch:1:7: ", "how often"),
            ("repeat many\nend", "a.batch:1:8: ", "no number of turns"),
            ("if usages.total == 0\nelse\n  else\nend", "a.batch:3:3: ", "has an 'else' already"),
            ("if calls.c1.state == held\nend", "a.batch:1:4: ", "did you mean 'call'"),
            ("parallel now\nend", "a.batch:1:10: ", "the end of the line"),
            ("repeat 2\n  finally\n  end\nend", "a.batch:2:3: ", "no other block"),
            ("finally\nend\nprint x", "a.batch:3:1: ", "done last"),
            ("parallel\n  shutdown graceful\nend", "a.batch:2:3: ", "cannot stand inside 'parallel'"),
            ("if usages.total == 0\n  shutdown\n  register\nend", "a.batch:3:3: ", "the shutdown of line 2"),
            ("shutdown\nif usages.total == 0\n  register\nend", "a.batch:3:3: ", "the shutdown of line 1"),
            ("print ${turn}", "a.batch:1:7: ", "only inside 'repeat'"),
            ("var turn 3", "a.batch:1:5: ", "cannot be a name"),
            ("exit soon", "a.batch:1:6: ", "no exit code"), ("label", "a.batch:1:6: ", "a title"),
            ("repeet 3\nend", "a.batch:1:1: ", "did you mean 'repeat'"),
        ])
    func errors(_ text: String, _ place: String, _ remedy: String) {
        let first = Lab.errors(in: text).first
        #expect(first?.description.hasPrefix(place) == true, "\(String(describing: first))")
        #expect(first?.text.contains(remedy) == true, "\(String(describing: first))")
    }
}

@Suite("Scripts of several files")
struct SourceTests {
    private func parse(_ files: KeyValuePairs<String, String>, asked: inout [String]) throws(ScriptErrors) -> Script {
        let texts = Dictionary(uniqueKeysWithValues: files.map { ($0.key, $0.value) })
        var sources = ScriptSources(files[0].value, file: files[0].key)
        while let file = sources.missing {
            asked.append(file)
            if let text = texts[file] {
                sources.add(text, file: file)
            } else {
                sources.add(complaint: "no such file", file: file)
            }
        }
        return try Script.parse(sources, environment: [:], facts: Script.Facts(hasSandbox: true, version: "1.4.2"))
    }

    private func errors(_ files: KeyValuePairs<String, String>) -> [String] {
        var asked: [String] = []
        do throws(ScriptErrors) {
            _ = try parse(files, asked: &asked)
            return []
        } catch {
            return error.all.map(\.description)
        }
    }

    @Test("source puts the lines of a file where it stands; a file is sought beside the one that names it")
    func inclusion() throws {
        var asked: [String] = []
        let script = try parse(
            [
                "lab/a.batch": "source lib/b.batch\nprint ${name}", "lab/lib/b.batch": "var name x\nsource c.batch",
                "lab/lib/c.batch": "print c",
            ], asked: &asked)
        #expect(asked == ["lab/lib/b.batch", "lab/lib/c.batch"])
        #expect(script.statements.map(\.verb) == ["var", "print", "print"])
        #expect(script.statements.map(\.place) == ["lab/lib/b.batch:1", "lab/lib/c.batch:1", "line 2"])
    }

    @Test("An error names the file that it is in")
    func places() {
        let found = errors(["a.batch": "source b.batch\nregster", "b.batch": "\n  sleep soon"])
        #expect(found.count == 2)
        #expect(found.first?.hasPrefix("b.batch:2:9: ") == true)
        #expect(found.last?.hasPrefix("a.batch:2:1: ") == true)
    }

    @Test("Files in a circle, files that are not there and blocks that end elsewhere are refused")
    func refusals() {
        #expect(errors(["a.batch": "source a.batch"]).first?.contains("a.batch names a.batch") == true)
        #expect(
            errors(["a.batch": "source b.batch", "b.batch": "source a.batch"]).first?
                .hasPrefix("b.batch:1:8: a.batch is being read already") == true)
        #expect(errors(["a.batch": "source b.batch"]) == ["a.batch:1:8: b.batch cannot be read: no such file"])
        let open = errors(["a.batch": "source b.batch\nend", "b.batch": "repeat 2\nprint x"])
        #expect(
            open.first == "b.batch:1:1: this 'repeat' is never closed in its file; write 'end' behind its last line")
        #expect(open.last?.hasPrefix("a.batch:2:1: there is no block open") == true)
        #expect(
            errors(["a.batch": "repeat 2\nsource b.batch\nend", "b.batch": "end"]).first?.hasPrefix("b.batch:1:1")
                == true)
        #expect(errors(["a.batch": "source ${env:HOME}/b"]).first?.contains("without '${'") == true)
    }

    @Test("A script that names itself ever again through others is no end of work")
    func bounded() {
        let file = String(repeating: "source b.batch\n", count: 400)
        let found = errors(["a.batch": file, "b.batch": String(repeating: "print x\n", count: 400)])
        #expect(found.count == 1)
        #expect(found.first?.contains("of more than 100000 lines") == true)
    }

    @Test(
        "require says what must be there",
        arguments: [
            ("require version>=1.4", nil), ("require version>=1.4.2", nil), ("require sandbox", nil),
            ("require device", nil), ("require version>=1.10", "needs lastcall 1.10 or later; this is 1.4.2"),
            ("require device\nset device null", "null does neither"),
            ("set device null\nrequire device", "null does neither"),
            ("require devise", "did you mean 'device'"), ("require version>=new", "nothing is called"),
        ] as [(String, String?)])
    func requirements(_ text: String, _ complaint: String?) {
        let found = errors(["a.batch": text])
        #expect(found.isEmpty == (complaint == nil), "\(found)")
        if let complaint { #expect(found.first?.contains(complaint) == true, "\(found)") }
    }
}

@Suite("Events that a script may name")
struct EventNameTests {
    @Test(
        "An event that cannot come and a field that it has not are errors, not waits that never end",
        arguments: [
            ("expect watcher.new within 3s", 8, "never happens"), ("wait dns.failover", 6, "never happens"),
            ("expect mwi where wating == true", 18, "did you mean 'waiting'"),
            ("expect call.ended of c1 where statu >= 400 within 2s", 31, "did you mean 'status'"),
            ("wait sub.active where body ~ /x/", 23, "has no fields"),
            ("expect call.ended where call.c1.stat == held", 25, "did you mean 'state'"),
        ])
    func refused(_ text: String, _ column: Int, _ remedy: String) {
        let found = Lab.errors(in: text)
        #expect(found.first?.column == column, "\(found)")
        #expect(found.first?.text.contains(remedy) == true, "\(found)")
    }

    @Test("wait any takes several, with the fields of each")
    func several() throws {
        let line = "wait any mwi call.ended msg.received where status == 200 or waiting == true within 2s"
        #expect(throws: Never.self) { try Lab.parse(line) }
    }
}
