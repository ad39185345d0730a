import DialogUsage
import Media
import SDP
import SIPMessage
import SansIO
import SoftphoneCore
import Testing

@Suite("What is said about audio in calls")
struct NegotiationTests {
    private static let sdp: KeyValuePairs<FieldName, String> = [.contentType: "application/sdp"]

    @Test("Early media starts the audio, and the same answer in the 2xx does not start it again (RFC 3261 §13.2.1)")
    func earlyMedia() throws {
        var desk = try Desk()
        let call = try desk.type("call bob as c1")
        let answer = try answer(to: desk.requests(.invite).last)
        try desk.answer(.invite, 183, answer)
        #expect(desk.success(call)?.status == 183)
        #expect(desk.value("call.c1.state") == .text("early"))
        #expect(desk.plans.count == 1)
        try desk.answer(.invite, 200, answer)
        #expect(desk.plans.count == 1)
        #expect(desk.names(of: "call.").suffix(2) == ["call.early", "call.connected"])
    }

    @Test("A 2xx without an answer is acknowledged and ended: such a call is of no use (RFC 3264 §6)")
    func noAnswer() throws {
        var desk = try Desk()
        let call = try desk.type("call bob")
        try desk.answer(.invite, 200)
        #expect(desk.requests(.ack).count == 1)
        #expect(desk.requests(.bye).count == 1)
        try desk.answer(.bye, 200)
        #expect(desk.failure(call)?.kind == .media)
        #expect(desk.isAudioSettled)
    }

    /// Nothing of it answers an offer of one audio section.
    private static let noAnswers = [
        "m=video 20000 RTP/AVP 0", "m=audio 20000 RTP/AVP 0\r\nm=video 20002 RTP/AVP 31", "m=audio 20000 RTP/SAVP 0",
        "m=audio 20000 RTP/AVP 0\r\nm=audio 20002 RTP/AVP 0", "m=audio 20000 RTP/AVP 18", "m=audio 0 RTP/AVP 0", "",
    ].map { media in
        let head = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
        return Array((head + (media.isEmpty ? "" : media + "\r\n")).utf8)
    }

    @Test(
        "An answer with fewer, more or other sections ends the call: ACK and BYE (SDP-408, SDP-423, RFC 3264 §6)",
        arguments: noAnswers)
    func wrongAnswer(body: [UInt8]) throws {
        var desk = try Desk()
        let call = try desk.type("call bob")
        try desk.answer(.invite, 200, Self.sdp, body: body)
        #expect(desk.plans.isEmpty)
        #expect(desk.requests(.ack).count == 1)
        #expect(desk.requests(.bye).count == 1)
        try desk.answer(.bye, 200)
        #expect(desk.failure(call)?.kind == .media)
        #expect(desk.isAudioSettled)
    }

    @Test("So does one to a re-INVITE (SDP-423, RFC 3264 §8)", arguments: noAnswers)
    func wrongAnswerToChange(body: [UInt8]) throws {
        var desk = try Desk()
        try desk.type("call bob")
        try desk.answer(.invite, 200, try answer(to: desk.requests(.invite).last))
        let hold = try desk.type("hold")
        let plans = desk.plans.count
        try desk.answer(.invite, 200, Self.sdp, body: body)
        #expect(desk.failure(hold)?.kind == .media)
        #expect(desk.plans.count == plans)
        #expect(desk.requests(.ack).count == 2)
        #expect(desk.requests(.bye).count == 1)
        try desk.answer(.bye, 200)
        #expect(desk.isAudioSettled)
    }

    @Test("An INVITE without an offer gets ours in the 2xx, and the ACK brings the answer (RFC 3261 §13.3.1)")
    func offerInAnswer() throws {
        var desk = try Desk()
        try desk.send(.invite, to: "alice")
        let request = try desk.type("answer as c1")
        let ok = try #require(desk.responses(200).last)
        #expect(desk.plans.isEmpty)
        try desk.follow(.ack, Self.sdp, body: try answer(to: ok).serialised())
        #expect(desk.success(request) != nil)
        #expect(desk.plans.last?.audio.remote == SocketAddress(Desk.server.ip, port: 20_000))
    }

    @Test("A re-INVITE without an offer gets ours, one version later or the same (RFC 3264 §8)")
    func reinviteWithoutOffer() throws {
        var desk = try Desk()
        try desk.send(.invite, to: "alice", Self.sdp, body: description().serialised())
        try desk.type("answer as c1")
        try desk.follow(.ack)
        let first = try SessionDescription(parsing: Array(try #require(desk.responses(200).last).body))
        try desk.follow(.invite)
        let second = try SessionDescription(parsing: Array(try #require(desk.responses(200).last).body))
        #expect(second.origin.sessionID == first.origin.sessionID)
        #expect(second.origin == first.origin || second.origin == first.origin.next)
        #expect(second.media.first?.port == 40_002)
    }

    @Test("A re-INVITE that moves the audio moves it, and keeps our own description's line of descent (RFC 3264 §8)")
    func moved() throws {
        var desk = try Desk()
        try desk.send(.invite, to: "alice", Self.sdp, body: description().serialised())
        try desk.type("answer as c1")
        try desk.follow(.ack)
        try desk.follow(.invite, Self.sdp, body: description(port: 30_000).serialised())
        #expect(desk.plans.last?.audio.remote.port == 30_000)
        #expect(desk.value("call.c1.state") == .text("connected"))
    }

    @Test("An offer in a re-INVITE that we cannot take is refused with 488, and the call goes on (RFC 3261 §14.2)")
    func unacceptable() throws {
        var desk = try Desk()
        try desk.send(.invite, to: "alice", Self.sdp, body: description().serialised())
        try desk.type("answer as c1")
        try desk.follow(.ack)
        let video = "v=0\r\no=- 1 2 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=video 2 RTP/AVP 99\r\n"
        try desk.follow(.invite, Self.sdp, body: Array(video.utf8))
        #expect(desk.responses(488).count == 1)
        #expect(desk.value("call.c1.state") == .text("connected"))
    }

    @Test("A peer that takes no telephone events is told apart, and the way that is left is named")
    func noTelephoneEvents() throws {
        var desk = try Desk()
        try desk.type("call bob as c1")
        let plain =
            "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 20000 RTP/AVP 8\r\n"
        try desk.answer(.invite, 200, [.contentType: "application/sdp"], body: Array(plain.utf8))
        let digits = try desk.type("dtmf 5")
        #expect(desk.failure(digits)?.kind == .media)
        #expect(desk.failure(digits)?.text.contains("via info") == true)
        #expect(desk.softphone.model.calls.first?.codec == "PCMA")
    }

    @Test("What the audio thread counts is what paths and rows say, also after the end")
    func counters() throws {
        var desk = try Desk()
        try desk.type("call bob as c1")
        try desk.answer(.invite, 200, try answer(to: desk.requests(.invite).last))
        let media = try #require(desk.opened.last)
        var counters = MediaCounters()
        counters.sent = 50
        counters.received = 40
        counters.lost = 10
        desk.give(.media(.counters(media, counters)))
        #expect(desk.value("call.c1.rtp.sent") == .integer(50))
        #expect(desk.value("call.c1.rtp.received") == .integer(40))
        #expect(desk.value("call.c1.rtp.loss") == .number(0.2))
        desk.give(.media(.digit(media, "5")))
        #expect(desk.happenings.last?["digit"] == .text("5"))
        counters.received = 45
        desk.isAudioPrompt = false
        try desk.type("hangup c1")
        try desk.answer(.bye, 200)
        desk.give(.media(.closed(media, counters)))
        #expect(desk.value("call.c1.rtp.received") == .integer(45))
        #expect(desk.value("call.c1.digits") == .text("5"))
        #expect(desk.value("call.c1.state") == .text("ended"))
    }
}
