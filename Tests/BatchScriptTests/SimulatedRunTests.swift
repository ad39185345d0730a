import BatchScript
import DialogUsage
import SansIO
import Testing

@Suite("Whole scripts, against the sandbox, on virtual time")
struct SimulatedRunTests {
    static let tour = """
        set timeout 5s
        register
        subscribe presence sip:bob@sandbox.test as s1
        publish presence open as me
        call sip:echo@sandbox.test as c1
        expect call.connected of c1 within 5s
        sleep 2s
        assert call.c1.rtp.received >= 50 "no audio"
        dtmf c1 42#
        message sip:bob@sandbox.test "hello"
        expect msg.received within 5s
        hangup c1
        """

    private func records(_ run: SimulatedRun, _ type: String) -> [String] {
        run.lines.map(\.text).filter { $0.contains("\"type\":\"\(type)\"") }
    }

    @Test("The tour passes: exit 0, and what is open is ended in the order of 2004")
    func tour() throws {
        let run = try SimulatedRun.run(Self.tour)
        #expect(run.verdict?.exit == .success, "\(run.lines.map(\.text).joined(separator: "\n"))")
        #expect(run.verdict?.passed == 13)
        #expect(run.census?.isEmpty == true)
        let kinds = records(run, "shutdown.usage").compactMap { line in
            UsageKind.allCases.first { line.contains("\"kind\":\"\($0.rawValue)\"") }
        }
        #expect(kinds == [.clientSubscription, .clientPublication, .clientRegistration])
    }

    @Test("Transfers from a script, blind and attended, are done when the other has answered (batch.md, section 3)")
    func transfers() throws {
        let run = try SimulatedRun.run(
            """
            register
            call sip:bob@sandbox.test as c1
            expect call.connected of c1 within 5s
            transfer c1 sip:echo@sandbox.test
            expect call.transfer.progress of c1 where status == 200 within 5s
            expect call.ended of c1 within 5s
            call sip:bob@sandbox.test as c2
            expect call.connected of c2 within 5s
            call sip:echo@sandbox.test as c3
            expect call.connected of c3 within 5s
            transfer c2 to c3
            expect call.ended of c2 within 5s
            wait usages 0 of ClientInviteSession
            """)
        #expect(run.verdict?.exit == .success, "\(run.lines.map(\.text).joined(separator: "\n"))")
        #expect(run.verdict?.passed == 14)
        #expect(run.census?.isEmpty == true)
    }

    @Test(
        "The presence server crashes before the shutdown: exit 7 by the give-up time, un-REGISTER answered (shutdown test 79)"
    )
    func crash() throws {
        let run = try SimulatedRun.run(Self.tour + "\nfault crash presence\nshutdown graceful giveup 4s")
        #expect(run.verdict?.exit == .unclean, "\(run.lines.map(\.text).joined(separator: "\n"))")
        let rows = records(run, "shutdown.usage")
        #expect(rows.contains { $0.contains("ClientSubscription") && $0.contains("\"result\":\"abandoned\"") })
        #expect(
            rows.contains {
                $0.contains("ClientRegistration") && $0.contains("\"result\":\"ended\"")
                    && $0.contains("\"status\":200")
            })
        #expect(rows.count == 3)
    }

    @Test("The plan of the shutdown is told in both formats, and nothing has ended by it")
    func plan() throws {
        let script = Self.tour + "\nshutdown plan giveup 4s\nassert usages.total == 3"
        let run = try SimulatedRun.run(script)
        #expect(run.verdict?.exit == .success, "\(run.lines.map(\.text).joined(separator: "\n"))")
        let planned = records(run, "event").filter { $0.contains("\"event\":\"shutdown.plan\"") }
        #expect(planned.count == 3)
        #expect(planned.last?.contains("\"kind\":\"ClientRegistration\"") == true)
        #expect(planned.last?.contains("\"longest_ms\":") == true)
        let text = try SimulatedRun.run(script, format: .text).lines.map(\.text)
        #expect(text.contains { $0.hasPrefix("       4 ClientSubscription") && $0.hasSuffix(" ms  s1") })
    }

    @Test("The same script, seed and network give the same records, byte for byte")
    func determinism() throws {
        let first = try SimulatedRun.run(Self.tour, seed: 7)
        #expect(try SimulatedRun.run(Self.tour, seed: 7).lines == first.lines)
    }

    @Test("shutdown if-idle or-refuse with live usages is 8, and says what lives")
    func notIdle() throws {
        let run = try SimulatedRun.run("register\nshutdown if-idle or-refuse")
        #expect(run.verdict?.exit == .notIdle)
        #expect(records(run, "step").contains { $0.contains("ClientRegistration") })
    }

    @Test("A wrong password is 4")
    func credentials() throws {
        let run = try SimulatedRun.run(
            "account add mallory sip:alice@sandbox.test server sip:127.0.0.1:5060 password wrong\nregister mallory")
        #expect(run.verdict?.exit == .refused)
    }

    @Test("A domain that is silent from the start: the step fails in its time, the shutdown in its own")
    func silence() throws {
        let run = try SimulatedRun.run("fault silence\nregister timeout 2s")
        #expect(run.verdict?.exit == .failed)
        #expect((run.verdict?.elapsed ?? .zero) <= .seconds(8))
    }
}
