import BatchScript
import DialogUsage
import SansIO
import Testing

@Suite("Verbs of calls, as scripts say them")
struct VerbTests {
    private func expectPass(_ script: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let run = try SimulatedRun.run(script)
        let told = run.lines.map(\.text).joined(separator: "\n")
        #expect(run.verdict?.exit == .success, "\(told)", sourceLocation: sourceLocation)
        #expect(run.census?.isEmpty == true, sourceLocation: sourceLocation)
    }

    @Test("call takes codecs and fields; reinvite and update agree again, with other codecs too (RFC 3311)")
    func agreeing() throws {
        try expectPass(
            """
            register
            call sip:echo@sandbox.test as c1 codec PCMA header "X-Ticket: 4711" header "Subject: a test"
            expect call.connected of c1 where codec == PCMA within 3s
            reinvite c1 codec PCMU
            assert call.c1.codec == PCMU
            update c1
            assert call.c1.codec == PCMA "the codecs of the call are what is offered again"
            hold c1
            reinvite c1
            assert call.c1.state == held "agreeing again lets it stay as it is"
            assert sent.UPDATE == 1
            """)
    }

    @Test("play begins in the midst of a call and stop ends it; a file that cannot be read is code 9")
    func playing() throws {
        try expectPass(
            """
            register
            call sip:echo@sandbox.test as c1
            expect call.connected of c1 within 3s
            play c1 hello.wav
            assert call.c1.playing == hello.wav
            stop c1
            assert call.c1.playing == ""
            try play c1 hello.txt
            assert ${rc} == 9
            dtmf c1 42# duration 200ms gap 40ms
            dtmf c1 7 via info duration 300ms
            """)
        let run = try SimulatedRun.run(
            "register\ncall echo as c1\nexpect call.connected of c1\nplay c1 hello.txt")
        #expect(run.verdict?.exit == .media)
    }

    @Test("cancel gives up a call of ours that nobody has answered, and none that stands")
    func cancelling() throws {
        try expectPass(
            """
            register
            call sip:bob@sandbox.test as c1
            cancel c1
            assert call.c1.state == ended
            assert sent.CANCEL == 1
            call sip:echo@sandbox.test as c2
            expect call.connected of c2 within 3s
            try cancel c2
            assert ${rc} == 1
            """)
    }

    /// alice calls carol, who is an account of the same program.
    private static let carol = """
        register
        account add carol sip:carol@sandbox.test server sip:${sandbox} password carol-secret
        register carol

        """

    @Test("Both ends of a call can be played by one script: ring, answer, digits, hang-up")
    func bothEnds() throws {
        try expectPass(
            Self.carol + """
                call sip:carol@sandbox.test as out &
                expect call.incoming within 3s
                ring 180
                expect call.ringing of out within 3s
                answer as in
                expect call.connected of out within 3s
                assert call.in.state == connected
                hangup in
                expect call.ended of out within 3s
                """)
    }

    @Test("reject says a status and words of ours, redirect another address")
    func refusing() throws {
        try expectPass(
            Self.carol + """
                call sip:carol@sandbox.test as out expect 486 &
                expect call.incoming within 3s
                reject 486 "At lunch"
                expect call.ended of out where status == 486 within 3s
                call sip:carol@sandbox.test as again &
                expect call.incoming within 3s
                redirect sip:echo@sandbox.test
                expect call.ended of sis-2 within 3s
                """)
    }

    @Test(
        "What cannot be is refused with its place",
        arguments: [
            ("call bob codec G729", 16, "we have PCMU, PCMA"), ("call bob codec PCMU,PCMU", 16, "no list of codecs"),
            ("call bob header \"X-Ticket\"", 17, "no header field"),
            ("call bob header \"Via: x\"", 17, "is written by us"),
            ("call bob header \"X-A: b\\nVia: c\"", 17, "no header field"),
            ("reject 486 \"two\\nlines\"", 12, "no phrase"), ("reinvite c1 codex PCMA", 13, "did you mean 'codec'"),
        ])
    func errors(_ line: String, _ column: Int, _ remedy: String) {
        let found = Lab.errors(in: line).first
        #expect(found?.text.contains(remedy) == true, "\(String(describing: found))")
        #expect(found?.column == column, "\(String(describing: found))")
    }
}
