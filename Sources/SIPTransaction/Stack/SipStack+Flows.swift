import SIPMessage
import SansIO

/// Connections: one for each peer and transport, used in both directions (RFC 3261 §18).
extension SipStack {
    /// The connection to `remote`, opened now if there is none.
    mutating func flow(to remote: SocketAddress, transport: TransportProtocol) -> FlowID {
        let key = FlowKey(transport: transport, remote: remote)
        if let known = flowsByRemote[key] { return known }
        last.flow += 2
        let id = FlowID(serial: last.flow)
        flows[id] = FlowEntry(key: key)
        flowsByRemote[key] = id
        outputs.append(.network(.connect(id, transport, to: remote)))
        return id
    }

    mutating func write(_ bytes: [UInt8], to id: FlowID) {
        guard let flow = flows[id] else { return }
        if flow.isDrained {
            flows[id]?.isDrained = false
            counts.undrainedFlows += 1
        }
        if flow.isOpen {
            outputs.append(.network(.write(id, bytes)))
        } else {
            flows[id]?.waiting.append(bytes)
        }
    }

    mutating func flowDrained(_ id: FlowID) {
        guard flows[id]?.isDrained == false, flows[id]?.isOpen == true else { return }
        flows[id]?.isDrained = true
        counts.undrainedFlows -= 1
    }

    mutating func flowAccepted(_ id: FlowID, _ ends: FlowEnds) {
        guard counts.acceptedFlows < configuration.limits.flows else {
            outputs.append(.network(.close(id)))
            return
        }
        let key = FlowKey(transport: ends.transport, remote: ends.remote)
        flows[id] = FlowEntry(key: key, ends: ends)
        counts.acceptedFlows += 1
        if flowsByRemote[key] == nil { flowsByRemote[key] = id }
    }

    mutating func flowConnected(_ id: FlowID, _ ends: FlowEnds, at now: Instant) {
        guard let flow = flows[id] else { return }
        flows[id]?.ends = ends
        flows[id]?.waiting = []
        for bytes in flow.waiting { outputs.append(.network(.write(id, bytes))) }
        for client in flow.clients.sorted(by: { $0.serial < $1.serial }) where clients[client]?.machine == nil {
            dispatch(client, on: .flow(id), remote: flow.key.remote, at: now)
        }
    }

    mutating func flowReceived(_ id: FlowID, _ bytes: [UInt8], at now: Instant) {
        guard let ends = flows[id]?.ends else { return }
        flows[id]?.framer.append(bytes)
        let source = Source(remote: ends.remote, local: ends.local, transport: ends.transport, flow: id)
        var hasMoved = false
        while let item = flows[id]?.framer.next() {
            hasMoved = true
            switch item {
            case .message(let message): received(message, from: source, at: now)
            case .keepAlivePing: write([13, 10], to: id)
            case .keepAlivePong: break
            case .failed(let error):
                // What cannot be framed cannot be gone on with (§18.3).
                outputs.append(.malformed(error, source, bytes))
                return abort(id, at: now)
            }
        }
        limitIncomplete(id, hasMoved: hasMoved, at: now)
    }

    /// A message has fifteen seconds to be whole, from its first octet; a slow drip does not prolong them.
    private mutating func limitIncomplete(_ id: FlowID, hasMoved: Bool, at now: Instant) {
        guard let flow = flows[id] else { return }
        if let timer = flow.timer, hasMoved || !flow.framer.isIncomplete {
            wheel.cancel(timer)
            flows[id]?.timer = nil
        }
        if flows[id]?.framer.isIncomplete == true, flows[id]?.timer == nil {
            let timer = wheel.schedule(.flow(id), at: now + configuration.limits.incompleteMessage)
            flows[id]?.timer = timer
        }
    }

    mutating func flowStalled(_ id: FlowID, at now: Instant) {
        guard let ends = flows[id]?.ends else { return }
        let source = Source(remote: ends.remote, local: ends.local, transport: ends.transport, flow: id)
        outputs.append(.malformed(.incomplete, source, []))
        abort(id, at: now)
    }

    private mutating func abort(_ id: FlowID, at now: Instant) {
        outputs.append(.network(.close(id)))
        forget(id, .closed, at: now)
    }

    mutating func flowClosed(_ id: FlowID, _ failure: FlowFailure, at now: Instant) {
        switch failure {
        case .refused, .broken: forget(id, .unreachable, at: now)
        case .closedByPeer: forget(id, .closed, at: now)
        }
    }

    /// The connection is gone: every request that waits on it fails at once, not after Timer F.
    private mutating func forget(_ id: FlowID, _ failure: TransactionFailure, at now: Instant) {
        guard let flow = flows.removeValue(forKey: id) else { return }
        if !flow.isDrained { counts.undrainedFlows -= 1 }
        // Peers' connections have odd numbers.
        if id.serial % 2 == 1 { counts.acceptedFlows -= 1 }
        if let timer = flow.timer { wheel.cancel(timer) }
        if flowsByRemote[flow.key] == id { flowsByRemote[flow.key] = nil }
        for client in flow.clients.sorted(by: { $0.serial < $1.serial }) where clients[client]?.isAwaitingFinal == true
        {
            driveClient(client, .transportFailed(failure), at: now)
        }
    }
}
