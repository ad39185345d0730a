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
    var unansweredServers = 0
    var flows: [FlowID: FlowEntry] = [:]
    var flowsByRemote: [FlowKey: FlowID] = [:]
    var resolutions: [ResolutionID: ClientTransactionID] = [:]
    var lastClient: UInt64 = 0
    var lastServer: UInt64 = 0
    var lastFlow: UInt64 = 0
    var lastResolution: UInt64 = 0
    var wheel = TimingWheel<Due>()
    var outputs: [StackOutput] = []

    /// Whose deadline it is.
    enum Due: Hashable, Sendable {
        case client(ClientTransactionID)
        case server(ServerTransactionID)
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
        case .drained(let id): flows[id]?.isDrained = true
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
            }
        }
        return take()
    }

    package var nextDeadline: Instant? { wheel.nextDeadline }

    /// Nothing of ours is on its way any more: no byte queued, no request unanswered, no refusal of an INVITE without
    /// its ACK (`shutdown.md`, section 2).
    package var isFlushed: Bool {
        !flows.values.contains { !$0.isDrained || !$0.waiting.isEmpty }
            && !clients.values.contains { $0.isAwaitingFinal }
            && !servers.values.contains { $0.awaitsAcknowledgement }
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
        unansweredServers = 0
        flows = [:]
        flowsByRemote = [:]
        resolutions = [:]
        wheel = TimingWheel()
        return take()
    }

    package func localAddress(facing remote: SocketAddress) -> SocketAddress { configuration.local.facing(remote.ip) }

    mutating func take() -> [StackOutput] {
        defer { outputs = [] }
        return outputs
    }
}
