import Glibc
import Runtime
import SansIO
import Testing

/// Serialized, because the tests of what is left over count what the whole program holds.
@Suite("Stack thread", .serialized)
struct StackThreadTests {
    @Test("A datagram comes back over UDP, and both ends know both addresses")
    func udpEcho() throws {
        let (server, client) = (try Relay(echoes: true), try Relay())
        client.transmit("OPTIONS", to: server.address)
        let back = client.first(\.datagram)
        #expect(back == Datagram(local: client.address, remote: server.address, bytes: Array("OPTIONS".utf8)))
        #expect(client.finish() && server.finish())
    }

    @Test("The largest datagram arrives whole; an empty one arrives, too")
    func udpSizes() throws {
        let (server, client) = (try Relay(), try Relay())
        let large = Datagram(
            local: client.address, remote: server.address, bytes: (0..<65_507).map { UInt8(truncatingIfNeeded: $0) })
        client.perform(.transmit(large), .transmit(Datagram(local: client.address, remote: server.address, bytes: [])))
        #expect(waitUntil { server.network.count == 2 })
        #expect(server.network.map { $0.datagram?.bytes } == [large.bytes, []])
        #expect(client.finish() && server.finish())
    }

    @Test("Two thousand datagrams of one turn arrive complete and in order on loopback")
    func udpBurst() throws {
        let (server, client) = (try Relay(), try Relay())
        let burst = (0..<2_000).map { number in
            NetworkOutput.transmit(
                Datagram(local: client.address, remote: server.address, bytes: Array("\(number)".utf8)))
        }
        client.thread.send(.perform(burst))
        #expect(waitUntil { server.network.count == 2_000 })
        let texts = server.network.map { String(decoding: $0.datagram?.bytes ?? [], as: UTF8.self) }
        #expect(texts == (0..<2_000).map(String.init))
        #expect(client.finish() && server.finish())
    }

    @Test("A deadline is reached within 20 ms of its time, never before it, and an earlier one replaces a later one")
    func deadlines() throws {
        let relay = try Relay()
        let now = MonotonicClock.now()
        relay.thread.send(.wake(at: now + .seconds(60)))
        relay.thread.send(.wake(at: now + .milliseconds(30)))
        #expect(waitUntil { !relay.events.isEmpty })
        relay.thread.send(.wake(at: now + .milliseconds(60)))
        #expect(waitUntil { relay.events.count == 2 })
        let woken = relay.events.compactMap(\.wokenAt)
        for (at, wanted) in zip(woken, [now + .milliseconds(30), now + .milliseconds(60)]) {
            #expect(at >= wanted && at < wanted + .milliseconds(20))
        }
        #expect(woken.count == 2)
        #expect(relay.finish())
    }

    @Test("A hundred thousand commands from one thread are handled, in order")
    func commandFlood() throws {
        let relay = try Relay()
        var taken = true
        for number in 0..<100_000 { taken = relay.thread.send(.mark(number)) && taken }
        #expect(taken)
        #expect(waitUntil { relay.events.count == 100_000 })
        #expect(relay.events == (0..<100_000).map { .marked($0) })
        #expect(relay.finish())
    }

    @Test("A name is resolved off the stack thread, IPv4 first; a name that does not exist has no addresses")
    func resolving() throws {
        let relay = try Relay()
        relay.perform(
            .resolve(ResolutionID(serial: 1), host: "localhost"),
            .resolve(ResolutionID(serial: 2), host: "no-such-host.invalid"),
            .resolve(ResolutionID(serial: 3), host: "192.0.2.7"))
        func found(_ serial: UInt64) -> [IPAddress]? {
            relay.first(within: .seconds(30)) {
                guard case .resolved(ResolutionID(serial: serial), let found) = $0 else { return nil }
                return found
            }
        }
        #expect(found(1)?.first == .loopback4)
        #expect(found(2) == [])
        #expect(found(3) == [.v4(0xC000_0207)])
        #expect(relay.finish())
    }

    @Test("A stack on every address listens on IPv4 and IPv6 with the same port")
    func bothFamilies() throws {
        let server = try Relay(ListenOptions(ip: .v6(0, 0)), echoes: true)
        let six = SocketAddress(.v6(0, 1), port: server.thread.addresses.port)
        let client4 = try Relay()
        client4.transmit("four", to: server.address)
        #expect(client4.first(\.datagram?.remote) == server.address)
        if let client6 = try? Relay(ListenOptions(ip: .v6(0, 1))) {
            client6.transmit("six", to: six)
            #expect(client6.first(\.datagram?.remote) == six)
            #expect(client6.finish())
        }
        #expect(client4.finish() && server.finish())
    }

    @Test("A port that is taken is an error that names the address and the remedy (H-138)")
    func portTaken() throws {
        let first = try Relay()
        let options = ListenOptions.loopback(port: first.thread.addresses.port)
        let error = #expect(throws: RuntimeError.self) { _ = try Relay(options) }
        #expect(
            error?.description == "cannot listen on \(first.address): Address already in use; "
                + "choose an address of this machine and a free port, or port 0")
        #expect(first.finish())
    }
}
