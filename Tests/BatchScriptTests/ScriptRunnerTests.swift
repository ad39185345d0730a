import BatchScript
import DialogUsage
import SIPMessage
import SansIO
import SoftphoneCore
import Testing

@Suite("Running a script")
struct ScriptRunnerTests {
    static let call = AnyUsageID(kind: .clientInviteSession, serial: 1)
    static let subscription = AnyUsageID(kind: .clientSubscription, serial: 1)

    @Test("A line waits for its answer; the end of the file is a graceful shutdown; clean is 0")
    func plain() throws {
        var lab = try Lab("register\nsleep 2s\nprint done")
        #expect(lab.verbs == ["register"])
        lab.wait(.milliseconds(110))
        lab.succeed()
        #expect(lab.steps.map(\.duration) == [.milliseconds(110)])
        lab.wait(.seconds(1))
        #expect(lab.printed.isEmpty)
        lab.wait(.seconds(1))
        #expect(lab.printed == ["done"])
        #expect(lab.verbs == ["register", "shutdown graceful 5s"])
        #expect(lab.verdict == nil)
        lab.stop([.local(200)])
        #expect(lab.verdict?.exit == .success)
        #expect(lab.verdict?.passed == 4)
        #expect(lab.steps.last?.line == nil)
    }

    @Test("expect finds an event that came before it was reached (the classic expect race)")
    func earlyEvent() throws {
        var lab = try Lab("call bob as c1\nexpect call.connected of c1 within 3s\nexpect call.ended of c1 within 1s")
        lab.happen("call.ringing", usage: Self.call, alias: "c1")
        lab.happen("call.connected", usage: Self.call, alias: "c1")
        lab.succeed(180, usage: Self.call)
        #expect(lab.steps.map(\.status) == [.ok, .ok])
        lab.happen("call.ended", usage: Self.call, alias: "c1")
        #expect(lab.steps.map(\.status) == [.ok, .ok, .ok])
    }

    @Test("What an expect used up is gone, what is about something else stays")
    func consumption() throws {
        var lab = try Lab(
            """
            sleep 1s
            expect sub.notify of s1 where body ~ /two/
            expect call.connected of c1
            expect sub.notify of s1 within 1s
            """)
        lab.happen("call.connected", usage: Self.call, alias: "c1")
        lab.happen("sub.notify", usage: Self.subscription, alias: "s1", ["body": .text("one")])
        lab.happen("sub.notify", usage: Self.subscription, alias: "s1", ["body": .text("two")])
        lab.wait(.seconds(1))
        #expect(lab.steps.map(\.status) == [.ok, .ok, .ok])
        lab.wait(.seconds(1))
        #expect(lab.steps.last?.status == .failed)
        #expect(lab.steps.last?.text.hasPrefix("no sub.notify of s1 within 1s") == true)
    }

    @Test("The first failure stops the script and shuts down gracefully; its cause decides the exit code (1 before 7)")
    func failure() throws {
        var lab = try Lab("expect call.incoming within 2s\nregister")
        lab.wait(.seconds(2))
        #expect(lab.verbs == ["shutdown graceful 5s"])
        lab.stop([.peerUnresponsive])
        #expect(lab.verdict?.exit == .failed)
        #expect(lab.verdict?.abandoned == ["csub-1"])
        #expect(
            lab.verdict?.reason?.hasPrefix("line 1, expect call.incoming within 2s: no call.incoming within 2s") == true
        )
    }

    @Test(
        "All steps passed but the shutdown was not clean: 7, in every form of unclean",
        arguments: [
            UsageOutcome.peerUnresponsive, .gaveUp, .transportFailed, .notifyMissing, .refused(500), .forced, .skipped,
            .undelivered(2),
        ])
    func unclean(_ outcome: UsageOutcome) throws {
        var lab = try Lab("shutdown graceful giveup 4s")
        #expect(lab.verbs == ["shutdown graceful 4s"])
        lab.stop([.local(200), outcome])
        #expect(lab.verdict?.exit == .unclean)
        #expect(lab.verdict?.failed == 0)
        #expect(lab.steps.last?.status == .unclean)
    }

    @Test(
        "Each kind of failure has its exit code",
        arguments: [
            ("register", CommandFailure.Kind.refused(403), ExitCode.refused), ("register", .credentials(401), .refused),
            ("call bob", .refused(486), .failed), ("call bob", .credentials(407), .refused),
            ("call bob", .transport, .transport),
            ("call bob", .needsAccount, .configuration), ("call bob", .media, .media), ("call bob", .noAnswer, .failed),
            ("hangup", .noSuch, .failed), ("shutdown if-idle or-refuse", .notNow, .notIdle),
        ])
    func exitCodes(_ line: String, _ kind: CommandFailure.Kind, _ code: ExitCode) throws {
        var lab = try Lab(line)
        lab.fail(kind)
        #expect(lab.verbs.last == "shutdown graceful 5s")
        lab.stop()
        #expect(lab.verdict?.exit == code)
    }

    @Test("A line that is not answered in time fails; timeout D says how long")
    func lateAnswer() throws {
        var lab = try Lab("register timeout 300ms")
        lab.wait(.milliseconds(299))
        #expect(lab.steps.isEmpty)
        lab.wait(.milliseconds(1))
        #expect(lab.steps.first?.status == .failed)
        lab.stop()
        #expect(lab.verdict?.exit == .failed)
    }

    @Test("expect CODE: the answer that is expected passes, any other fails")
    func expectation() throws {
        var lab = try Lab("message bob hello expect 4xx\nregister expect 423")
        lab.fail(.refused(404))
        #expect(lab.steps.map(\.status) == [.ok])
        lab.succeed(200)
        #expect(lab.steps.last?.text == "expected 423, got 200")
        lab.stop()
        #expect(lab.verdict?.exit == .failed)
    }

    @Test("call … expect 486 waits past the ringing for the final answer")
    func finalAnswer() throws {
        var lab = try Lab("call bob as c1 expect 486\nprint on")
        lab.succeed(180, usage: Self.call)
        #expect(lab.steps.isEmpty)
        lab.happen("call.ended", usage: Self.call, alias: "c1", ["status": .integer(486)])
        #expect(lab.steps.first?.status == .ok)
        #expect(lab.steps.first?.code == 486)
        #expect(lab.printed == ["on"])
    }

    @Test("try never fails, and leaves the status in ${rc}")
    func trying() throws {
        var lab = try Lab("try call bob\nprint ${rc}\nassert ${rc} == 486\ntry register\nprint ${rc}")
        lab.fail(.refused(486))
        lab.succeed()
        lab.stop()
        #expect(lab.printed == ["486", "0"])
        #expect(lab.verdict?.exit == .success)
    }

    @Test("set onfail continue: the rest runs, the verdict remains")
    func continuing() throws {
        var lab = try Lab(
            "set onfail continue\nassert usages.total == 1\nprint on",
            state: FakeState(values: ["usages.total": .number(0)]))
        #expect(lab.printed == ["on"])
        lab.stop()
        #expect(lab.verdict?.exit == .failed)
    }

    @Test("refuse passes when the time is over, and fails when the event comes")
    func refusal() throws {
        var quiet = try Lab("refuse call.ended for 2s")
        quiet.happen("call.connected")
        quiet.wait(.seconds(2))
        #expect(quiet.steps.first?.status == .ok)
        var loud = try Lab("refuse call.ended of c1 for 2s")
        loud.happen("call.ended", usage: Self.call, alias: "c2")
        #expect(loud.steps.isEmpty)
        loud.happen("call.ended", usage: Self.call, alias: "c1")
        #expect(loud.steps.first?.status == .failed)
    }

    @Test("wait usages 0 of KIND ends when the state says so")
    func stateGoal() throws {
        var lab = try Lab(
            "wait usages 0 of ClientSubscription within 3s",
            state: FakeState(values: ["usages.ClientSubscription": .number(1)]))
        lab.tell(.changed)
        #expect(lab.steps.isEmpty)
        lab.state.values["usages.ClientSubscription"] = .number(0)
        lab.tell(.changed)
        #expect(lab.steps.first?.status == .ok)
    }

    @Test("& goes on at once; the answer is recorded when it comes, and a failure stops the script")
    func asynchronous() throws {
        var lab = try Lab("message bob one &\nmessage bob two &\nsleep 5s")
        #expect(lab.verbs == ["message", "message"])
        lab.tell(.completed(lab.sent[1].request, .succeeded(.init(status: 200, text: ""))))
        #expect(lab.steps.map(\.line) == [2])
        lab.tell(.completed(lab.sent[0].request, .failed(CommandFailure(.refused(404), "404"))))
        #expect(lab.steps.map(\.line) == [2, 1, 3])
        #expect(lab.steps.last?.status == .cutShort)
        #expect(lab.verbs.last == "shutdown graceful 5s")
    }

    @Test("shutdown if-idle & lets the script go on, and the end of the file waits for it")
    func asynchronousShutdown() throws {
        var lab = try Lab("shutdown if-idle calls giveup 5s &\nhangup c1")
        #expect(lab.verbs == ["shutdown if-idle", "hangup"])
        lab.succeed()
        #expect(lab.verbs.count == 2)
        lab.stop([.local(200)])
        #expect(lab.verdict?.exit == .success)
        #expect(lab.steps.map(\.verb) == ["hangup", "shutdown"])
    }

    @Test("A shutdown that takes its time says once a second what it waits for, to people")
    func notices() throws {
        var lab = try Lab("shutdown graceful giveup 4s")
        lab.wait(.milliseconds(2_500))
        let notices = lab.records.filter {
            if case .waiting(["ClientSubscription s1: an answer"]) = $0 { true } else { false }
        }
        #expect(notices.count == 2)
        var (text, jsonl) = (RecordWriter(.text, started: .zero), RecordWriter(.jsonl, started: .zero))
        #expect(
            notices.flatMap { text.lines(for: $0, at: .zero) }.first?.text
                == "     waiting: ClientSubscription s1: an answer")
        #expect(notices.flatMap { jsonl.lines(for: $0, at: .zero) }.isEmpty)
    }

    @Test("After the shutdown assert still looks back")
    func lookingBack() throws {
        var lab = try Lab(
            "shutdown graceful\nassert usages.total == 0\nprint bye",
            state: FakeState(values: ["usages.total": .number(0)]))
        lab.stop()
        #expect(lab.steps.map(\.status) == [.ok, .ok, .ok])
        #expect(lab.printed == ["bye"])
    }
}

@Suite("Signals and the overall time")
struct InterruptionTests {
    @Test(
        "The first signal cuts the line short and shuts down gracefully; a script so ended is 130 or 143",
        arguments: [
            (Interruption.interrupt, ExitCode.interrupted, "5s"), (.terminate, .terminated, "5s"),
            (.hangUp, .hungUp, "3s"),
        ])
    func first(_ interruption: Interruption, _ code: ExitCode, _ giveUp: String) throws {
        var lab = try Lab("sleep 1m\nregister")
        lab.tell(.interrupted(interruption))
        #expect(lab.steps.first?.status == .cutShort)
        #expect(lab.verbs == ["shutdown graceful \(giveUp)"])
        lab.stop([.local(200)])
        #expect(lab.verdict?.exit == code)
    }

    @Test("The second signal forces, best effort")
    func second() throws {
        var lab = try Lab("sleep 1m")
        lab.tell(.interrupted(.interrupt))
        lab.tell(.interrupted(.interrupt))
        #expect(lab.verbs == ["shutdown graceful 5s", "shutdown force best-effort"])
        lab.stop([.forced])
        #expect(lab.verdict?.exit == .interrupted)
    }

    @Test("A signal during the shutdown joins it; a clean end remains clean")
    func joining() throws {
        var lab = try Lab("shutdown graceful giveup 30s")
        lab.tell(.interrupted(.terminate))
        #expect(lab.verbs == ["shutdown graceful 30s", "shutdown graceful 5s"])
        lab.stop([.local(200)])
        #expect(lab.verdict?.exit == .success)
    }

    @Test("--timeout: 6, after a graceful shutdown; during the shutdown it forces")
    func overallTime() throws {
        var lab = try Lab("sleep 1m", overallTime: .seconds(3))
        lab.wait(.seconds(3))
        #expect(lab.verbs == ["shutdown graceful 5s"])
        lab.stop()
        #expect(lab.verdict?.exit == .timeUp)
        var late = try Lab("shutdown graceful giveup 0", overallTime: .seconds(3))
        late.wait(.seconds(5))
        #expect(late.verbs == ["shutdown graceful 0s", "shutdown force best-effort"])
        late.stop([.forced])
        #expect(late.verdict?.exit == .timeUp)
    }
}
