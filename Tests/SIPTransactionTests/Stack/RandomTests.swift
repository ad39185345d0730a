import SIPMessage
import SansIO
import Testing

@testable import SIPTransaction

/// Anything in any order: what must hold whatever happens.
@Suite("The stack under random input")
struct RandomTests {
    private struct Chaos {
        var bench: Bench
        var entropy: Entropy
        var sent: [ClientTransactionID] = []
        var cancels: [ClientTransactionID] = []
        var branch = 0
        var lastFlow: UInt64 = 1
        var accepted: [FlowID] = []

        mutating func below(_ limit: Int) -> Int { limit == 0 ? 0 : Int(entropy.next() % UInt64(limit)) }

        mutating func step() {
            switch below(12) {
            case 0, 1: send()
            case 2, 3: if !bench.sent.isEmpty { answer(below(bench.sent.count)) }
            case 4: receive()
            case 5: if !bench.received.isEmpty { respond(below(bench.received.count)) }
            case 6: if let id = sent.last, let cancel = bench.cancel(id) { cancels.append(cancel) }
            case 7: flowEvent()
            case 8: if !bench.sent.isEmpty { icmp(bench.sent[below(bench.sent.count)]) }
            case 9: noise()
            case 10:
                if !bench.questions.isEmpty {
                    let question = bench.questions[below(bench.questions.count)].id
                    bench.take(.resolved(question, Array([Bench.peer.ip, Bench.other.ip].prefix(below(3)))))
                }
            default: bench.pass(Int64([0, 1, 200, 600, 5000][below(5)]))
            }
        }
        private mutating func send() {
            let method: Method = below(2) == 0 ? .invite : .options
            let targets = [
                Target(Bench.peer), Target(Bench.other), Target(Bench.peer, .tcp),
                Target(host: "sip.example.com", port: nil, transport: nil),
            ]
            let draft = RequestDraft.sample(method, call: "\(sent.count)", body: below(6) == 0 ? 1400 : 0)
            sent.append(bench.send(draft, to: targets[below(4)]))
        }
        private mutating func answer(_ index: Int) {
            let message = bench.sent[index].message
            guard message.isRequest, message.method != .ack else { return }
            let status = [100, 180, 200, 404, 487, 503][below(6)]
            let bytes = ResponseDraft(StatusCode(exactly: status) ?? 200, to: message, toTag: "t").serialised()
            if let flow = bench.sent[index].flow {
                bench.take(.received(flow, bytes))
            } else {
                bench.datagram(bytes, from: bench.sent[index].remote)
            }
        }
        private mutating func receive() {
            branch += below(2)
            let method = ["INVITE", "OPTIONS", "ACK", "CANCEL", "MESSAGE"][below(5)]
            if below(2) == 0 || accepted.isEmpty {
                bench.datagram(request(method, via: "SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bK\(branch);rport"))
            } else {
                bench.stream(tcpRequest(method, branch: "\(branch)"), on: accepted[below(accepted.count)])
            }
        }
        private mutating func respond(_ index: Int) {
            bench.respond(StatusCode(exactly: [100, 180, 200, 408, 486][below(5)]) ?? 200, to: index)
        }
        private mutating func flowEvent() {
            guard below(3) > 0, let connection = bench.connections.last else {
                lastFlow += 2
                accepted.append(
                    bench.accept(lastFlow, from: SocketAddress(Bench.peer.ip, port: UInt16(5059 + below(3)))))
                return
            }
            let id = below(4) == 0 ? accepted.last ?? connection.id : connection.id
            switch below(4) {
            case 0: bench.take(.closed(id, .refused))
            case 1: bench.take(.closed(id, .closedByPeer))
            case 2: bench.take(.drained(id))
            default: bench.connect(id)
            }
        }
        private mutating func icmp(_ sent: Bench.Sent) {
            bench.take(.unreachable(remote: sent.remote, payload: Array(sent.message.bytes.prefix(below(600)))))
        }
        /// Something that was or might be a message, with some octets changed.
        private mutating func noise() {
            var octets =
                bench.sent.isEmpty ? Array(request("OPTIONS").utf8) : bench.sent[below(bench.sent.count)].message.bytes
            for _ in 0...below(4) where !octets.isEmpty { octets[below(octets.count)] = UInt8(below(256)) }
            octets.removeLast(min(octets.count, below(30)))
            if below(2) == 0 || accepted.isEmpty {
                bench.datagram(octets)
            } else {
                bench.take(.received(accepted[below(accepted.count)], octets))
            }
        }

        /// Answers what still waits, and lets all timers run out.
        mutating func settle() {
            for index in bench.received.indices { bench.respond(486, to: index) }
            for connection in bench.connections { bench.take(.closed(connection.id, .refused)) }
            for id in accepted { bench.take(.drained(id)) }
            for index in bench.sent.indices where bench.sent[index].message.method == .invite {
                guard bench.sent[index].message.isRequest, bench.sent[index].flow == nil else { continue }
                bench.answer(index, 486, from: bench.sent[index].remote)
            }
            bench.pass(200_000)
            for connection in bench.connections { bench.take(.closed(connection.id, .refused)) }
            for id in accepted { bench.take(.closed(id, .closedByPeer)) }
            bench.pass(200_000)
        }
    }

    @Test(
        "Whatever happens, each request ends once, and in the end nothing is left (RFC 3261 §17, H-129)",
        arguments: 1...30 as ClosedRange<UInt64>)
    func chaos(seed: UInt64) {
        var chaos = Chaos(bench: Bench(seed: seed), entropy: Entropy(seed: seed))
        for _ in 0..<400 { chaos.step() }
        chaos.settle()
        let bench = chaos.bench
        let all = chaos.sent + chaos.cancels
        #expect(Set(bench.ended) == Set(all))
        #expect(bench.ended.count == all.count)
        for id in all {
            let finals = bench.answered.filter { $0.id == id && $0.message.status?.isFinal == true }
            let failures = bench.failed.filter { $0.id == id }
            #expect(failures.count <= 1)
            #expect(finals.isEmpty != failures.isEmpty)
        }
        #expect(bench.serverEnded.count >= bench.received.count)
        #expect(Set(bench.serverEnded.map(\.id)).count == bench.serverEnded.count)
        #expect(bench.stack.census.isEmpty)
        #expect(bench.stack.isFlushed)
        #expect(bench.stack.servers.unanswered == 0)
        #expect(bench.stack.clients.inFlight == 0)
        #expect(bench.stack.nextDeadline == nil)
    }
}
