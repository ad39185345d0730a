import SIPMessage
package import SansIO

/// From a request to its answer, over a network that loses things: RFC 3261 §17 and §18 as one pure value, with RFC
/// 3581, RFC 4320 and RFC 6026.
package struct SipStack: Sendable {
    package let configuration: StackConfiguration
    var entropy: Entropy
    var clients: [ClientTransactionID: ClientEntry] = [:]
    var clientsByKey: [ClientKey: ClientTransactionID] = [:]
    var servers: [ServerTransactionID: ServerEntry] = [:]
    var serversByKey: [ServerKey: ServerTransactionID] = [:]
    var flows: [FlowID: FlowEntry] = [:]
    var flowsByRemote: [FlowKey: FlowID] = [:]
    var resolutions: [ResolutionID: ClientTransactionID] = [:]
    var counts = Counts()
    var last = LastSerials()
    var wheel = TimingWheel<Due>()
    var outputs: [StackOutput] = []

    /// What the tables are asked again and again, kept beside them so that nobody has to look through them.
    struct Counts: Hashable, Sendable {
        var clientsAwaitingFinal = 0
        var unansweredServers = 0
        var serversAwaitingAcknowledgement = 0
        var undrainedFlows = 0
        var acceptedFlows = 0
    }
    struct LastSerials: Hashable, Sendable {
        var client: UInt64 = 0
        var server: UInt64 = 0
        var flow: UInt64 = 0
        var resolution: UInt64 = 0
    }
    /// Whose deadline it is.
    enum Due: Hashable, Sendable {
        case client(ClientTransactionID)
        case server(ServerTransactionID)
        case flow(FlowID)
    }

    package init(_ configuration: StackConfiguration, entropy: Entropy) {
        self.configuration = configuration
        self.entropy = entropy
    }

    package mutating func handle(_ input: NetworkInput, at now: Instant) -> [StackOutput] {
        switch input {
        case .datagram(let datagram):
            let source = Source(remote: datagram.remote, local: datagram.local, transport: .udp, flow: nil)
            received(datagram.bytes, from: source, at: now)
        case .unreachable(let remote, let payload): unreachable(remote, payload, at: now)
        case .accepted(let id, let ends): flowAccepted(id, ends)
        case .connected(let id, let ends): flowConnected(id, ends, at: now)
        case .received(let id, let bytes): flowReceived(id, bytes, at: now)
        case .closed(let id, let failure): flowClosed(id, failure, at: now)
        case .drained(let id): flowDrained(id)
        case .resolved(let id, let addresses): resolved(id, addresses, at: now)
        }
        return take()
    }

    package mutating func deadlineReached(at now: Instant) -> [StackOutput] {
        for due in wheel.advance(to: now) {
            switch due {
            case .client(let id):
                clients[id]?.timer = nil
                driveClient(id, .deadlineReached, at: now)
            case .server(let id):
                servers[id]?.timer = nil
                driveServer(id, .deadlineReached, at: now)
            case .flow(let id):
                flows[id]?.timer = nil
                flowStalled(id, at: now)
            }
        }
        return take()
    }

    package var nextDeadline: Instant? { wheel.nextDeadline }

    /// Nothing of ours is on its way any more: no byte queued, no request unanswered, no refusal of an INVITE without
    /// its ACK (`shutdown.md`, section 2).
    package var isFlushed: Bool {
        counts.undrainedFlows == 0 && counts.clientsAwaitingFinal == 0 && counts.serversAwaitingAcknowledgement == 0
    }

    package var census: StackCensus {
        var census = StackCensus()
        census.clientTransactions = clients.count
        census.serverTransactions = servers.count
        census.flows = flows.count
        census.timers = wheel.count
        census.resolutions = resolutions.count
        return census
    }

    /// Drops everything at once; what was written to connections is still delivered.
    package mutating func close(at now: Instant) -> [StackOutput] {
        for id in flows.keys.sorted(by: { $0.serial < $1.serial }) { outputs.append(.network(.close(id))) }
        clients = [:]
        clientsByKey = [:]
        servers = [:]
        serversByKey = [:]
        flows = [:]
        flowsByRemote = [:]
        resolutions = [:]
        counts = Counts()
        wheel = TimingWheel()
        return take()
    }

    package func localAddress(facing remote: SocketAddress) -> SocketAddress { configuration.local.facing(remote.ip) }

    mutating func take() -> [StackOutput] {
        let taken = outputs
        outputs = []
        return taken
    }
}
