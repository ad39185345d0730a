import SDP
import SansIO
import Testing

@Suite("What offer and answer come to (RFC 3264 §6, §7, §8.4)")
struct NegotiatedAudioTests {
    @Test("Each side sends with the number that the other side gave (SDP-409, SDP-415)")
    func numbers() throws {
        let ours = SessionDescription.offer(at: here, sessionID: 1)
        let theirs = try Text.description(
            "m=audio 4000 RTP/AVP 98 99", "a=rtpmap:98 PCMA/8000", "a=rtpmap:99 telephone-event/8000",
            "a=fmtp:99 0-11,16")
        let audio = try #require(NegotiatedAudio(local: ours, remote: theirs))
        #expect(audio.codec == .pcma && audio.sendPayload == 98)
        #expect(audio.receivePayloads == [8: .pcma])
        #expect(audio.sendEventPayload == 99 && audio.receiveEventPayload == 101)
        #expect(audio.peerEvents.contains(11) && audio.peerEvents.contains(16) && !audio.peerEvents.contains(12))
        #expect(audio.remote == SocketAddress(.v4(0xC000_0201), port: 4_000))
        #expect(audio.remoteRTCP.port == 4_001)
    }

    @Test("Offerer and answerer of one exchange agree")
    func bothSides() throws {
        let offer = SessionDescription.offer(
            capabilities: AudioCapabilities(codecs: [.pcma, .pcmu], telephoneEvent: 96), at: here, direction: .sendOnly,
            sessionID: 1)
        let there = SocketAddress(.v4(0xC000_0209), port: 6_000)
        let answer = try SessionDescription.answer(to: offer, at: there, sessionID: 2)
        let caller = try #require(NegotiatedAudio(local: offer, remote: answer))
        let called = try #require(NegotiatedAudio(local: answer, remote: offer))
        #expect(caller.remote == there && called.remote == here)
        #expect(caller.codec == .pcma && called.codec == .pcma)
        #expect(caller.direction == .sendOnly && called.direction == .receiveOnly)
        #expect(called.isHeldByPeer && !caller.isHeldByPeer)
        #expect(called.sendEventPayload == 96 && called.receiveEventPayload == 96)
    }

    @Test("The c= of the section outranks that of the session; 0.0.0.0 means send nothing (SDP-417, §8.4)")
    func connections() throws {
        let offer = try Text.description("m=audio 4000 RTP/AVP 0", "c=IN IP4 192.0.2.9")
        let answer = try SessionDescription.answer(to: offer, at: here, sessionID: 1)
        #expect(NegotiatedAudio(local: answer, remote: offer)?.remote.ip == .v4(0xC000_0209))
        let hold = try Text.description("m=audio 4000 RTP/AVP 0", "c=IN IP4 0.0.0.0")
        let held = try SessionDescription.answer(to: hold, at: here, sessionID: 1)
        let audio = try #require(NegotiatedAudio(local: held, remote: hold))
        #expect(audio.direction == .receiveOnly && audio.isHeldByPeer)
    }

    @Test("RTCP goes where a=rtcp says (RFC 3605)")
    func rtcp() throws {
        let ours = SessionDescription.offer(at: here, sessionID: 1)
        let port = try Text.description("m=audio 4000 RTP/AVP 0", "a=rtcp:5555")
        #expect(NegotiatedAudio(local: ours, remote: port)?.remoteRTCP == SocketAddress(.v4(0xC000_0201), port: 5_555))
        let address = try Text.description("m=audio 65535 RTP/AVP 0", "a=rtcp:5555 IN IP4 192.0.2.77")
        #expect(NegotiatedAudio(local: ours, remote: address)?.remoteRTCP.ip == .v4(0xC000_024D))
        let last = try Text.description("m=audio 65535 RTP/AVP 0")
        #expect(NegotiatedAudio(local: ours, remote: last)?.remoteRTCP.port == 65_535)
    }

    @Test(
        "Packets are as long as the peer likes, in whole frames (SDP-421, RFC 8866 §6.4)",
        arguments: [
            (["a=ptime:40"], 40), (["a=ptime:30"], 20), (["a=ptime:10"], 20), (["a=ptime:200"], 60),
            (["a=ptime:60", "a=maxptime:40"], 40), (["a=ptime:0"], 20), (["a=ptime:1000000000"], 20), ([], 20),
            (["a=maxptime:10"], 20),
        ])
    func packetTimes(lines: [String], length: Int) throws {
        var remote = try Text.description("m=audio 4000 RTP/AVP 0")
        remote.media[0].lines = lines.map { SDPLine("a", String($0.dropFirst(2))) }
        let ours = SessionDescription.offer(at: here, sessionID: 1)
        #expect(NegotiatedAudio(local: ours, remote: remote)?.packetTime == length)
    }

    @Test("Without a common codec, or with port 0, there is no audio (SDP-416)")
    func none() throws {
        let ours = SessionDescription.offer(at: here, sessionID: 1)
        #expect(NegotiatedAudio(local: ours, remote: try Text.description("m=audio 4000 RTP/AVP 18")) == nil)
        #expect(NegotiatedAudio(local: ours, remote: SessionDescription.rejectingAnswer(to: ours)) == nil)
        #expect(
            NegotiatedAudio(local: ours, remote: try Text.description("m=audio 4000 RTP/AVP 0", "m=audio 0 RTP/AVP 0"))
                == nil)
    }
}
