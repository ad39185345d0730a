import Glibc
import Runtime
import SansIO
import Testing

extension StackThreadTests {
    private var flow: FlowID { FlowID(serial: 2) }

    private func bytes(_ relay: Relay) -> [UInt8] {
        relay.network.flatMap { $0.received ?? [] }
    }

    @Test("What is written to a connection before it stands arrives and comes back; each end names both addresses")
    func tcpEcho() throws {
        let (server, client) = (try Relay(echoes: true), try Relay())
        let text = Array("REGISTER".utf8)
        client.perform(.connect(flow, .tcp, to: server.address), .write(flow, text))
        #expect(waitUntil { bytes(client) == text })
        let theirs = server.first(\.accepted)
        let ours = client.first(\.connected)
        #expect(theirs?.id == FlowID(serial: 1) && theirs?.ends.local == server.address)
        #expect(ours?.remote == server.address && ours?.local == theirs?.ends.remote)
        #expect(client.network.contains(.drained(flow)))
        #expect(client.finish() && server.finish())
    }

    @Test("Datagrams and connections come to one port; without one in a name it is 5060 (TRN-047, RFC 3261 §18.2.1)")
    func onePort() throws {
        let (server, client) = (try Relay(), try Relay())
        client.perform(.connect(flow, .tcp, to: server.address), .write(flow, [1]))
        client.transmit("OPTIONS", to: server.address)
        #expect(server.first(\.accepted)?.ends.local == server.address)
        #expect(server.first(\.datagram)?.local.port == server.address.port)
        #expect(server.first(\.datagram)?.remote == client.address)
        #expect([.udp, .tcp, .tls].map(\TransportProtocol.defaultPort) == [5060, 5060, 5061])
        #expect(client.finish() && server.finish())
    }

    @Test("A connection that the machine closes still delivers what was written, and nothing more is said of it")
    func closing() throws {
        let (server, client) = (try Relay(), try Relay())
        client.perform(.connect(flow, .tcp, to: server.address))
        let theirs = try #require(server.first(\.accepted)).id
        // The server speaks as well, so that there is something unread when the client closes.
        server.perform(.write(theirs, [UInt8](repeating: 7, count: 100_000)))
        let large = [UInt8](repeating: 9, count: 1_000_000)
        client.perform(.write(flow, large), .close(flow), .write(flow, [1]))
        #expect(waitUntil { bytes(server).count == large.count })
        #expect(server.first(\.closed) == .closedByPeer)
        server.perform(.close(theirs))
        #expect(client.finish() && server.finish())
        #expect(!client.network.contains { $0.closed != nil })
    }

    @Test("A connection to a port where nobody listens is refused at once")
    func refused() throws {
        let relay = try Relay()
        let closed = try #require(ClosedPort())
        let before = MonotonicClock.now()
        relay.perform(.connect(flow, .tcp, to: closed.address))
        #expect(relay.first(\.closed) == .refused, "\(relay.network)")
        #expect(MonotonicClock.now() - before < .milliseconds(100))
        closed.release()
        #expect(relay.finish())
    }

    @Test("A reset is told in the system's words; an orderly end as the peer's doing (H-041)")
    func resetAndEnd() throws {
        for (abrupt, expected) in [(true, FlowFailure.broken("Connection reset by peer")), (false, .closedByPeer)] {
            let server = try Relay()
            let peer = try #require(PlainConnection(to: server.address))
            _ = try #require(server.first(\.accepted))
            peer.end(abruptly: abrupt)
            #expect(server.first(\.closed) == expected)
            #expect(server.finish())
        }
    }

    @Test("The 129th connection is closed at once, the 128 others stand")
    func connectionLimit() throws {
        let server = try Relay(echoes: true)
        let standing = (0..<128).compactMap { _ in PlainConnection(to: server.address) }
        #expect(standing.count == 128)
        #expect(waitUntil { server.network.count == 128 })
        let oneMore = try #require(PlainConnection(to: server.address))
        #expect(oneMore.read() == [])
        #expect(standing.last?.write([42]) == true)
        #expect(standing.last?.read() == [42])
        oneMore.end()
        for each in standing { each.end() }
        #expect(waitUntil { server.network.count { $0.closed != nil } == 128 })
        let again = try #require(PlainConnection(to: server.address))
        #expect(again.write([43]) && again.read() == [43])
        again.end()
        #expect(server.finish())
    }

    @Test("A peer that does not read costs no more than 4 MiB: then its connection is given up")
    func slowReader() throws {
        let server = try Relay()
        let peer = try #require(PlainConnection(to: server.address))
        let id = try #require(server.first(\.accepted)).id
        for _ in 0..<40 { server.perform(.write(id, [UInt8](repeating: 0, count: 1 << 20))) }
        #expect(server.first(\.closed) == .broken("the peer does not read; 4194304 bytes wait"))
        peer.end()
        #expect(server.finish())
    }
}
