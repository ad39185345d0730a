import SIPMessage
import SIPTransaction
import SansIO
import Testing

@Suite("Limits of the stack")
struct LimitsTests {
    private func via(_ index: Int) -> String { "SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bK\(index);rport" }
    private func limits(_ change: (inout StackLimits) -> Void) -> StackLimits {
        var limits = StackLimits()
        change(&limits)
        return limits
    }

    @Test("The defaults are those of the checklist (hardening §1)")
    func defaults() {
        let limits = StackLimits()
        #expect(limits.unansweredServerTransactions == 1024)
        #expect(limits.flows == 64)
        #expect(limits.addresses == 32)
        #expect(limits.incompleteMessage == .seconds(15))
        #expect(limits.resolution == .seconds(5))
        #expect(limits.datagramRequest == 1300)
    }

    @Test("Beyond 1,024 unanswered requests there is 503 with Retry-After, and no state for it (H-043, hardening §1)")
    func unanswered() {
        var bench = Bench()
        for index in 0..<1030 { bench.datagram(request("MESSAGE", via: via(index))) }
        #expect(bench.received.count == 1024)
        #expect(bench.statuses == Array(repeating: 503, count: 6))
        #expect(bench.sent.allSatisfy { $0.message.value(.retryAfter) == "5" })
        #expect(bench.stack.census.serverTransactions == 1024)
        bench.respond(200)
        bench.datagram(request("MESSAGE", via: via(2000)))
        #expect(bench.received.count == 1025)
    }

    @Test("What is known already is served beyond the limit: repetitions, ACK and CANCEL (H-043)")
    func knownStillServed() {
        var bench = Bench(limits: limits { $0.unansweredServerTransactions = 2 })
        bench.datagram(request("INVITE", via: via(0)))
        bench.datagram(request("INVITE", via: via(1)))
        bench.respond(180, to: 0)
        bench.datagram(request("INVITE", via: via(0)))
        bench.datagram(request("CANCEL", via: via(0)))
        #expect(bench.statuses == [180, 180, 200])
        #expect(bench.cancelled == [bench.received[0].id])
        bench.datagram(request("ACK", via: via(9)))
        #expect(bench.acknowledged.count == 1)
    }

    @Test("Beyond the limit of answered ones there is 503 too, until their timers end (H-043)")
    func answered() {
        var bench = Bench(limits: limits { $0.answeredServerTransactions = 3 })
        for index in 0..<3 {
            bench.datagram(request("MESSAGE", via: via(index)))
            bench.respond(200, to: index)
        }
        bench.datagram(request("MESSAGE", via: via(3)))
        #expect(bench.lastStatus == 503)
        bench.datagram(request("MESSAGE", via: via(0)))
        #expect(bench.lastStatus == 200)
        bench.pass(32_000)
        bench.datagram(request("MESSAGE", via: via(4)))
        #expect(bench.received.count == 4)
    }

    @Test("An answer to a flood is about as large as the request (H-046)")
    func noAmplification() {
        var bench = Bench(limits: limits { $0.unansweredServerTransactions = 0 })
        let text = request("OPTIONS")
        bench.datagram(text, from: Bench.stranger)
        #expect(bench.statuses == [503])
        #expect(bench.sent[0].message.bytes.count < text.utf8.count + 100)
        bench.pass(60_000)
        #expect(bench.statuses == [503])
    }

    private func accepting(_ count: UInt64) -> Bench {
        var bench = Bench()
        for serial in 0..<count {
            _ = bench.accept(2 * serial + 1, from: SocketAddress(Bench.peer.ip, port: UInt16(40_000 + serial)))
            bench.pass(1)
        }
        return bench
    }

    @Test("Connections that are only held make room for new ones, the oldest first (H-038, hardening §1)")
    func heldConnections() {
        var bench = accepting(64)
        bench.stream(tcpRequest("OPTIONS"), on: FlowID(serial: 1))
        bench.stream("OPTIONS sip:", on: FlowID(serial: 3))
        for serial in 64..<70 as Range<UInt64> {
            _ = bench.accept(2 * serial + 1, from: SocketAddress(Bench.peer.ip, port: UInt16(40_000 + serial)))
        }
        #expect(bench.stack.census.flows == 64)
        #expect(bench.closed == [5, 7, 9, 11, 13, 15].map { FlowID(serial: $0) })
        bench.stream(tcpRequest("MESSAGE", branch: "two"), on: FlowID(serial: 139))
        #expect(bench.received.count == 2, "who comes last is heard")
    }

    @Test("Of connections that all have been used the one that is silent longest makes room (H-038)")
    func usedConnections() {
        var bench = accepting(64)
        for serial in (0..<64 as Range<UInt64>).reversed() {
            bench.stream(tcpRequest("OPTIONS", branch: "\(serial)"), on: FlowID(serial: 2 * serial + 1))
            bench.pass(1)
        }
        _ = bench.accept(999, from: Bench.stranger)
        #expect(bench.closed == [FlowID(serial: 127)])
    }

    @Test("Where none can be missed a further connection is closed, and the others stay (H-038, hardening §1)")
    func connections() {
        var bench = accepting(64)
        for serial in 0..<64 as Range<UInt64> { bench.stream("OPTIONS sip:", on: FlowID(serial: 2 * serial + 1)) }
        _ = bench.accept(997, from: Bench.stranger)
        #expect(bench.closed == [FlowID(serial: 997)])
        #expect(bench.stack.census.flows == 64)
        bench.take(.closed(FlowID(serial: 1), .closedByPeer))
        _ = bench.accept(999)
        #expect(bench.stack.census.flows == 64)
    }

    @Test("A peer that reads nothing is left when too much waits for it (H-042)")
    func queue() {
        var bench = Bench(limits: limits { $0.queuedOctets = 2000 })
        let flow = bench.accept()
        var ids: [ClientTransactionID] = []
        for index in 0..<5 { ids.append(bench.send(.sample(.options, call: "\(index)"), to: Target(Bench.peer, .tcp))) }
        #expect(bench.closed.isEmpty)
        bench.take(.drained(flow))
        for index in 5..<20 where bench.closed.isEmpty {
            ids.append(bench.send(.sample(.options, call: "\(index)"), to: Target(Bench.peer, .tcp)))
        }
        #expect(bench.closed == [flow])
        #expect(bench.failed.map(\.id) == ids)
        #expect(bench.failed.allSatisfy { $0.failure == .closed })
        #expect(bench.stack.census.isEmpty)
        #expect(bench.stack.isFlushed)
    }

    @Test("A name that is not resolved in 5 s has no address, and its late answer does nothing (H-105)")
    func resolution() {
        var bench = Bench()
        let id = bench.send(.sample(.options), to: Target(host: "slow.example", port: nil, transport: nil))
        bench.pass(4999)
        #expect(bench.failed.isEmpty)
        bench.pass(1)
        #expect(bench.failed.map(\.id) == [id])
        #expect(bench.failed.map(\.failure) == [.noAddress])
        #expect(bench.stack.census.isEmpty)
        bench.take(.resolved(bench.questions[0].id, [Bench.peer.ip]))
        #expect(bench.sent.isEmpty)
    }

    @Test("Of one name 32 addresses are tried (hardening §1)")
    func addresses() {
        var bench = Bench()
        _ = bench.send(.sample(.options), to: Target(host: "many.example", port: nil, transport: .tcp))
        bench.take(.resolved(bench.questions[0].id, (1...100).map { .v4(0x0A00_0000 + $0) }))
        for index in 0..<32 { bench.take(.closed(bench.connections[index].id, .refused)) }
        #expect(bench.connections.count == 32)
        #expect(bench.failed.map(\.failure) == [.unreachable])
    }

    @Test(
        "Nothing is sent to an address that is no single host (H-019)",
        arguments: ["0.0.0.0", "255.255.255.255", "224.0.0.1", "239.255.255.250", "::", "ff02::1"])
    func noHost(host: String) {
        var bench = Bench()
        _ = bench.send(.sample(.options), to: Target(host: host, port: nil, transport: nil))
        bench.sendOnce(.sample(.options), to: Target(host: host, port: nil, transport: nil))
        #expect(bench.sent.isEmpty)
        #expect(bench.failed.map(\.failure) == [.noAddress])
        #expect(bench.stack.census.isEmpty)
    }

    @Test("A connection that never stands fails what waits for it after 64·T1")
    func connecting() {
        var bench = Bench()
        let id = bench.send(.sample(.options), to: Target(Bench.peer, .tcp))
        bench.pass(31_999)
        #expect(bench.failed.isEmpty)
        bench.pass(1)
        #expect(bench.failed.map(\.id) == [id])
        #expect(bench.failed.map(\.failure) == [.timedOut])
    }

    @Test("One copy outside any transaction is never resolved for, waited for or repeated")
    func once() {
        var bench = Bench()
        bench.sendOnce(.sample(.bye), to: Target(host: "sip.example.com", port: nil, transport: nil))
        #expect(bench.sent.isEmpty)
        bench.sendOnce(.sample(.bye), to: Target(Bench.peer))
        #expect(bench.sent.count == 1)
        #expect(bench.stack.census.isEmpty)
        let flow = bench.accept()
        bench.sendOnce(.sample(.message, body: 1400), to: Target(Bench.peer))
        #expect(bench.sent.last?.flow == flow)
        bench.sendOnce(.sample(.message, body: 1400), to: Target(Bench.other))
        #expect(bench.sent.last?.flow == nil)
        #expect(bench.questions.isEmpty)
    }
}
