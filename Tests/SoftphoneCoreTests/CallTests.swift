import DialogUsage
import Media
import SDP
import SIPMessage
import SansIO
import SoftphoneCore
import Testing

@Suite("Calls of ours")
struct CallTests {
    /// A call to bob that stands.
    private func connected() throws -> (Desk, RequestID) {
        var desk = try Desk()
        let call = try desk.type("call bob as c1")
        try desk.answer(.invite, 180)
        try desk.answer(.invite, 200, try answer(to: desk.requests(.invite).last))
        return (desk, call)
    }

    @Test("The INVITE waits for the audio port, because its offer names it (RFC 3264 §5)")
    func portFirst() throws {
        var desk = try Desk()
        desk.isAudioPrompt = false
        try desk.type("call bob")
        #expect(desk.sent.isEmpty)
        desk.letAudioAnswer()
        let offer = try SessionDescription(parsing: Array(try #require(desk.requests(.invite).last).body))
        #expect(offer.media.first?.port == 40_002)
    }

    @Test("A call command is answered when it rings, and the call stands when it is answered (batch.md, section 2)")
    func ringingAndConnected() throws {
        var desk = try Desk()
        let call = try desk.type("call bob as c1")
        try desk.answer(.invite, 100)
        #expect(desk.result(call) == nil)
        try desk.answer(.invite, 180)
        #expect(desk.success(call)?.status == 180)
        #expect(desk.value("call.c1.state") == .text("ringing"))
        try desk.answer(.invite, 200, try answer(to: desk.requests(.invite).last))
        #expect(desk.requests(.ack).count == 1)
        #expect(desk.value("call.c1.state") == .text("connected"))
        #expect(desk.plans.count == 1)
        #expect(desk.names(of: "call.") == ["call.trying", "call.ringing", "call.connected"])
        #expect(desk.answeredTwice.isEmpty)
    }

    @Test("Hanging up is done when BYE is answered; the port is closed once, and the call is remembered")
    func hangUp() throws {
        var (desk, _) = try connected()
        let end = try desk.type("hangup c1 \"lunch\"")
        #expect(desk.result(end) == nil)
        #expect(desk.requests(.bye).last?.value(.reason)?.contains("lunch") == true)
        try desk.answer(.bye, 200)
        #expect(desk.success(end)?.status == 200)
        #expect(desk.isAudioSettled)
        #expect(desk.value("call.c1.state") == .text("ended"))
        #expect(desk.value("usages.total") == .integer(0))
        #expect(desk.happenings.last { $0.name == "call.ended" }?["by"] == .text("us"))
    }

    @Test("A refusal fails the call command with its status, and closes the port (H-136)")
    func refused() throws {
        var desk = try Desk()
        let call = try desk.type("call bob")
        try desk.answer(.invite, 486)
        #expect(desk.failure(call)?.kind == .refused(486))
        #expect(desk.isAudioSettled)
        #expect(desk.happenings.last?["status"] == .integer(486))
    }

    @Test("No port: the call fails for its audio, nothing is sent, and there is nothing to close (H-136)")
    func noPort() throws {
        var desk = try Desk()
        desk.hasAudio = false
        let call = try desk.type("call bob as c1")
        #expect(desk.failure(call)?.kind == .media)
        #expect(desk.sent.isEmpty)
        #expect(desk.closed.isEmpty)
        desk.hasAudio = true
        let second = try desk.type("call bob as c1")
        #expect(desk.result(second) == nil)
    }

    @Test("A call that is hung up before its port is open sends nothing")
    func hungUpBeforeThePort() throws {
        var desk = try Desk()
        desk.isAudioPrompt = false
        let call = try desk.type("call bob as c1")
        let end = try desk.type("hangup c1")
        desk.letAudioAnswer()
        #expect(desk.failure(call)?.kind == .notNow)
        #expect(desk.success(end) != nil)
        #expect(desk.sent.isEmpty)
        #expect(desk.isAudioSettled)
    }

    @Test("Silence fails the call command with no answer after Timer B (RFC 3261 §17.1.1.2)")
    func silence() throws {
        var desk = try Desk()
        let call = try desk.type("call bob")
        desk.run(for: .seconds(31))
        #expect(desk.result(call) == nil)
        desk.run(for: .seconds(2))
        #expect(desk.failure(call)?.kind == .noAnswer)
        #expect(desk.isAudioSettled)
    }

    @Test("With two calls a command without a name names both and ends neither")
    func twoCalls() throws {
        var desk = try Desk()
        try desk.type("call bob as c1")
        try desk.answer(.invite, 180)
        try desk.type("call carol as c2")
        try desk.answer(.invite, 180)
        let end = try desk.type("hangup")
        let failure = try #require(desk.failure(end))
        #expect(failure.kind == .noSuch)
        #expect(failure.text.contains("c1") && failure.text.contains("c2"))
        let all = try desk.type("hangup all")
        #expect(desk.requests(.cancel).count == 2)
        #expect(desk.result(all) == nil)
    }

    @Test("A name that is in use is refused, and free again after the end")
    func names() throws {
        var (desk, _) = try connected()
        let again = try desk.type("call carol as c1")
        #expect(desk.failure(again)?.kind == .notNow)
        let wrong = try desk.type("hangup c2")
        #expect(desk.failure(wrong)?.text.contains("did you mean 'c1'") == true)
        try desk.type("hangup c1")
        try desk.answer(.bye, 200)
        let late = try desk.type("hangup c1")
        #expect(desk.failure(late)?.kind == .notNow)
        let third = try desk.type("call carol as c1")
        #expect(desk.failure(third) == nil)
    }

    @Test("Hold asks the peer to be silent, resume for both ways; each is done when answered (RFC 6337 §5.3)")
    func holdAndResume() throws {
        var (desk, _) = try connected()
        let hold = try desk.type("hold")
        let offer = try SessionDescription(parsing: Array(try #require(desk.requests(.invite).last).body))
        #expect(offer.media.first.map { offer.direction(of: $0) } == .sendOnly)
        #expect(desk.result(hold) == nil)
        try desk.answer(.invite, 200, try answer(to: desk.requests(.invite).last))
        #expect(desk.success(hold) != nil)
        #expect(desk.value("call.c1.state") == .text("held"))
        #expect(desk.plans.last?.audio.direction == .sendOnly)

        let resume = try desk.type("resume")
        let second = try SessionDescription(parsing: Array(try #require(desk.requests(.invite).last).body))
        #expect(second.origin == offer.origin.next)
        try desk.answer(.invite, 200, try answer(to: desk.requests(.invite).last))
        #expect(desk.success(resume) != nil)
        #expect(desk.plans.last?.audio.direction == .sendReceive)
        #expect(desk.names(of: "call.").suffix(2) == ["call.held", "call.resumed"])
    }

    @Test("A refused hold leaves the call as it was (RFC 3261 §14.1)")
    func holdRefused() throws {
        var (desk, _) = try connected()
        let hold = try desk.type("hold")
        try desk.answer(.invite, 488)
        #expect(desk.failure(hold)?.kind == .refused(488))
        #expect(desk.value("call.c1.state") == .text("connected"))
        let again = try desk.type("hold")
        #expect(desk.result(again) == nil)
    }

    @Test("Digits go as telephone events and are done when the audio thread says so (RFC 4733)")
    func digits() throws {
        var (desk, _) = try connected()
        desk.isAudioPrompt = false
        let dtmf = try desk.type("dtmf c1 42#")
        #expect(desk.result(dtmf) == nil)
        desk.letAudioAnswer()
        #expect(desk.success(dtmf)?.text == "sent 42#")
        #expect(desk.requests(.info).isEmpty)
    }

    @Test("Digits in INFO go one after the other, each when the one before is answered")
    func digitsInInfo() throws {
        var (desk, _) = try connected()
        let dtmf = try desk.type("dtmf c1 12 via info")
        #expect(desk.requests(.info).count == 1)
        #expect(desk.requests(.info).last?.bodyText.hasPrefix("Signal=1\r\n") == true)
        try desk.answer(.info, 200)
        #expect(desk.requests(.info).count == 2)
        #expect(desk.result(dtmf) == nil)
        try desk.answer(.info, 200)
        #expect(desk.success(dtmf) != nil)
    }

    @Test("Digits in INFO that nobody answers fail, and others can follow")
    func digitsInInfoUnanswered() throws {
        var (desk, _) = try connected()
        let dtmf = try desk.type("dtmf c1 1 via info")
        desk.run(for: .seconds(37))
        #expect(desk.failure(dtmf)?.kind == .noAnswer)
        #expect(desk.answeredTwice.isEmpty)
    }

    @Test("A digit in INFO that is refused fails at once, and the digits after it are not sent")
    func digitsInInfoRefused() throws {
        var (desk, _) = try connected()
        let dtmf = try desk.type("dtmf c1 12 via info")
        try desk.answer(.info, 415)
        #expect(desk.failure(dtmf)?.kind == .refused(415))
        #expect(desk.requests(.info).count == 1)
        let again = try desk.type("dtmf c1 3 via info")
        try desk.answer(.info, 401, [.wwwAuthenticate: "Digest realm=\"elsewhere\", nonce=\"n\""])
        #expect(desk.failure(again)?.kind == .credentials(401))
        let last = try desk.type("dtmf c1 4 via info")
        try desk.type("hangup c1")
        try desk.answer(.bye, 200)
        #expect(desk.failure(last) != nil)
        #expect(desk.failure(last)?.kind != .transport)
        #expect(desk.answeredTwice.isEmpty)
    }

    @Test("Muting changes what is sent, not the session")
    func mute() throws {
        var (desk, _) = try connected()
        let count = desk.sent.count
        let mute = try desk.type("mute")
        #expect(desk.success(mute) != nil)
        #expect(desk.plans.last?.isMuted == true)
        #expect(desk.sent.count == count)
    }
}
