import BatchScript
import DialogUsage
import SansIO
import Testing

/// A state made of what a test puts into it.
struct FakeState: StateSource {
    var values: [String: ScriptValue] = [:]
    func value(at path: String) -> ScriptValue? { values[path] }
    func account(of usage: AnyUsageID) -> String? { "alice" }
    func content(of dump: Dump) -> FileContent? { .bytes(Array("dumped".utf8)) }
    func blockers(at now: Instant) -> [String] { ["ClientSubscription s1: an answer"] }
}

@Suite("Expressions of assert and where")
struct ExpressionTests {
    static let state = FakeState(values: [
        "call.c1.state": .text("connected"), "call.c1.rtp.received": .number(120), "usages.total": .number(0),
        "sub.s1.body": .text("<note>in the \"garden\" / shed</note>"), "sent.REGISTER": .number(2),
    ])

    @Test(
        "An expression is true or false of the state",
        arguments: [
            ("call.c1.state == connected", true), ("call.c1.state == \"connected\"", true),
            ("call.c1.state != held", true),
            ("call.c1.rtp.received > 100", true), ("call.c1.rtp.received>=120", true),
            ("call.c1.rtp.received < 120", false),
            ("usages.total == 0", true), ("sub.s1.body ~ /the \"garden\"/", true),
            ("sub.s1.body ~ /garden\" \\/ shed/", true),
            ("sub.s1.body !~ /office/", true), ("sub.s1.body ~ /NOTE/i", true), ("not usages.total", true),
            ("usages.total == 1 or sent.REGISTER == 2", true), ("usages.total == 0 and sent.REGISTER == 3", false),
            ("!(usages.total == 1) && (sent.REGISTER >= 2 || usages.total > 5)", true), ("call.c1.state", true),
            ("sent.REGISTER == call.c1.rtp.received", false), ("call.c1.rtp.received > 1m", true),
        ])
    func truth(_ text: String, _ expected: Bool) throws {
        let run = try Lab.run("assert \(text)", state: Self.state)
        #expect(run.steps.first?.status == (expected ? .ok : .failed))
    }

    @Test("A failed assert says what the values are, and why it matters")
    func findings() throws {
        let run = try Lab.run("assert call.c1.rtp.received > 500 \"no audio\"", state: Self.state)
        #expect(run.steps.first?.text == "no audio: call.c1.rtp.received is 120")
    }

    @Test("A path that names nothing fails the assert and says so")
    func unknown() throws {
        let run = try Lab.run("assert call.c9.state == connected", state: Self.state)
        #expect(run.steps.first?.text == "nothing is known under call.c9.state")
    }

    @Test("A text is not compared as a number")
    func notANumber() throws {
        let run = try Lab.run("assert call.c1.state > 3", state: Self.state)
        #expect(run.steps.first?.text == "call.c1.state is 'connected', which is no number to compare")
    }

    @Test(
        "An expression that cannot be read is refused with its place and a remedy",
        arguments: [
            ("assert usages.total = 0", 21, "did you mean '=='"),
            ("assert cal.c1.state == held", 8, "did you mean 'call'"),
            ("assert call.c1.stat == held", 8, "did you mean 'state'"),
            ("assert (usages.total == 0", 8, "never closed"),
            ("assert sub.s1.body ~ busy", 22, "a pattern between slashes"),
            ("assert sub.s1.body ~ /a(b/", 24, "never closed"),
            ("assert usages.ClientSubscrption == 0", 8, "did you mean 'ClientSubscription'"),
            ("assert", 7, "a value is missing"),
            ("assert usages.total == 0 poor", 26, "unexpected"),
        ])
    func refused(_ line: String, _ column: Int, _ remedy: String) {
        let errors = Lab.errors(in: line)
        #expect(errors.first?.column == column)
        #expect(errors.first?.text.contains(remedy) == true, "\(errors)")
    }
}
