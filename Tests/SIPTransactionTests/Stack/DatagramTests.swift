import SIPMessage
import SIPTransaction
import SansIO
import Testing

@Suite("Messages in datagrams")
struct DatagramTests {
    @Test("Octets after the body of a datagram are dropped (TRN-033, RFC 3261 §18.3)")
    func longDatagram() {
        var bench = Bench()
        bench.datagram(request("MESSAGE", length: "2", body: "hello"))
        #expect(bench.received[0].message.bodyText == "he")
    }

    @Test("A datagram that ends too early: 400 to a request, silence to a response (TRN-034, RFC 3261 §18.3)")
    func shortDatagram() {
        var bench = Bench()
        bench.datagram(request("MESSAGE", length: "9", body: "hello"))
        #expect(bench.statuses == [400])
        #expect(bench.received.isEmpty)
        _ = bench.send()
        var answer = ResponseDraft(200, to: bench.sent[1].message, toTag: "t")
        answer.body = Array("hello".utf8)
        bench.datagram(Array(answer.serialised().dropLast()))
        #expect(bench.answered.isEmpty)
        #expect(bench.strays.isEmpty)
        #expect(bench.malformed.count == 2)
    }

    @Test("Without Content-Length the body is the rest of the datagram (TRN-035, RFC 3261 §18.3)")
    func noLength() {
        var bench = Bench()
        bench.datagram(request("MESSAGE", length: nil, body: "hello"))
        #expect(bench.received[0].message.bodyText == "hello")
    }

    @Test(
        "Empty datagrams, line ends, STUN and noise get no answer (TRN-048, RFC 5626 §4.4)",
        arguments: [
            [], [13, 10, 13, 10], [0, 0], [0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42], [255, 254, 253], Array("x".utf8),
        ])
    func noise(octets: [UInt8]) {
        var bench = Bench()
        bench.datagram(octets)
        #expect(bench.sent.isEmpty)
        #expect(bench.received.isEmpty)
        #expect(bench.stack.census.isEmpty)
        bench.datagram(request("OPTIONS"))
        #expect(bench.received.count == 1)
    }

    @Test("A malformed response is dropped, and the transaction goes on (RFC 3261 §7.3, H-007)")
    func malformedResponse() {
        var bench = Bench()
        let id = bench.send()
        bench.answer(0, 200) { $0.fields.remove(.from) }
        bench.answer(0, 200) { $0.fields.set(.cSeq, "x OPTIONS") }
        #expect(bench.answered.isEmpty)
        #expect(bench.malformed.count == 2)
        bench.answer(0, 200)
        #expect(bench.answered.map(\.id) == [id])
    }

    @Test("Another version is answered 505 (SYN-017, RFC 3261 §7.1, §21.5.6)")
    func otherVersion() {
        var bench = Bench()
        bench.datagram(request("OPTIONS").replacing("sip:alice@192.0.2.1 SIP/2.0", with: "sip:alice@192.0.2.1 SIP/3.0"))
        #expect(bench.statuses == [505])
        #expect(bench.received.isEmpty)
        #expect(bench.stack.census.isEmpty)
    }

    @Test(
        "A CSeq beyond 2^32-1: 400 to a request, silence to a response (SYN-018, H-004, RFC 3261 §8.1.1.5)",
        arguments: [
            ("2147483647", true), ("4294967295", true), ("4294967296", false), ("36893488147419103232", false),
        ])
    func sequenceNumbers(number: String, isGood: Bool) {
        var bench = Bench()
        bench.datagram(request("OPTIONS", cSeq: "\(number) OPTIONS"))
        #expect(bench.received.count == (isGood ? 1 : 0))
        #expect(bench.statuses == (isGood ? [] : [400]))
        let count = bench.sent.count
        let id = bench.send()
        bench.answer(count, 200) { $0.fields.set(.cSeq, "\(number) OPTIONS") }
        #expect(bench.answered.map(\.id) == (isGood ? [id] : []))
        #expect(bench.sent.count == count + 1)
    }

    @Test(
        "Without To, From, Call-ID or CSeq: 400; without Via, silence; a response is dropped (SYN-022, RFC 3261 §8.1.1)",
        arguments: ["Via", "To", "From", "Call-ID", "CSeq"])
    func mandatory(name: String) {
        var bench = Bench()
        let lines = request("OPTIONS").split(separator: "\r\n", omittingEmptySubsequences: false)
        bench.datagram(lines.filter { !$0.hasPrefix("\(name):") }.joined(separator: "\r\n"))
        #expect(bench.statuses == (name == "Via" ? [] : [400]))
        #expect(bench.received.isEmpty)
        #expect(bench.stack.census.isEmpty)
        _ = bench.send()
        let sent = bench.sent.count
        bench.answer(sent - 1, 200) { $0.fields.remove(FieldName(name)) }
        #expect(bench.answered.isEmpty)
        #expect(bench.malformed.count == 2)
    }

    @Test(
        "A method that nobody knows goes up as what it is, never as another one (SYN-014, SYN-015, RFC 3261 §7.1)",
        arguments: ["invite", "Invite", "INV%49TE", "!.*`'~+_-%"])
    func unknownMethod(method: String) {
        var bench = Bench()
        bench.datagram(request(method))
        #expect(bench.received.map(\.message.method) == [.other(method)])
        bench.pass(1000)
        #expect(bench.sent.isEmpty)
        bench.respond(501)
        #expect(bench.statuses == [501])
        #expect(bench.sent[0].message.value(.cSeq) == "1 \(method)")
    }

    @Test("A malformed request is answered 400, and leaves nothing behind (TRN-048, SYN-023)")
    func malformedRequest() {
        var bench = Bench()
        bench.datagram(request("OPTIONS", cSeq: "1 INVITE"))
        bench.datagram(request("OPTIONS", from: "<sip:bob@example.com"))
        #expect(bench.statuses == [400, 400])
        #expect(bench.malformed.count == 2)
        #expect(bench.stack.census.isEmpty)
    }

    @Test(
        "A challenge of a scheme that we do not know is no fault of the response (RFC 3261 §20.44)",
        arguments: ["NTLM realm=\"x\", targetname=\"y\"", "Negotiate YII=", "Basic realm=\"x\"", "AKAv1-MD5 a=b"])
    func otherScheme(challenge: String) {
        var bench = Bench()
        let id = bench.send()
        bench.answer(0, 401) { draft in
            draft.fields.append(.wwwAuthenticate, challenge)
            draft.fields.append(.wwwAuthenticate, "Digest realm=\"r\", nonce=\"n\"")
        }
        #expect(bench.answered.map(\.id) == [id])
    }
}
