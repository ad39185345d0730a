package import SIPMessage
package import SansIO

/// Names one client transaction, from sending its request until nothing is left of it. Never reused.
package struct ClientTransactionID: Hashable, Sendable {
    package let serial: UInt64
}

/// Names one server transaction. Never reused.
package struct ServerTransactionID: Hashable, Sendable {
    package let serial: UInt64
}

/// Where a request goes, as a URI or a Route names it (RFC 3261 §8.1.2); a name is resolved on the way.
package struct Target: Hashable, Sendable {
    package var host: String
    package var port: UInt16?
    /// nil: UDP, unless the size of the request forbids it (§18.1.1).
    package var transport: TransportProtocol?

    package init(host: String, port: UInt16?, transport: TransportProtocol?) {
        self.host = host
        self.port = port
        self.transport = transport
    }
    package init(_ uri: SIPURI) {
        host = uri.parameters["maddr"].flatMap { $0.isEmpty ? nil : $0 } ?? uri.host
        port = uri.port
        transport = uri.isSecure ? .tls : uri.transport
    }
}

/// Our own Contact, completed by the stack when it knows which of our addresses the peer will see.
package struct ContactTemplate: Hashable, Sendable {
    package var user: String?
    package var uriParameters: Parameters
    package var fieldParameters: Parameters

    package init(user: String?, uriParameters: Parameters, fieldParameters: Parameters) {
        self.user = user
        self.uriParameters = uriParameters
        self.fieldParameters = fieldParameters
    }

    func address(at local: SocketAddress, transport: TransportProtocol) -> NameAddress {
        var parameters = uriParameters
        if transport != .udp { parameters.set("transport", transport.rawValue) }
        let uri = SIPURI(user: user, host: "\(local.ip)", port: local.port, parameters: parameters)
        var address = NameAddress(uri: .sip(uri))
        address.parameters = fieldParameters
        return address
    }
}

/// Where a request came from, and so where its answers go.
package struct Source: Hashable, Sendable {
    package var remote: SocketAddress
    package var local: SocketAddress
    package var transport: TransportProtocol
    package var flow: FlowID?

    package init(remote: SocketAddress, local: SocketAddress, transport: TransportProtocol, flow: FlowID?) {
        self.remote = remote
        self.local = local
        self.transport = transport
        self.flow = flow
    }
}

/// Why a request will not be answered.
package enum TransactionFailure: Hashable, Sendable {
    /// Timer B or F: silence.
    case timedOut
    /// Refused, reset, or reported by ICMP: said at once, not after Timer F (`shutdown.md` R7).
    case unreachable
    /// The name has no address.
    case noAddress
    /// The connection it was sent on was closed.
    case closed
}

/// What there is in the stack, counted.
package struct StackCensus: Hashable, Sendable {
    package var clientTransactions = 0
    package var serverTransactions = 0
    package var flows = 0
    package var timers = 0
    package var resolutions = 0
    package var isEmpty: Bool { self == StackCensus() }
    package init() {}
}

/// One message, in or out, as it passed the wire.
package struct Trace: Sendable {
    package enum Direction: Hashable, Sendable { case sent, received }
    package var direction: Direction
    package var bytes: [UInt8]
    package var remote: SocketAddress
    package var transport: TransportProtocol
    /// 0: the first copy.
    package var retransmission: Int
    package var client: ClientTransactionID?
    package var server: ServerTransactionID?
    private var known: SIPMessage?

    init(
        _ direction: Direction, _ bytes: [UInt8], message: SIPMessage? = nil, remote: SocketAddress,
        transport: TransportProtocol, retransmission: Int = 0, client: ClientTransactionID? = nil,
        server: ServerTransactionID? = nil
    ) {
        self.direction = direction
        self.bytes = bytes
        known = message
        self.remote = remote
        self.transport = transport
        self.retransmission = retransmission
        self.client = client
        self.server = server
    }

    /// The message, read again where it was not at hand; nil only for what is no message.
    package var message: SIPMessage? { known ?? (try? SIPMessage(parsing: bytes)) }
}

/// What the stack answers with, in the order in which to do it.
package enum StackOutput: Sendable {
    case network(NetworkOutput)
    case received(ServerTransactionID, SIPMessage, Source)
    case cancelled(ServerTransactionID, SIPMessage)
    case acknowledged(SIPMessage, Source)
    case refusalAcknowledged(ServerTransactionID)
    case answered(ClientTransactionID, SIPMessage)
    case failed(ClientTransactionID, TransactionFailure)
    case stray(SIPMessage, Source)
    case ended(ClientTransactionID)
    case serverEnded(ServerTransactionID, acknowledged: Bool)
    case malformed(SIPParseError, Source, [UInt8])
    case traced(Trace)
}
