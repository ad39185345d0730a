import SIPMessage
import SIPTransaction
import SansIO
import Testing

@Suite("Via, received and rport")
struct ViaTests {
    private func via(_ bench: Bench, _ index: Int = 0) throws -> Via { try bench.sent[index].message.topVia() }

    @Test(
        "A request has one Via: the real transport, our sent-by, rport without a value, a new branch (VIA-052, VIA-054)"
    )
    func ofRequest() throws {
        var bench = Bench()
        _ = bench.send(.sample(.options, call: "one"))
        _ = bench.send(.sample(.options, call: "two"))
        for index in 0..<2 {
            let message = bench.sent[index].message
            #expect(try message.vias().count == 1)
            let via = try via(bench, index)
            #expect((via.transport, via.host, via.port) == ("UDP", "192.0.2.1", 5060))
            #expect(via.rport == (true, nil))
            #expect(via.branch?.hasPrefix(Via.magicCookie) == true)
            #expect(try message.maxForwards() == 70)
        }
        #expect(try via(bench, 0).branch != via(bench, 1).branch)
    }

    @Test("Over TCP and IPv6 the Via says so (RFC 3261 §18.1.1)")
    func otherWays() throws {
        var bench = Bench()
        let v6 = SocketAddress(.v6(0x2001_0DB8_0000_0000, 2), port: 5070)
        _ = bench.send(.sample(.options), to: Target(v6, .tcp))
        bench.connect(bench.connections[0].id)
        let via = try via(bench)
        #expect((via.transport, via.host, via.port) == ("TCP", "2001:db8::1", 5060))
        #expect(bench.sent[0].message.value(.via)?.contains("[2001:db8::1]:5060") == true)
    }

    @Test("Ten thousand branches are all different, and so after a restart (VIA-053, RFC 3261 §8.1.1.7)")
    func branches() throws {
        var seen: Set<String> = []
        for seed in [1, 2] as [UInt64] {
            var bench = Bench(seed: seed)
            for _ in 0..<5000 {
                let id = bench.send()
                bench.stack.abandon(id)
            }
            for sent in bench.sent { seen.insert(try #require(try sent.message.topVia().branch)) }
        }
        #expect(seen.count == 10_000)
    }

    @Test("CANCEL and ACK to a refusal carry the INVITE's Via; ACK to a 2xx a new one (VIA-063, VIA-064)")
    func ofCancelAndAck() throws {
        var bench = Bench()
        let id = bench.send(.sample(.invite))
        bench.answer(0, 180)
        _ = bench.cancel(id)
        bench.answer(0, 487)
        let invite = bench.sent[0].message
        #expect(bench.sent.map(\.message.method) == [.invite, .cancel, .ack])
        for sent in bench.sent { #expect(sent.message.values(.via) == invite.values(.via)) }
        bench.sendAck(.sample(.ack))
        #expect(try via(bench, 3).branch != via(bench, 0).branch)
    }

    @Test("rport and received are filled in, even when equal to sent-by (VIA-055, VIA-058, RFC 3581 §4)")
    func symmetric() throws {
        var bench = Bench()
        bench.datagram(request("OPTIONS"), from: SocketAddress(Bench.peer.ip, port: 40_001))
        bench.respond(200)
        let via = try via(bench)
        #expect(via.rport == (true, 40_001))
        #expect(via.received == "192.0.2.2")
        #expect(bench.sent[0].remote == SocketAddress(Bench.peer.ip, port: 40_001))
    }

    @Test(
        "Without rport the answer goes to the source address and the sent-by port (VIA-056, TRN-044, RFC 3261 §18.2.2)")
    func asymmetric() throws {
        var bench = Bench()
        bench.datagram(request("OPTIONS", via: "SIP/2.0/UDP 192.0.2.2:5077;branch=z9hG4bKone"), from: Bench.stranger)
        bench.datagram(request("OPTIONS", via: "SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKtwo"), from: Bench.stranger)
        bench.respond(200, to: 0)
        bench.respond(200, to: 1)
        #expect(bench.sent.map(\.remote.port) == [5077, 5060])
        #expect(bench.sent.allSatisfy { $0.remote.ip == Bench.stranger.ip })
        #expect(try !via(bench).rport.present)
    }

    @Test(
        "received names the source where sent-by does not (VIA-057, RFC 3261 §18.2.1)",
        arguments: [("host.example.com", "192.0.2.2"), ("192.0.2.77", "192.0.2.2"), ("192.0.2.2", nil)])
    func received(host: String, expected: String?) throws {
        var bench = Bench()
        bench.datagram(request("OPTIONS", via: "SIP/2.0/UDP \(host):5060;branch=z9hG4bKone"))
        bench.respond(200)
        #expect(try via(bench).received == expected)
    }

    @Test("An IPv6 address stands in received without brackets (SYN-028, RFC 5118 §4.5)")
    func receivedIPv6() throws {
        var bench = Bench()
        let remote = SocketAddress(.v6(0x2001_0DB8_0000_0000, 9), port: 5070)
        bench.datagram(request("OPTIONS", via: "SIP/2.0/UDP host.example.com;branch=z9hG4bKone;rport"), from: remote)
        bench.respond(200)
        #expect(bench.sent[0].message.value(.via)?.contains(";received=2001:db8::9") == true)
        #expect(try via(bench).received == "2001:db8::9")
        #expect(bench.sent[0].remote == remote)
    }

    @Test("A forged received or rport moves nothing: the answer goes where the request came from (H-048, H-050)")
    func forged() throws {
        var bench = Bench()
        let via = "SIP/2.0/UDP 192.0.2.2:5060;received=203.0.113.9;rport=9;maddr=224.0.0.1;branch=z9hG4bKone"
        bench.datagram(request("OPTIONS", via: via), from: Bench.stranger)
        bench.respond(200)
        #expect(bench.sent[0].remote == Bench.stranger)
        let answer = try self.via(bench)
        #expect(answer.received == "198.51.100.1")
        #expect(answer.rport == (true, 40_000))
    }

    @Test(
        "A Via that names ourselves, loopback, broadcast or multicast: the answer goes to the source (H-050, H-051)",
        arguments: ["192.0.2.1:5060", "127.0.0.1", "255.255.255.255:5060", "224.0.1.75", "[ff02::1]:5060", "localhost"])
    func ownSentBy(sentBy: String) {
        var bench = Bench()
        bench.datagram(request("OPTIONS", via: "SIP/2.0/UDP \(sentBy);branch=z9hG4bKone"), from: Bench.stranger)
        bench.respond(200)
        #expect(bench.sent.map(\.remote.ip) == [Bench.stranger.ip])
        #expect(bench.questions.isEmpty)
    }

    @Test("An answer of ours that comes back to ourselves goes no further (H-051)")
    func selfTalk() {
        var bench = Bench()
        bench.datagram(
            request("OPTIONS", via: "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKone;rport"), from: Bench.us)
        bench.respond(200)
        #expect(bench.sent.map(\.remote) == [Bench.us])
        bench.datagram(bench.sent[0].message.bytes, from: Bench.us)
        bench.pass(60_000)
        #expect(bench.sent.count == 1)
        #expect(bench.answered.isEmpty)
        #expect(bench.stack.census.isEmpty)
    }

    @Test("Where the configuration says so, maddr is answered at the port of sent-by (TRN-045, RFC 3261 §18.2.2)")
    func maddr() {
        let vias = [
            ("SIP/2.0/UDP 192.0.2.2:5077;maddr=203.0.113.9;branch=z9hG4bKone", "203.0.113.9:5077"),
            ("SIP/2.0/UDP 192.0.2.2;maddr=239.1.2.3;ttl=1;branch=z9hG4bKtwo", "239.1.2.3:5060"),
            ("SIP/2.0/UDP 192.0.2.2;maddr=host.example;branch=z9hG4bKthree", "192.0.2.2:5060"),
        ]
        for answersToMaddr in [true, false] {
            var bench = Bench(answersToMaddr: answersToMaddr)
            for (index, (via, _)) in vias.enumerated() {
                bench.datagram(request("OPTIONS", via: via))
                bench.respond(200, to: index)
            }
            let expected = answersToMaddr ? vias.map(\.1) : ["192.0.2.2:5077", "192.0.2.2:5060", "192.0.2.2:5060"]
            #expect(bench.sent.map { "\($0.remote)" } == expected)
        }
    }

    @Test("Every other Via is copied as it came, and in order (VIA-061, RFC 3261 §8.2.6.2)")
    func copied() throws {
        let more = "Via: SIP/2.0/TCP  proxy.example.com ;x=\"a,b\" ; branch=z9hG4bKp, SIP/2.0/UDP 10.0.0.1;ttl=1\r\n"
        let top = "SIP/2.0/UDP 192.0.2.2:5060 ;  branch=z9hG4bKone;X=\"q;r\";rport, SIP/2.0/UDP second.example.com;y"
        var bench = Bench()
        bench.datagram(request("OPTIONS", via: top, more: more))
        bench.respond(200)
        let answer = bench.sent[0].message
        #expect(try answer.vias().map(\.host) == ["192.0.2.2", "second.example.com", "proxy.example.com", "10.0.0.1"])
        #expect(
            answer.values(.via).last
                == "SIP/2.0/TCP  proxy.example.com ;x=\"a,b\" ; branch=z9hG4bKp, SIP/2.0/UDP 10.0.0.1;ttl=1")
        let via = try via(bench)
        #expect(via.branch == "z9hG4bKone")
        #expect(via.parameters["x"] == "q;r")
        #expect(via.rport == (true, 5060))
        #expect(via.received == "192.0.2.2")
    }

    @Test("The answer leaves from the address the request came to (VIA-058, RFC 3581 §4)")
    func localAddress() {
        var bench = Bench()
        let local = SocketAddress(.v4(0xC000_0299), port: 5999)
        bench.take(.datagram(Datagram(local: local, remote: Bench.peer, bytes: Array(request("OPTIONS").utf8))))
        let response = ResponseDraft(200, to: bench.received[0].message, toTag: "t")
        let outputs = bench.stack.respond(to: bench.received[0].id, with: response, at: bench.now)
        let locals = outputs.compactMap { output in
            if case .network(.transmit(let datagram)) = output { datagram.local } else { nil }
        }
        #expect(locals == [local])
    }

    @Test(
        "A response whose sent-by is not what we sent is discarded (TRN-040, RFC 3261 §18.1.2)",
        arguments: ["192.0.2.9:5060", "192.0.2.1:5061", "example.com:5060", "192.0.2.1:50600"])
    func foreignSentBy(sentBy: String) {
        var bench = Bench()
        let id = bench.send()
        bench.answer(0, 200) { draft in
            let via = draft.fields.first(.via) ?? ""
            draft.fields.set(.via, via.replacing("192.0.2.1:5060", with: sentBy))
        }
        #expect(bench.answered.isEmpty)
        #expect(bench.strays.isEmpty)
        bench.answer(0, 200)
        #expect(bench.answered.map(\.id) == [id])
    }

    @Test("A sent-by that only leaves out the default port is ours (RFC 3261 §18.1.1)")
    func defaultPort() {
        var bench = Bench()
        let id = bench.send()
        bench.answer(0, 200) { draft in
            let via = draft.fields.first(.via) ?? ""
            draft.fields.set(.via, via.replacing("192.0.2.1:5060", with: "192.0.2.1"))
        }
        #expect(bench.answered.map(\.id) == [id])
    }

    @Test("received and rport of a response move nothing (VIA-059, RFC 3581 §3)")
    func mapped() {
        var bench = Bench()
        let id = bench.send()
        bench.answer(0, 200) { draft in
            let via = draft.fields.first(.via) ?? ""
            draft.fields.set(.via, via.replacing(";rport", with: ";rport=9999;received=203.0.113.7"))
        }
        #expect(bench.answered.map(\.id) == [id])
        _ = bench.send()
        #expect(bench.sent.map(\.remote) == [Bench.peer, Bench.peer])
    }

    @Test("A response is accepted from another port of the peer, not from an address never asked (VIA-060, H-047)")
    func responseSource() {
        var bench = Bench()
        let id = bench.send()
        bench.answer(0, 200, from: Bench.stranger)
        #expect(bench.answered.isEmpty)
        bench.answer(0, 200, from: SocketAddress(Bench.peer.ip, port: 33_333))
        #expect(bench.answered.map(\.id) == [id])
    }
}
