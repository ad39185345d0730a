import SIPMessage
import SansIO
import Testing

@testable import SIPTransaction

@Suite("Which way a message takes")
struct TransportTests {
    // MARK: Size (§18.1.1)

    @Test("A request above 1300 octets goes over TCP, and its Via says so (TRN-038, RFC 3261 §18.1.1)")
    func large() throws {
        var bench = Bench()
        let contact = ContactTemplate(user: "alice", uriParameters: Parameters(), fieldParameters: Parameters())
        let id = bench.send(.sample(.message, body: 1400), contact: contact)
        #expect(bench.sent.isEmpty)
        #expect(bench.connections.map(\.remote) == [Bench.peer])
        bench.connect(bench.connections[0].id)
        #expect(bench.sent.map(\.flow) == [bench.connections[0].id])
        #expect(try bench.sent[0].message.topVia().transport == "TCP")
        #expect(bench.sent[0].message.value(.contact)?.contains("transport=tcp") == true)
        bench.answer(0, 200)
        #expect(bench.answered.map(\.id) == [id])
        #expect(bench.ended == [id])
    }

    @Test("1300 octets go over UDP, one more over TCP (RFC 3261 §18.1.1)")
    func border() {
        var bench = Bench()
        let empty = bench.send(.sample(.message, body: 100))
        bench.stack.abandon(empty)
        let room = 1300 - bench.sent[0].message.bytes.count + 100 - 1
        _ = bench.send(.sample(.message, body: room))
        #expect(bench.sent[1].message.bytes.count == 1300)
        #expect(bench.connections.isEmpty)
        _ = bench.send(.sample(.message, body: room + 1))
        #expect(bench.connections.count == 1)
    }

    @Test("Where TCP is refused a large request goes over UDP after all, with a new branch (TRN-038, RFC 3261 §18.1.1)")
    func fallBack() throws {
        var bench = Bench()
        let id = bench.send(.sample(.message, body: 1400))
        bench.take(.closed(bench.connections[0].id, .refused))
        #expect(bench.sent.map(\.flow) == [nil])
        #expect(try bench.sent[0].message.topVia().transport == "UDP")
        #expect(bench.failed.isEmpty)
        bench.answer(0, 200)
        #expect(bench.answered.map(\.id) == [id])
    }

    @Test("Where TCP was asked for there is no way back to UDP")
    func noFallBack() {
        var bench = Bench()
        let id = bench.send(.sample(.options), to: Target(Bench.peer, .tcp))
        bench.take(.closed(bench.connections[0].id, .refused))
        #expect(bench.failed.map(\.id) == [id])
        #expect(bench.failed.map(\.failure) == [.unreachable])
        #expect(bench.sent.isEmpty)
        #expect(bench.stack.census.isEmpty)
    }

    @Test("The answer to a request sent over TCP may come on a connection that the peer opens (TRN-039)")
    func answerOnNewConnection() {
        var bench = Bench()
        let id = bench.send(.sample(.options), to: Target(Bench.peer, .tcp))
        bench.connect(bench.connections[0].id)
        let flow = bench.accept(from: SocketAddress(Bench.peer.ip, port: 50_000))
        let answer = ResponseDraft(200, to: bench.sent[0].message, toTag: "t").serialised()
        bench.take(.received(flow, answer))
        #expect(bench.answered.map(\.id) == [id])
    }

    // MARK: Connections

    @Test("Requests to the same place share a connection, and no request is repeated on it (TRN-051, CTX-066)")
    func shared() {
        var bench = Bench()
        _ = bench.send(.sample(.options, call: "one"), to: Target(Bench.peer, .tcp))
        _ = bench.send(.sample(.options, call: "two"), to: Target(Bench.peer, .tcp))
        #expect(bench.connections.count == 1)
        bench.connect(bench.connections[0].id)
        _ = bench.send(.sample(.options, call: "three"), to: Target(Bench.peer, .tcp))
        #expect(bench.connections.count == 1)
        #expect(bench.sent.compactMap { try? $0.message.callID() } == ["one", "two", "three"])
        bench.pass(31_999)
        #expect(bench.sent.count == 3)
    }

    @Test("A connection that the peer opened serves our requests to its address")
    func reused() {
        var bench = Bench()
        let flow = bench.accept()
        _ = bench.send(.sample(.options), to: Target(Bench.peer, .tcp))
        #expect(bench.connections.isEmpty)
        #expect(bench.sent.map(\.flow) == [flow])
    }

    @Test(
        "A connection that breaks fails at once what waits on it, and nothing else (TRN-051, CTX-079, RFC 3261 §18.4)",
        arguments: [FlowFailure.broken("reset"), .closedByPeer])
    func broken(failure: FlowFailure) {
        var bench = Bench()
        let first = bench.send(.sample(.options, call: "one"), to: Target(Bench.peer, .tcp))
        let second = bench.send(.sample(.invite, call: "two"), to: Target(Bench.peer, .tcp))
        let elsewhere = bench.send(.sample(.options, call: "three"), to: Target(Bench.other, .tcp))
        let datagram = bench.send(.sample(.options, call: "four"))
        bench.connect(bench.connections[0].id)
        bench.connect(bench.connections[1].id)
        bench.pass(100)
        bench.take(.closed(bench.connections[0].id, failure))
        #expect(bench.failed.map(\.id) == [first, second])
        #expect(bench.failed.allSatisfy { $0.at == at(100) })
        #expect(bench.failed.allSatisfy { $0.failure == (failure == .closedByPeer ? .closed : .unreachable) })
        #expect(bench.stack.request(of: elsewhere) != nil)
        #expect(bench.stack.request(of: datagram) != nil)
        #expect(bench.stack.census.flows == 1)
    }

    @Test("An accepted INVITE outlives its connection (RFC 6026 §7.2)")
    func acceptedOutlives() {
        var bench = Bench()
        let id = bench.send(.sample(.invite), to: Target(Bench.peer, .tcp))
        bench.connect(bench.connections[0].id)
        bench.answer(0, 200)
        bench.take(.closed(bench.connections[0].id, .closedByPeer))
        #expect(bench.failed.isEmpty)
        bench.pass(32_000)
        #expect(bench.ended == [id])
    }

    @Test("A request over TCP is answered on its connection (TRN-042, RFC 3261 §18.2.2)")
    func answeredOnFlow() {
        var bench = Bench()
        let flow = bench.accept(from: Bench.stranger)
        bench.stream(tcpRequest("OPTIONS"), on: flow)
        bench.respond(200)
        #expect(bench.sent.map(\.flow) == [flow])
        #expect(bench.stack.census.serverTransactions == 0)
    }

    @Test(
        "If that connection is lost, on a new one to the source address and the sent-by port (TRN-043, RFC 3261 §18.2.2)"
    )
    func answeredOnNewFlow() {
        var bench = Bench()
        let flow = bench.accept(from: Bench.stranger)
        bench.stream(tcpRequest("OPTIONS"), on: flow)
        bench.take(.closed(flow, .closedByPeer))
        bench.respond(200)
        #expect(bench.connections.map(\.remote) == [SocketAddress(Bench.stranger.ip, port: 5060)])
        bench.connect(bench.connections[0].id)
        #expect(bench.statuses == [200])
    }

    @Test("A transport error leaves an INVITE server transaction where it is (STX-098, RFC 6026 §7.1)")
    func serverSurvives() {
        var bench = Bench()
        bench.datagram(request("INVITE"))
        bench.respond(486)
        bench.take(.unreachable(remote: Bench.peer, payload: bench.sent[0].message.bytes))
        bench.datagram(request("INVITE"))
        #expect(bench.received.count == 1)
        #expect(bench.statuses == [486, 486])
    }

    // MARK: ICMP

    @Test("ICMP fails the transaction that it names, at once, and no other (TRN-046, H-049)")
    func icmp() {
        var bench = Bench()
        let first = bench.send(.sample(.options, call: "one"))
        let second = bench.send(.sample(.options, call: "two"))
        let payload = bench.sent[1].message.bytes
        bench.take(.unreachable(remote: Bench.other, payload: payload))
        #expect(bench.failed.isEmpty)
        bench.take(.unreachable(remote: Bench.peer, payload: Array(payload.prefix(200))))
        #expect(bench.failed.map(\.id) == [second])
        #expect(bench.failed.map(\.failure) == [.unreachable])
        #expect(bench.stack.request(of: first) != nil)
    }

    @Test("ICMP for a CANCEL fails the CANCEL and not the INVITE, whose branch it shares (RFC 3261 §9.1)")
    func icmpForCancel() throws {
        var bench = Bench()
        let invite = bench.send(.sample(.invite))
        bench.answer(0, 180)
        let sent = bench.cancel(invite)
        let cancel = try #require(sent)
        bench.take(.unreachable(remote: Bench.peer, payload: bench.sent[1].message.bytes))
        #expect(bench.failed.map(\.id) == [cancel])
        #expect(bench.stack.request(of: invite) != nil)
    }

    @Test(
        "An ICMP payload that names nothing of ours does nothing (H-049)",
        arguments: [
            "", "branch=", "OPTIONS sip:x SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1", "branch=z9hG4bK\u{0}",
        ])
    func icmpNoise(payload: String) {
        var bench = Bench()
        _ = bench.send()
        bench.take(.unreachable(remote: Bench.peer, payload: Array(payload.utf8)))
        #expect(bench.failed.isEmpty)
    }

    // MARK: Names

    @Test("The addresses of a name are tried in order, each with a new branch (RFC 3263 §4.3)")
    func names() throws {
        var bench = Bench()
        let id = bench.send(.sample(.options), to: Target(host: "sip.example.com", port: 5070, transport: nil))
        #expect(bench.questions.map(\.host) == ["sip.example.com"])
        bench.take(.resolved(bench.questions[0].id, [Bench.peer.ip, Bench.other.ip]))
        #expect(bench.sent.map(\.remote) == [SocketAddress(Bench.peer.ip, port: 5070)])
        bench.take(.unreachable(remote: bench.sent[0].remote, payload: bench.sent[0].message.bytes))
        #expect(bench.sent.map(\.remote.ip) == [Bench.peer.ip, Bench.other.ip])
        #expect(try bench.sent[0].message.topVia().branch != bench.sent[1].message.topVia().branch)
        #expect(bench.failed.isEmpty)
        bench.answer(0, 200)
        #expect(bench.answered.isEmpty)
        bench.answer(1, 200, from: Bench.other)
        #expect(bench.answered.map(\.id) == [id])
        bench.pass(5000)
        #expect(bench.stack.census.isEmpty)
    }

    @Test("When the last address fails, so does the request")
    func exhausted() {
        var bench = Bench()
        let id = bench.send(.sample(.options), to: Target(host: "sip.example.com", port: nil, transport: .tcp))
        bench.take(.resolved(bench.questions[0].id, [Bench.peer.ip, Bench.other.ip]))
        bench.take(.closed(bench.connections[0].id, .refused))
        bench.take(.closed(bench.connections[1].id, .broken("no route")))
        #expect(bench.connections.map(\.remote.ip) == [Bench.peer.ip, Bench.other.ip])
        #expect(bench.failed.map(\.id) == [id])
        #expect(bench.ended == [id])
        #expect(bench.stack.census.isEmpty)
    }

    @Test("A name without an address fails at once")
    func noAddress() {
        var bench = Bench()
        _ = bench.send(.sample(.options), to: Target(host: "nowhere.example", port: nil, transport: nil))
        bench.take(.resolved(bench.questions[0].id, []))
        #expect(bench.failed.map(\.failure) == [.noAddress])
        #expect(bench.stack.census.isEmpty)
    }

    @Test("All copies, ACK and CANCEL go where the first copy went (CTX-081, RFC 3261 §9.1, §17.1.1.3)")
    func sameWay() {
        var bench = Bench()
        let id = bench.send(.sample(.invite), to: Target(host: "sip.example.com", port: nil, transport: nil))
        bench.take(.resolved(bench.questions[0].id, [Bench.peer.ip, Bench.other.ip]))
        bench.pass(500)
        bench.answer(0, 180)
        _ = bench.cancel(id)
        bench.answer(0, 487)
        #expect(bench.sent.map(\.message.method) == [.invite, .invite, .cancel, .ack])
        #expect(bench.sent.allSatisfy { $0.remote == Bench.peer })
    }

    @Test("ACK to a refusal and CANCEL carry what they must of the INVITE (CTX-070, CAN-141, RFC 3261 §17.1.1.3, §9.1)")
    func derived() throws {
        var bench = Bench()
        var invite = RequestDraft.sample(.invite, route: "<sip:proxy.example.com;lr>")
        invite.fields.append(.require, "100rel")
        invite.fields.append(.authorization, "Digest username=\"a\"")
        let id = bench.send(invite)
        bench.answer(0, 180)
        _ = bench.cancel(id)
        bench.answer(0, 487)
        let messages = bench.sent.map(\.message)
        for message in messages.dropFirst() {
            for name in [FieldName.via, .from, .callID, .route] {
                #expect(message.values(name) == messages[0].values(name))
            }
            #expect(message.requestURIText == messages[0].requestURIText)
            #expect(message.value(.require) == nil)
        }
        #expect(messages[1].value(.to) == messages[0].value(.to))
        #expect(messages[1].value(.cSeq) == "7 CANCEL")
        #expect(try messages[2].to().tag == "theirs")
        #expect(messages[2].value(.cSeq) == "7 ACK")
        #expect(messages[2].value(.authorization) == "Digest username=\"a\"")
    }

    @Test("There is nothing to cancel but an INVITE without its final answer (CAN-144, RFC 3261 §9.1)")
    func notCancellable() {
        var bench = Bench()
        let options = bench.send(.sample(.options))
        #expect(bench.cancel(options) == nil)
        let invite = bench.send(.sample(.invite))
        bench.answer(1, 486)
        #expect(bench.cancel(invite) == nil)
    }

    // MARK: Flushing (shutdown.md, section 2)

    @Test("The stack is flushed when nothing of ours is on its way")
    func flushed() {
        var bench = Bench()
        #expect(bench.stack.isFlushed)
        _ = bench.send()
        #expect(!bench.stack.isFlushed)
        bench.answer(0, 200)
        #expect(bench.stack.isFlushed)
        bench.datagram(request("INVITE"))
        bench.respond(486)
        #expect(!bench.stack.isFlushed)
        bench.datagram(request("ACK", to: "<sip:alice@example.com>;tag=ours", cSeq: "1 ACK"))
        #expect(bench.stack.isFlushed)
        let flow = bench.accept()
        bench.stream(tcpRequest("OPTIONS", branch: "two"), on: flow)
        bench.respond(200, to: 1)
        #expect(!bench.stack.isFlushed)
        bench.take(.drained(flow))
        #expect(bench.stack.isFlushed)
        bench.sendOnce(.sample(.options), to: Target(Bench.other, .tcp))
        #expect(!bench.stack.isFlushed)
        bench.take(.closed(bench.connections[0].id, .refused))
        #expect(bench.stack.isFlushed)
    }

    @Test("Closing drops everything and closes the connections in order")
    func close() {
        var bench = Bench()
        let accepted = bench.accept()
        _ = bench.send(.sample(.invite))
        _ = bench.send(.sample(.options), to: Target(Bench.other, .tcp))
        bench.datagram(request("INVITE"))
        bench.close()
        #expect(bench.closed == [accepted, bench.connections[0].id])
        #expect(bench.stack.census.isEmpty)
        #expect(bench.stack.isFlushed)
        #expect(bench.stack.nextDeadline == nil)
    }
}
