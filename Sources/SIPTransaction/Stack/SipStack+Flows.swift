import SIPMessage
import SansIO

/// Connections: one for each peer and transport, used in both directions (RFC 3261 §18).
extension SipStack {
    /// The connection to `remote`, opened now if there is none.
    mutating func flow(to remote: SocketAddress, transport: TransportProtocol) -> FlowID {
        let key = FlowKey(transport: transport, remote: remote)
        if let known = flowsByRemote[key] { return known }
        lastFlow += 2
        let id = FlowID(serial: lastFlow)
        flows[id] = FlowEntry(ends: nil, key: key, isOpen: false)
        flowsByRemote[key] = id
        outputs.append(.network(.connect(id, transport, to: remote)))
        return id
    }

    mutating func write(_ bytes: [UInt8], to id: FlowID) {
        guard let flow = flows[id] else { return }
        flows[id]?.isDrained = false
        if flow.isOpen {
            outputs.append(.network(.write(id, bytes)))
        } else {
            flows[id]?.waiting.append(bytes)
        }
    }

    mutating func flowAccepted(_ id: FlowID, _ ends: FlowEnds) {
        guard flows.count < configuration.limits.flows else {
            outputs.append(.network(.close(id)))
            return
        }
        let key = FlowKey(transport: ends.transport, remote: ends.remote)
        flows[id] = FlowEntry(ends: ends, key: key, isOpen: true)
        if flowsByRemote[key] == nil { flowsByRemote[key] = id }
    }

    mutating func flowConnected(_ id: FlowID, _ ends: FlowEnds, at now: Instant) {
        guard let flow = flows[id] else { return }
        flows[id]?.ends = ends
        flows[id]?.isOpen = true
        flows[id]?.waiting = []
        flows[id]?.clients = []
        for bytes in flow.waiting { outputs.append(.network(.write(id, bytes))) }
        for client in flow.clients where clients[client]?.machine == nil {
            dispatch(client, on: .flow(id), remote: flow.key.remote, at: now)
        }
    }

    mutating func flowReceived(_ id: FlowID, _ bytes: [UInt8], at now: Instant) {
        guard var flow = flows[id], let ends = flow.ends else { return }
        flow.framer.append(bytes)
        var messages: [[UInt8]] = []
        var broken: SIPParseError?
        var pings = 0
        reading: while let item = flow.framer.next() {
            switch item {
            case .message(let message): messages.append(message)
            case .keepAlivePing: pings += 1
            case .keepAlivePong: break
            case .failed(let error):
                broken = error
                break reading
            }
        }
        flows[id]?.framer = flow.framer
        for _ in 0..<pings { write([13, 10], to: id) }
        let source = Source(remote: ends.remote, local: ends.local, transport: ends.transport, flow: id)
        for message in messages { received(message, from: source, at: now) }
        if let broken {
            // What cannot be framed cannot be gone on with (§18.3).
            outputs.append(.malformed(broken, source, bytes))
            outputs.append(.network(.close(id)))
            forget(id, .closed, at: now)
        }
    }

    mutating func flowClosed(_ id: FlowID, _ failure: FlowFailure, at now: Instant) {
        switch failure {
        case .refused: forget(id, .unreachable, at: now)
        case .broken: forget(id, .unreachable, at: now)
        case .closedByPeer: forget(id, .closed, at: now)
        }
    }

    /// The connection is gone: every request that waits on it fails at once, not after Timer F.
    private mutating func forget(_ id: FlowID, _ failure: TransactionFailure, at now: Instant) {
        guard let flow = flows.removeValue(forKey: id) else { return }
        if flowsByRemote[flow.key] == id { flowsByRemote[flow.key] = nil }
        let affected = clients.filter { $0.value.path == .flow(id) && $0.value.isAwaitingFinal }.keys
        for client in affected.sorted(by: { $0.serial < $1.serial }) {
            driveClient(client, .transportFailed(failure), at: now)
        }
    }
}
