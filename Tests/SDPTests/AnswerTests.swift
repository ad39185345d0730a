import SDP
import SansIO
import Testing

@Suite("Answers (RFC 3264 §6)")
struct AnswerTests {
    private func answer(
        _ offer: SessionDescription, direction: MediaDirection = .sendReceive
    ) throws -> SessionDescription {
        try SessionDescription.answer(to: offer, at: here, direction: direction, sessionID: 1)
    }

    @Test(
        "As many sections as offered, in order and of the same kind; others refused with port 0 (SDP-405, SDP-418, SDP-420)"
    )
    func sections() throws {
        let offer = try Text.description(
            "m=video 5000 RTP/AVP 31", "m=audio 4000 RTP/SAVP 0", "m=audio 4002/2 RTP/AVP 0 8", "m=chat 6000 TCP *",
            "m=audio 4004 RTP/AVP 0", "m=audio 0 RTP/AVP 0")
        let made = try answer(offer)
        #expect(made.media.map(\.kind) == offer.media.map(\.kind))
        #expect(made.media.map(\.transport) == offer.media.map(\.transport))
        #expect(made.media.map(\.port) == [0, 0, 40_000, 0, 0, 0])
        #expect(throws: Never.self) { try made.checkAnswers(offer) }
    }

    @Test("What we have no use for is passed over, and the rest answered (SDP-419, RFC 8866 §5)")
    func unused() throws {
        let offer = try SessionDescription(
            parsing: Text.bytes(
                "v=0", "o=jdoe 3724394400 3724394405 IN IP4 198.51.100.1", "s=Call", "i=Offer", "u=http://a.example",
                "e=jane@a.example", "p=+1 617 555-6011", "c=IN IP4 198.51.100.1", "b=X-YZ:128", "b=AS:64", "t=0 0",
                "r=7d 1h 0 25h", "z=2882844526 -1h 2898848070 0", "k=clear:secret", "a=x-session:1", "a=recvonly:x",
                "m=audio 49170 RTP/AVP 0", "i=sound", "b=TIAS:64000", "k=prompt", "a=x-unknown", "a=mid:1"))
        let made = try answer(offer)
        #expect(made.media.map(\.port) == [40_000])
        #expect(made.media[0].codecs.map(\.payload) == [0])
        #expect(made.media[0].ownDirection == .sendReceive)
        #expect(!made.text.contains("x-") && !made.text.contains("k=") && !made.text.contains("b="))
    }

    @Test("The answer repeats the t= lines of the offer (SDP-406)")
    func timing() throws {
        let bytes = Text.bytes(
            "v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=3034423619 3042462419",
            "m=audio 4000 RTP/AVP 0")
        let made = try answer(try SessionDescription(parsing: bytes))
        #expect(made.textLines.filter { $0.hasPrefix("t=") } == ["t=3034423619 3042462419"])
    }

    @Test(
        "Directions: what was offered, what we want, what is answered (SDP-407, §6.1)",
        arguments: [
            ("sendonly", .sendReceive, .receiveOnly), ("sendonly", .sendOnly, .inactive),
            ("recvonly", .sendReceive, .sendOnly), ("recvonly", .receiveOnly, .inactive),
            ("inactive", .sendReceive, .inactive), ("sendrecv", .sendReceive, .sendReceive),
            ("sendrecv", .sendOnly, .sendOnly), ("sendrecv", .inactive, .inactive),
            ("x-none", .receiveOnly, .receiveOnly),
        ] as [(String, MediaDirection, MediaDirection)])
    func directions(offered: String, wanted: MediaDirection, answered: MediaDirection) throws {
        let offer = try Text.description("m=audio 4000 RTP/AVP 0", "a=\(offered)")
        #expect(try answer(offer, direction: wanted).media[0].ownDirection == answered)
        let onSession = try Text.description("m=audio 4000 RTP/AVP 0", session: "c=IN IP4 192.0.2.1\r\na=\(offered)")
        #expect(try answer(onSession, direction: wanted).media[0].ownDirection == answered)
    }

    @Test(
        "A hold by a=sendonly, a=inactive or c=0.0.0.0 is recognised, and answered recvonly or inactive (RIV-253, §8.4)",
        arguments: [
            ("192.0.2.1", "sendonly", .receiveOnly), ("192.0.2.1", "inactive", .inactive),
            ("0.0.0.0", "sendrecv", .receiveOnly), ("0.0.0.0", "sendonly", .receiveOnly),
        ] as [(String, String, MediaDirection)])
    func hold(address: String, offered: String, answered: MediaDirection) throws {
        let offer = try Text.description(
            "m=audio 4000 RTP/AVP 0", "a=\(offered)", session: "c=IN IP4 \(address)")
        let made = try answer(offer)
        #expect(made.media[0].ownDirection == answered)
        #expect(NegotiatedAudio(local: made, remote: offer)?.isHeldByPeer == true)
    }

    @Test("Only common formats are answered, in the offer's order and with its numbers (SDP-408, SDP-409, SDP-410)")
    func formats() throws {
        let offer = try Text.description(
            "m=audio 4000 RTP/AVP 18 8 98 0 97", "a=rtpmap:98 iLBC/8000", "a=rtpmap:97 Telephone-Event/8000")
        let section = try answer(offer).media[0]
        #expect(section.formats == ["8", "0", "97"])
        #expect(section.telephoneEvent == 97)
        #expect(section.rtpMaps.map(\.payload) == [8, 0, 97])
    }

    @Test("An rtpmap may give a static number another meaning, and a codec another number (RFC 3551 §6)")
    func remapped() throws {
        let offer = try Text.description(
            "m=audio 4000 RTP/AVP 0 100", "a=rtpmap:0 G726-32/8000", "a=rtpmap:100 pcma/8000")
        #expect(try answer(offer).media[0].codecs.map(\.payload) == [100])
    }

    @Test(
        "Nothing in common is 488 (SDP-408, SDP-418, SDP-422, H-097)",
        arguments: [
            ("m=audio 4000 RTP/AVP 18", "c=IN IP4 192.0.2.1"), ("m=audio 0 RTP/AVP 0", "c=IN IP4 192.0.2.1"),
            ("m=video 4000 RTP/AVP 0", "c=IN IP4 192.0.2.1"), ("m=audio 4000 RTP/SAVP 0", "c=IN IP4 192.0.2.1"),
            ("m=audio 4000 RTP/AVP 0", "c=IN IP4 224.2.1.1/127/3"), ("m=audio 4000 RTP/AVP 0", "c=IN IP6 ff15::101/3"),
            ("m=audio 4000 RTP/AVP 0", "c=IN IP4 255.255.255.255"), ("m=audio 4000 RTP/AVP 0", "c=IN IP4 host.example"),
            ("m=audio 4000 RTP/AVP 0", "c=X Y z"),
        ])
    func nothingInCommon(media: String, connection: String) throws {
        let offer = try Text.description(media, session: connection)
        let error = #expect(throws: SDPError.self) { try answer(offer) }
        #expect(error?.fault == .nothingInCommon)
        #expect(error?.suggestedStatus == 488)
    }

    @Test("An answer that takes nothing has port 0 in every section")
    func rejecting() throws {
        let offer = try Text.description("m=video 5000 RTP/AVP 31", "m=audio 4000 RTP/AVP 0 8")
        let made = SessionDescription.rejectingAnswer(to: offer)
        #expect(made.media.map(\.port) == [0, 0])
        #expect(throws: Never.self) { try made.checkAnswers(offer) }
        #expect(try SessionDescription(parsing: made.serialised()) == made)
    }

    @Test("An answer with fewer, more or other sections is none (SDP-423, §6)")
    func notAnswers() throws {
        let offer = try Text.description("m=audio 4000 RTP/AVP 0", "m=video 0 RTP/AVP 31")
        for wrong in [
            try Text.description("m=audio 4000 RTP/AVP 0"),
            try Text.description("m=video 4000 RTP/AVP 31", "m=audio 4002 RTP/AVP 0"),
            try Text.description("m=audio 4000 RTP/AVP 0", "m=video 5000 RTP/AVP 31"),
            try Text.description("m=audio 4000 RTP/SAVP 0", "m=video 0 RTP/AVP 31"),
            try Text.description("m=audio 0 RTP/AVP 0", "m=video 0 RTP/AVP 31", "m=audio 0 RTP/AVP 0"),
        ] {
            #expect(throws: SDPError.self) { try wrong.checkAnswers(offer) }
        }
    }
}
