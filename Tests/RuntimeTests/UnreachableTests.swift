import Glibc
import Runtime
import SansIO
import Testing

extension StackThreadTests {
    /// A loopback port on which nobody listens.
    private func closedPort() throws -> SocketAddress {
        let gone = try Relay()
        defer { _ = gone.finish() }
        return gone.address
    }

    @Test("A refused datagram is told within 50 ms, with the beginning of what was sent (R7)")
    func icmpRefused() throws {
        let remote = try closedPort()
        let relay = try Relay()
        let before = MonotonicClock.now()
        relay.transmit("REGISTER sip:example.com SIP/2.0\r\n", to: remote)
        let told = relay.first(\.unreachable)
        #expect(MonotonicClock.now() - before < .milliseconds(50))
        #expect(told?.remote == remote)
        #expect(told?.payload == "REGISTER sip:example.com SIP/2.0\r\n")
        #expect(relay.finish())
    }

    @Test("Errors cost no datagram: with half the peers gone, all others get everything, and each refusal is told")
    func mixedRefusals() throws {
        let remote = try closedPort()
        let (server, client) = (try Relay(), try Relay())
        for number in 0..<100 {
            client.transmit("lost \(number)", to: remote)
            client.transmit("kept \(number)", to: server.address)
        }
        #expect(waitUntil { server.network.count == 100 })
        // The kernel limits how many ICMP messages it makes, so not every lost one is answered.
        #expect(waitUntil { !client.network.isEmpty })
        for input in client.network {
            #expect(input.unreachable?.remote == remote)
            #expect(input.unreachable?.payload.hasPrefix("lost") == true)
        }
        #expect(client.finish() && server.finish())
    }

    @Test("After an ICMP error nothing spins: 300 ms cost less than 60 ms of processor time")
    func noSpinning() throws {
        let relay = try Relay()
        for _ in 0..<3 { relay.transmit("x", to: try closedPort()) }
        _ = relay.first(\.unreachable)
        let before = processorTime()
        usleep(300_000)
        #expect(processorTime() - before < .milliseconds(60))
        #expect(relay.finish())
    }

    @Test("A datagram that the system refuses to send is told like one that did not arrive")
    func notSendable() throws {
        let relay = try Relay()
        let nowhere = SocketAddress(.v6(0x2001_0DB8_0000_0000, 1), port: 5060)
        relay.transmit("over IPv6 from an IPv4 socket", to: nowhere)
        #expect(relay.first(\.unreachable?.remote) == nowhere)
        #expect(relay.finish())
    }
}
