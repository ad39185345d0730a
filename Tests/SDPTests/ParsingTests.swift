import SDP
import SansIO
import Testing

@Suite("Session descriptions (RFC 8866)")
struct ParsingTests {
    @Test("What is read is written back octet for octet, unused lines and attributes included (SDP-419, §5)")
    func roundTrip() throws {
        let bytes = Text.bytes(
            "v=0", "o=jdoe 3724394400 3724394405 IN IP4 198.51.100.1", "s=Call to John Smith", "i=SDP Offer #1",
            "u=http://www.jdoe.example.com/home.html", "e=Jane Doe <jane@jdoe.example.com>", "p=+1 617 555-6011",
            "c=IN IP4 198.51.100.1", "b=X-YZ:128", "t=0 0", "r=7d 1h 0 25h", "z=0 -1h", "k=clear:x", "a=x-session:1",
            "m=audio 49170/2 RTP/AVP 0 96", "i=sound", "b=AS:64", "a=rtpmap:96 opus/48000/2", "a=x-unknown",
            "m=video 0 UDP/TLS/RTP/SAVPF 99", "c=IN IP6 2001:db8::2", "a=rtpmap:99 h263-1998/90000")
        let description = try SessionDescription(parsing: bytes)
        #expect(description.serialised() == bytes)
        #expect(description.media.map(\.portCount) == [2, nil])
        #expect(description.media[0].rtpMaps == [RTPMap(payload: 96, encoding: "opus", clockRate: 48_000, channels: 2)])
    }

    @Test("Lines may end in LF alone, and text need not be UTF-8 (§5)")
    func bareLineFeeds() throws {
        let bytes = Array("v=0\no=- 1 1 IN IP4 192.0.2.1\ns=caf".utf8) + [0xE9, 10] + Array("t=0 0\n".utf8)
        let description = try SessionDescription(parsing: bytes)
        #expect(Array(description.lines[0].value) == Array("caf".utf8) + [0xE9])
    }

    @Test("Session id and version of 40 digits are kept and compared exactly (H-009, RFC 3264 §5)")
    func longOrigin() throws {
        let digits = "1234567890123456789012345678901234567899"
        let read = try SessionDescription(
            parsing: Text.bytes("v=0", "o=- \(digits) \(digits) IN IP4 192.0.2.1", "s=-", "t=0 0"))
        #expect(read.origin.sessionID == digits)
        #expect(read.origin.next.version == "1234567890123456789012345678901234567900")
        #expect(read.origin != read.origin.next)
    }

    @Test(
        "A malformed description is refused with its line, never with a trap (H-008, H-095)",
        arguments: [
            ("m=audio 1 RTP/AVP 0", 1), ("v=1", 1), ("v=0", 2), ("v=0|o=-", 2), ("v=0|o=- x 1 IN IP4 192.0.2.1", 2),
            ("v=0|o=- -1 1 IN IP4 192.0.2.1", 2), ("OK|m=audio 65536 RTP/AVP 0", 6), ("OK|m=audio -1 RTP/AVP 0", 6),
            ("OK|m=audio 49170/4294967295 RTP/AVP 0", 6), ("OK|m=audio 49170/0 RTP/AVP 0", 6),
            ("OK|m=audio 49170/2/2 RTP/AVP 0", 6), ("OK|m=audio 49170 RTP/AVP", 6), ("OK|m=", 6), ("OK|a", 6),
            ("OK|a=", 6), ("OK|=", 6), ("OK|x=1", 6), ("OK||a=b", 6), ("OK|a=:", 6), ("OK|v=0", 6),
            ("OK|m=audio 1 RTP/AVP 0|s=late", 7), ("OK|c=IN IP4", 6), ("OK|c=IN IP4 192.0.2.300", 6),
            ("OK|c=IN IP4 2001:db8::1", 6), ("OK|c=IN IP6 192.0.2.1", 6), ("OK|c=IN IP4 224.2.1.1/127/65536", 6),
            ("OK|c=IN IP4 192.0.2.1/127", 6), ("OK|c=IN IP4 a b", 6),
        ])
    func malformed(text: String, line: Int) {
        let whole = text.replacing("OK", with: "v=0|o=- 1 1 IN IP4 192.0.2.1|s=-|c=IN IP4 192.0.2.1|t=0 0")
        let bytes = Array(
            (whole.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\r\n") + "\r\n").utf8)
        let error = #expect(throws: SDPError.self) { try SessionDescription(parsing: bytes) }
        #expect(error?.fault == .malformed)
        #expect(error?.line == line)
        #expect(error?.suggestedStatus == 400)
    }

    @Test("A section in use needs a c= from somewhere; a refused one does not (§5.7, H-095)")
    func connectionNeeded() {
        #expect(throws: SDPError.self) { try Text.description("m=audio 4000 RTP/AVP 0", session: "i=-") }
        #expect(throws: Never.self) { try Text.description("m=audio 0 RTP/AVP 0", session: "i=-") }
    }

    @Test("Each limit is met exactly at its number (H-095, hardening section 1)")
    func limits() throws {
        let formats = { (count: Int) in "m=audio 4000 RTP/AVP" + String(repeating: " 0", count: count) }
        let attributes = { (count: Int) in
            "m=audio 4000 RTP/AVP 0\r\n" + Array(repeating: "a=x", count: count).joined(separator: "\r\n")
        }
        let sections = { (count: Int) in Array(repeating: "m=audio 0 X 0", count: count).joined(separator: "\r\n") }
        let lines = { (count: Int) in Array(repeating: "b=X:1", count: count - 5).joined(separator: "\r\n") }
        let long = { (count: Int) in "i=" + String(repeating: "x", count: count - 2) }
        let host = { (count: Int) in "c=IN IP4 " + String(repeating: "x", count: count) }
        let cases: [(make: (Int) -> String, limit: Int)] = [
            (formats, SDPLimits.formats), (attributes, SDPLimits.attributes), (sections, SDPLimits.mediaSections),
            (lines, SDPLimits.lines), (long, SDPLimits.lineBytes), (host, SDPLimits.addressBytes),
        ]
        for each in cases {
            #expect(throws: Never.self) { try Text.description(each.make(each.limit)) }
            let error = #expect(throws: SDPError.self) { try Text.description(each.make(each.limit + 1)) }
            #expect([.tooLarge, .malformed].contains(error?.fault))
        }
        #expect(throws: SDPError(.tooLarge, "longer than 65535 octets")) {
            try SessionDescription(parsing: [UInt8](repeating: UInt8(ascii: "v"), count: 1 << 20))
        }
    }

    @Test(
        "Attributes that say nonsense are as good as absent (H-008, H-096)",
        arguments: [
            "rtpmap:128 PCMU/8000", "rtpmap:255 PCMU/8000", "rtpmap:65535 x/8000", "rtpmap:4294967296 PCMU/8000",
            "rtpmap:97 PCMU/0", "rtpmap:97 PCMU/8000/0", "rtpmap:97 PCMU/8000/255", "rtpmap:97", "rtpmap:", "rtpmap",
            "rtpmap:97 PCMU", "rtpmap:97 /8000", "fmtp:", "fmtp:x 1", "ptime:0", "ptime:-20", "ptime:1000000000",
            "ptime:20 20", "maxptime:99999999999999999999", "rtcp:0", "rtcp:65536", "rtcp:x",
        ])
    func nonsense(attribute: String) throws {
        let description = try Text.description("m=audio 4000 RTP/AVP 0 97", "a=\(attribute)")
        let section = description.media[0]
        #expect(section.rtpMaps.isEmpty)
        #expect(section.packetTime == nil && section.longestPacketTime == nil && section.rtcp == nil)
        #expect(section.parameters(ofPayload: 97) == nil)
        #expect(section.codecs.map(\.payload) == [0])
        #expect(description.text.contains("a=\(attribute)\r\n"))
    }

    @Test("Payload numbers above 127 are no RTP formats (H-008)")
    func highPayloads() throws {
        let section = try Text.description("m=audio 4000 RTP/AVP 128 255 65535 4294967296 8").media[0]
        #expect(section.payloads == [8])
    }

    @Test("Neither a prefix nor a changed octet of a sound description does harm (seeded)")
    func mutations() {
        var entropy = Entropy(seed: 8866)
        let sound = Text.bytes(
            "v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0", "m=audio 4000 RTP/AVP 0 8 101",
            "a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-15", "a=ptime:20", "a=sendrecv")
        var refused = 0
        for _ in 0..<3_000 {
            var bytes = Array(sound.prefix(sound.count - Int(entropy.next() % 8)))
            for _ in 0..<1 + entropy.next() % 4 {
                bytes[Int(entropy.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: entropy.next())
            }
            do throws(SDPError) {
                let read = try SessionDescription(parsing: bytes)
                let again = try SessionDescription(parsing: read.serialised())
                #expect(again == read)
                _ = try SessionDescription.answer(to: read, at: here, sessionID: 1)
            } catch { refused += 1 }
        }
        #expect(refused > 1_000 && refused < 3_000)
    }
}
