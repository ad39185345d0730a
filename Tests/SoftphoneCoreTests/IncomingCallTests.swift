import DialogUsage
import SDP
import SIPMessage
import SansIO
import SoftphoneCore
import Testing

@Suite("Calls from outside")
struct IncomingCallTests {
    private func ringing() throws -> Desk {
        var desk = try Desk()
        try desk.send(.invite, to: "alice", [.contentType: "application/sdp"], body: description().serialised())
        return desk
    }

    @Test("The phone rings by itself, and says who calls (H-113)")
    func rings() throws {
        let desk = try ringing()
        #expect(desk.responses(180).count == 1)
        #expect(desk.happenings.first?.name == "call.incoming")
        #expect(desk.happenings.first?["from"] == .text("sip:bob@192.0.2.1"))
        #expect(desk.happenings.first?["display"] == .text("Bob"))
        #expect(desk.softphone.model.calls.first?.peer == "Bob <sip:bob@192.0.2.1>")
        #expect(desk.softphone.model.calls.first?.state == .incoming)
    }

    @Test("An answer opens the port, then sends the answer to the offer, and is done with the ACK (RFC 3261 §13.3.1.4)")
    func answered() throws {
        var desk = try ringing()
        desk.isAudioPrompt = false
        let answer = try desk.type("answer as c1")
        #expect(desk.responses(200).isEmpty)
        desk.letAudioAnswer()
        let ok = try #require(desk.responses(200).last)
        #expect(try SessionDescription(parsing: Array(ok.body)).media.first?.port == 40_002)
        #expect(desk.result(answer) == nil)
        try desk.follow(.ack)
        #expect(desk.success(answer) != nil)
        #expect(desk.value("call.c1.state") == .text("connected"))
    }

    @Test("The peer's hold is answered at once, told, and ends with its resume (RFC 6337 §5.3)")
    func heldByPeer() throws {
        var desk = try ringing()
        try desk.type("answer as c1")
        try desk.follow(.ack)
        try desk.follow(.invite, [.contentType: "application/sdp"], body: description(.sendOnly).serialised())
        let ok = try #require(desk.responses(200).last)
        let answer = try SessionDescription(parsing: Array(ok.body))
        #expect(answer.media.first.map { answer.direction(of: $0) } == .receiveOnly)
        #expect(desk.happenings.last?.name == "call.held")
        #expect(desk.happenings.last?["by"] == .text("peer"))
        #expect(desk.softphone.model.calls.first?.isHeldByPeer == true)
    }

    @Test("The peer hangs up: BYE is answered, the call is over, its port closed once")
    func hungUpByPeer() throws {
        var desk = try ringing()
        try desk.type("answer as c1")
        try desk.follow(.ack)
        try desk.follow(.bye)
        #expect(desk.responses(200).last?.method == .bye)
        #expect(desk.happenings.last?.name == "call.ended")
        #expect(desk.happenings.last?["by"] == .text("peer"))
        #expect(desk.isAudioSettled)
    }

    @Test(
        "The caller gives up while the port is being opened: no 2xx is sent, the answer command fails, the port is closed"
    )
    func cancelledWhileAnswering() throws {
        var desk = try ringing()
        desk.isAudioPrompt = false
        let answer = try desk.type("answer")
        try desk.follow(.cancel)
        desk.letAudioAnswer()
        #expect(desk.responses(487).count == 1)
        #expect(desk.responses(200).filter { $0.method == .invite }.isEmpty)
        #expect(desk.failure(answer)?.kind == .notNow)
        desk.run(for: .seconds(40))
        #expect(desk.isAudioSettled)
        #expect(desk.answeredTwice.isEmpty)
    }

    @Test("A call is missed when its caller gives up before anybody has answered it; not when it was refused or taken")
    func missed() throws {
        var desk = try ringing()
        try desk.follow(.cancel)
        desk.run(for: .seconds(40))
        #expect(desk.softphone.model.calls.last?.isMissed == true)
        #expect(desk.softphone.model.calls.last?.ending == "the caller gave up")
        desk = try ringing()
        try desk.type("reject")
        desk.run(for: .seconds(40))
        #expect(desk.softphone.model.calls.last.map { [$0.state == .ended, $0.isMissed] } == [true, false])
        #expect(desk.softphone.model.calls.last?.ending?.hasPrefix("we declined") == true)
        desk = try ringing()
        try desk.type("answer")
        try desk.follow(.ack)
        try desk.follow(.bye)
        #expect(desk.softphone.model.calls.last?.isMissed == false)
    }

    @Test("No port: the answer command fails and the call goes on ringing")
    func noPort() throws {
        var desk = try ringing()
        desk.hasAudio = false
        let answer = try desk.type("answer")
        #expect(desk.failure(answer)?.kind == .media)
        #expect(desk.softphone.model.calls.first?.state == .incoming)
        desk.hasAudio = true
        let again = try desk.type("answer")
        try desk.follow(.ack)
        #expect(desk.success(again) != nil)
    }

    @Test("A call for somebody who is not one of our accounts is answered 404 (RFC 3261 §8.2.2.1)")
    func notForUs() throws {
        var desk = try Desk()
        try desk.send(.invite, to: "mallory", [.contentType: "application/sdp"], body: description().serialised())
        #expect(desk.responses(404).count == 1)
        #expect(desk.responses(180).isEmpty)
        #expect(desk.names(of: "call.incoming").isEmpty)
    }

    @Test("An offer without audio that we have is refused with 488 when it is answered (RFC 3261 §13.3.1.3)")
    func nothingInCommon() throws {
        var desk = try Desk()
        let text =
            "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 20000 RTP/AVP 18\r\n"
        try desk.send(.invite, to: "alice", [.contentType: "application/sdp"], body: Array(text.utf8))
        let answer = try desk.type("answer")
        #expect(desk.failure(answer)?.kind == .media)
        #expect(desk.responses(488).count == 1)
    }

    @Test("Rejecting says busy, or what the user wants")
    func reject() throws {
        var desk = try ringing()
        try desk.type("reject 603")
        #expect(desk.responses(603).count == 1)
    }
}
