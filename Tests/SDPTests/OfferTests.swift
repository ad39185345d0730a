import SDP
import SansIO
import Testing

@Suite("Offers (RFC 3264 §5, §8)")
struct OfferTests {
    @Test("A first offer is a whole description with an rtpmap for every number (SDP-404, SDP-410, DTM-435)")
    func first() {
        let offer = SessionDescription.offer(at: here, sessionID: .max, version: 3)
        #expect(
            offer.textLines == [
                "v=0", "o=- 9223372036854775807 3 IN IP4 198.51.100.7", "s=-", "c=IN IP4 198.51.100.7", "t=0 0",
                "m=audio 40000 RTP/AVP 0 8 101", "a=rtpmap:0 PCMU/8000", "a=rtpmap:8 PCMA/8000",
                "a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-15", "a=ptime:20", "a=sendrecv",
            ])
    }

    @Test("An offer with an IPv6 address says so (RFC 8866 §5.7)")
    func ipv6() {
        let offer = SessionDescription.offer(
            at: SocketAddress(.v6(0x2001_0db8_0000_0000, 1), port: 4_000), sessionID: 1)
        #expect(offer.text.contains("c=IN IP6 2001:db8::1\r\n"))
    }

    @Test("A changed offer keeps o= but for version + 1; an unchanged one keeps the version (SDP-413, §8)")
    func versions() {
        let first = SessionDescription.offer(at: here, sessionID: 5, version: 9)
        let held = first.nextOffer(at: here, direction: .sendOnly)
        #expect(held.origin == first.origin.next)
        #expect(held.media[0].ownDirection == .sendOnly)
        #expect(held.nextOffer(at: here, direction: .sendOnly) == held)
        #expect(held.nextOffer(at: here).origin.version == "11")
    }

    @Test("A new offer keeps every section in place, refused ones with port 0 (SDP-412, SDP-410, §8)")
    func places() throws {
        let agreed = try SessionDescription.answer(
            to: try Text.description(
                "m=video 5000 RTP/AVP 99", "a=rtpmap:99 H264/90000", "m=audio 4000 RTP/AVP 8 96",
                "a=rtpmap:96 telephone-event/8000"),
            at: here, sessionID: 1)
        let next = agreed.nextOffer(at: SocketAddress(here.ip, port: 40_002))
        #expect(next.media.map(\.kind) == ["video", "audio"])
        #expect(next.media.map(\.port) == [0, 40_002])
        #expect(next.media[1].telephoneEvent == 96)
        // Where there was no audio it is added at the end.
        let video = try Text.description("m=video 0 RTP/AVP 31", "m=message 0 TCP/MSRP *")
        let added = video.nextOffer(at: here)
        #expect(added.media.map(\.kind) == ["video", "message", "audio"])
        #expect(added.media.map(\.port) == [0, 0, 40_000])
    }
}
