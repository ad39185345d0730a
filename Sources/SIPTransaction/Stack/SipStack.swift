package import SansIO

/// From a request to its answer, over a network that loses things: RFC 3261 §17 and §18 as one pure value, with RFC
/// 3581, RFC 4320 and RFC 6026.
///
/// It is told what the network did and what time it is, and answers with what to do. Every operation takes the same
/// short time however many transactions there are.
package struct SipStack: Sendable {
    package let configuration: StackConfiguration
    var entropy: Entropy
    var clients = ClientTable()
    var servers = ServerTable()
    var flows = FlowTable()
    /// Connections whose peer reads too little; they are closed when the present input has been dealt with.
    var overfull: [FlowID] = []
    var resolutions: [ResolutionID: ClientTransactionID] = [:]
    /// Answers whose connection is gone and whose sent-by is being resolved.
    var strandedAnswers: [ResolutionID: StrandedAnswer] = [:]
    var acknowledgements = WaitingAcknowledgements()
    var reached = ReachedAddresses()
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
        case flow(FlowID)
        case strandedAnswer(ResolutionID)
        case acknowledgement(ResolutionID)
    }

    package init(_ configuration: StackConfiguration, entropy: Entropy) {
        self.configuration = configuration
        self.entropy = entropy
    }

    /// What the network did. Call it for each input in the order of their happening.
    package mutating func handle(_ input: NetworkInput, at now: Instant) -> [StackOutput] {
        switch input {
        case .datagram(let datagram):
            let source = Source(remote: datagram.remote, local: datagram.local, transport: .udp, flow: nil)
            received(datagram.bytes, from: source, at: now)
        case .unreachable(let remote, let payload): unreachable(remote, payload, at: now)
        case .accepted(let id, let ends): flowAccepted(id, ends, at: now)
        case .connected(let id, let ends): flowConnected(id, ends, at: now)
        case .received(let id, let bytes): flowReceived(id, bytes, at: now)
        case .closed(let id, let failure): flowClosed(id, failure, at: now)
        case .drained(let id): flows.change(id) { $0.queued = 0 }
        case .resolved(let id, let addresses): resolved(id, addresses, at: now)
        }
        return take(at: now)
    }

    /// To be called when the time has come to `nextDeadline`; too early does no harm.
    package mutating func deadlineReached(at now: Instant) -> [StackOutput] {
        for due in wheel.advance(to: now) {
            switch due {
            case .client(let id):
                clients.change(id) { $0.alarm = nil }
                driveClient(id, .deadlineReached, at: now)
            case .server(let id):
                servers.change(id) { $0.alarm = nil }
                driveServer(id, .deadlineReached, at: now)
            case .flow(let id): flowStalled(id, at: now)
            case .strandedAnswer(let id): strandedAnswers[id] = nil
            case .acknowledgement(let id): _ = acknowledge(with: [], for: id, at: now)
            }
        }
        return take(at: now)
    }

    package var nextDeadline: Instant? { wheel.nextDeadline }

    /// Nothing of ours is on its way any more: no byte queued, no request unanswered, no refusal of an INVITE without
    /// its ACK (`shutdown.md`, section 2).
    package var isFlushed: Bool {
        flows.busy == 0 && clients.inFlight == 0 && servers.unacknowledged == 0 && strandedAnswers.isEmpty
            && acknowledgements.isEmpty
    }

    package var census: StackCensus {
        var census = StackCensus()
        census.clientTransactions = clients.count
        census.serverTransactions = servers.count
        census.flows = flows.count
        census.timers = wheel.count
        census.resolutions = resolutions.count + strandedAnswers.count + acknowledgements.count
        return census
    }

    /// Until when a final answer is waited for (Timers B and F, or the wait for an address or a connection); nil: without
    /// limit, or not any more.
    package func givesUp(_ id: ClientTransactionID) -> Instant? {
        guard let entry = clients.peek(id) else { return nil }
        return entry.machine.map(\.givesUpAt) ?? entry.alarm?.at
    }
    /// Until when the ACK to our refusal is waited for (Timer H); nil: none is.
    package func givesUp(_ id: ServerTransactionID) -> Instant? {
        guard case .invite(let machine) = servers.peek(id)?.machine else { return nil }
        return machine.givesUpAt
    }

    /// Drops everything at once; what was written to connections is still delivered.
    package mutating func close(at now: Instant) -> [StackOutput] {
        for id in flows.all { outputs.append(.network(.close(id))) }
        clients = ClientTable()
        servers = ServerTable()
        flows = FlowTable()
        resolutions = [:]
        strandedAnswers = [:]
        acknowledgements = WaitingAcknowledgements()
        reached = ReachedAddresses()
        wheel = TimingWheel()
        return take(at: now)
    }

    /// Our own address as this peer sees it.
    package func localAddress(facing remote: SocketAddress) -> SocketAddress { configuration.local.facing(remote.ip) }

    mutating func take(at now: Instant) -> [StackOutput] {
        while let id = overfull.popLast() {
            guard flows[id] != nil else { continue }
            outputs.append(.network(.close(id)))
            forget(id, .closed, at: now)
        }
        defer { outputs = [] }
        return outputs
    }

    /// The alarm for a deadline: the one there is, if it is the same.
    mutating func rescheduled(_ alarm: Alarm?, _ due: Due, at deadline: Instant?) -> Alarm? {
        if let alarm, alarm.at == deadline { return alarm }
        if let alarm { wheel.cancel(alarm.token) }
        return deadline.map { Alarm(token: wheel.schedule(due, at: $0), at: $0) }
    }
}
