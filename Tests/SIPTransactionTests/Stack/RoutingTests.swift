import SIPMessage
import SansIO
import Testing

@testable import SIPTransaction

@Suite("Names and addresses")
struct RoutingTests {
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
        #expect(bench.cancel(invite) == nil, "nothing has been heard of it")
        bench.answer(1, 180)
        bench.answer(1, 486)
        #expect(bench.cancel(invite) == nil)
    }

    @Test("An INVITE that nobody wants any more rings no longer than it is given (CTX-084, RFC 3261 §9.1)")
    func limited() {
        var bench = Bench()
        let invite = bench.send(.sample(.invite))
        bench.answer(0, 180)
        #expect(bench.stack.givesUp(invite) == nil)
        bench.stack.limit(invite, until: .zero + .seconds(32), at: bench.now)
        #expect(bench.stack.givesUp(invite) == .zero + .seconds(32))
        bench.pass(20_000)
        bench.stack.limit(invite, until: bench.now + .seconds(32), at: bench.now)
        bench.answer(0, 180)
        bench.pass(11_999)
        #expect(bench.failed.isEmpty)
        bench.pass(1)
        #expect(bench.failed.map(\.failure) == [.timedOut])
        #expect(bench.stack.census.isEmpty)
    }
}
