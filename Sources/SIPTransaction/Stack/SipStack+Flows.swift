import SIPMessage
import SansIO

/// Connections: one for each peer and transport, used in both directions (RFC 3261 §18).
extension SipStack {
    /// The connection to `remote`, opened now if there is none.
    mutating func flow(to remote: SocketAddress, transport: TransportProtocol) -> FlowID {
        let key = FlowKey(transport: transport, remote: remote)
        if let known = flows[key] { return known }
        lastFlow += 2
        let id = FlowID(serial: lastFlow)
        flows.insert(id, FlowEntry(ends: nil, key: key))
        outputs.append(.network(.connect(id, transport, to: remote)))
        return id
    }

    /// Now, or as soon as the connection stands. `sentBy`: where an answer may go if it never does.
    mutating func write(_ bytes: [UInt8], to id: FlowID, sentBy: Target? = nil) {
        let limit = configuration.limits.queuedOctets
        let state = flows.change(id) { flow in
            flow.queued += bytes.count
            if !flow.isOpen { flow.waiting.append(FlowEntry.Waiting(bytes: bytes, sentBy: sentBy)) }
            return (isOpen: flow.isOpen, isOverfull: flow.queued > limit)
        }
        guard let state else { return }
        if state.isOpen { outputs.append(.network(.write(id, bytes))) }
        if state.isOverfull { overfull.append(id) }
    }

    /// Where there are as many as may be, the one that is missed least makes room, so that nobody who only holds
    /// connections keeps others out (H-038).
    mutating func flowAccepted(_ id: FlowID, _ ends: FlowEnds, at now: Instant) {
        if flows.count >= configuration.limits.flows, let least = flows.leastMissed {
            outputs.append(.network(.close(least)))
            forget(least, .closed, at: now)
        }
        guard flows.count < configuration.limits.flows else {
            outputs.append(.network(.close(id)))
            return
        }
        let key = FlowKey(transport: ends.transport, remote: ends.remote)
        flows.insert(id, FlowEntry(ends: ends, key: key, acceptedAt: now))
    }

    mutating func flowConnected(_ id: FlowID, _ ends: FlowEnds, at now: Instant) {
        let opened = flows.change(id) { flow in
            defer { flow.waiting = [] }
            flow.ends = ends
            return (waiting: flow.waiting, clients: flow.clients, remote: flow.key.remote)
        }
        guard let opened else { return }
        for waiting in opened.waiting { outputs.append(.network(.write(id, waiting.bytes))) }
        for client in opened.clients.sorted(by: { $0.serial < $1.serial }) {
            guard clients.read(client, { $0.machine == nil }) == true else { continue }
            dispatch(client, on: .flow(id), remote: opened.remote, at: now)
        }
    }

    mutating func flowClosed(_ id: FlowID, _ failure: FlowFailure, at now: Instant) {
        switch failure {
        case .refused, .broken: forget(id, .unreachable, at: now)
        case .closedByPeer: forget(id, .closed, at: now)
        }
    }

    /// The connection is gone: every request that waits on it fails at once, not after Timer F (§18.4).
    mutating func forget(_ id: FlowID, _ failure: TransactionFailure, at now: Instant) {
        guard let flow = flows.remove(id) else { return }
        if let alarm = flow.alarm { wheel.cancel(alarm.token) }
        for client in flow.clients.sorted(by: { $0.serial < $1.serial }) {
            guard clients.read(client, { $0.isAwaitingFinal }) == true else { continue }
            driveClient(client, .transportFailed(failure), at: now)
        }
        for waiting in flow.waiting { strand(waiting, of: flow.key, at: now) }
    }
}
