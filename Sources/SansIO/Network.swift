/// One UDP datagram, either way.
package struct Datagram: Hashable, Sendable {
    package var local: SocketAddress
    package var remote: SocketAddress
    package var bytes: [UInt8]

    package init(local: SocketAddress, remote: SocketAddress, bytes: [UInt8]) {
        self.local = local
        self.remote = remote
        self.bytes = bytes
    }
}

/// Names one stream connection. The machine numbers those it opens (even), the host those it accepts (odd).
package struct FlowID: Hashable, Sendable, CustomStringConvertible {
    package var serial: UInt64
    package init(serial: UInt64) { self.serial = serial }
    package var description: String { "flow#\(serial)" }
}

/// The two ends of a connection and what it speaks.
package struct FlowEnds: Hashable, Sendable {
    package var transport: TransportProtocol
    package var local: SocketAddress
    package var remote: SocketAddress

    package init(transport: TransportProtocol, local: SocketAddress, remote: SocketAddress) {
        self.transport = transport
        self.local = local
        self.remote = remote
    }
}

/// Names one question to the resolver, so that its answer finds the asker.
package struct ResolutionID: Hashable, Sendable {
    package var serial: UInt64
    package init(serial: UInt64) { self.serial = serial }
}

/// Why a connection is gone.
package enum FlowFailure: Hashable, Sendable {
    /// The peer closed it in order.
    case closedByPeer
    /// Nobody listens there (RST in answer to SYN).
    case refused
    /// It broke (RST, time-out of TCP, unreachable); the text is the system's.
    case broken(String)
}

/// What the network did.
package enum NetworkInput: Hashable, Sendable {
    case datagram(Datagram)
    /// An ICMP error came back for a datagram of ours. `payload` is the beginning of what we sent, as the kernel kept
    /// it, so that only the transaction it names is failed (`shutdown.md` R7).
    case unreachable(remote: SocketAddress, payload: [UInt8])
    /// A peer opened a connection to us.
    case accepted(FlowID, FlowEnds)
    /// A connection that we asked for stands.
    case connected(FlowID, FlowEnds)
    case received(FlowID, [UInt8])
    /// The connection is gone, or never came to be. Not said of a connection that we closed.
    case closed(FlowID, FlowFailure)
    /// Everything written to this flow so far has been handed to the kernel.
    case drained(FlowID)
    /// The addresses of a name, in the order to try them; empty when there are none.
    case resolved(ResolutionID, [IPAddress])
}

/// What the network is asked to do.
package enum NetworkOutput: Hashable, Sendable {
    case transmit(Datagram)
    case connect(FlowID, TransportProtocol, to: SocketAddress)
    case write(FlowID, [UInt8])
    /// Written bytes are still delivered; nothing is read any more.
    case close(FlowID)
    case resolve(ResolutionID, host: String)
}

/// Which of our addresses a peer can reach us at, decided by where the peer is. Filled in by the host when it
/// has bound its sockets.
package struct LocalAddresses: Hashable, Sendable {
    /// The UDP and TCP port we listen on (the same number for both).
    package var port: UInt16
    /// Our address toward the world; nil on a machine that has none of that family.
    package var ipv4: IPAddress?
    package var ipv6: IPAddress?

    package init(port: UInt16, ipv4: IPAddress?, ipv6: IPAddress? = nil) {
        self.port = port
        self.ipv4 = ipv4
        self.ipv6 = ipv6
    }
    /// Loopback only: tests, and the embedded sandbox.
    package static func loopback(port: UInt16) -> LocalAddresses { .init(port: port, ipv4: .loopback4) }

    /// Our own address as `remote` sees it. A peer on this machine is met on the address it used.
    package func facing(_ remote: IPAddress) -> SocketAddress {
        let fallback = IPAddress.loopback4
        switch remote {
        case .v4: return SocketAddress(remote.isLoopback ? .loopback4 : ipv4 ?? fallback, port: port)
        case .v6: return SocketAddress(remote.isLoopback ? .v6(0, 1) : ipv6 ?? ipv4 ?? fallback, port: port)
        }
    }
}
