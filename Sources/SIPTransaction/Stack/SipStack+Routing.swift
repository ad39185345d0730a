import SIPMessage
import SansIO

/// How a request of ours finds its way: names, addresses in turn, UDP or TCP, and the first copy.
extension SipStack {
    mutating func enter(_ entry: ClientEntry) -> ClientTransactionID {
        last.client += 1
        let id = ClientTransactionID(serial: last.client)
        clients[id] = entry
        counts.clientsAwaitingFinal += 1
        return id
    }

    mutating func begin(_ id: ClientTransactionID, at now: Instant) {
        guard let target = clients[id]?.target else { return }
        if let ip = IPAddress(target.host) {
            clients[id]?.candidates = [target.address(ip)]
            return tryNext(id, after: .noAddress, at: now)
        }
        last.resolution += 1
        let resolution = ResolutionID(serial: last.resolution)
        resolutions[resolution] = id
        clients[id]?.resolution = resolution
        outputs.append(.network(.resolve(resolution, host: target.host)))
        limitWaiting(of: id, at: now)
    }

    /// The input point for names: today A and AAAA; with NAPTR and SRV (RFC 3263) there will be more to it.
    mutating func resolved(_ resolution: ResolutionID, _ addresses: [IPAddress], at now: Instant) {
        guard let id = resolutions.removeValue(forKey: resolution), let target = clients[id]?.target else { return }
        clients[id]?.resolution = nil
        clients[id]?.candidates = addresses.map(target.address)
        tryNext(id, after: .noAddress, at: now)
    }

    /// The next address that has not been tried, with a branch of its own (RFC 3263 §4.3); none: it has failed.
    mutating func tryNext(_ id: ClientTransactionID, after failure: TransactionFailure, at now: Instant) {
        guard var entry = clients[id] else { return }
        guard !entry.candidates.isEmpty else {
            outputs.append(.failed(id, failure))
            outputs.append(.ended(id))
            return remove(id)
        }
        let remote = entry.candidates.removeFirst()
        if let path = entry.path {
            leave(path, id)
            clientsByKey[entry.key] = nil
            entry.branch = newBranch()
            if !entry.isAwaitingFinal { counts.clientsAwaitingFinal += 1 }
            entry.machine = nil
            entry.path = nil
        }
        entry.remote = remote
        entry.isEnlarged = false
        clients[id] = entry
        choose(id, remote: remote, at: now)
    }

    /// UDP, unless the target or the size asks for a connection (§18.1.1).
    private mutating func choose(_ id: ClientTransactionID, remote: SocketAddress, at now: Instant) {
        guard let entry = clients[id] else { return }
        switch entry.target.transport ?? .udp {
        case .udp:
            let local = localAddress(facing: remote)
            let bytes = complete(
                entry.request, branch: entry.branch, contact: entry.contact, local: local, transport: .udp)
            if bytes.count > configuration.limits.datagramRequest, !entry.mustUseUDP {
                clients[id]?.isEnlarged = true
                connect(id, remote: remote, transport: .tcp, at: now)
            } else {
                dispatch(id, bytes, on: .datagram(local: local, remote: remote), remote: remote, at: now)
            }
        case .tcp: connect(id, remote: remote, transport: .tcp, at: now)
        case .tls: connect(id, remote: remote, transport: .tls, at: now)
        }
    }

    private mutating func connect(
        _ id: ClientTransactionID, remote: SocketAddress, transport: TransportProtocol, at now: Instant
    ) {
        let flow = flow(to: remote, transport: transport)
        if flows[flow]?.isOpen == true { return dispatch(id, on: .flow(flow), remote: remote, at: now) }
        clients[id]?.path = .flow(flow)
        flows[flow]?.clients.insert(id)
        limitWaiting(of: id, at: now)
    }

    /// Timer B or F from the beginning, while there is no machine that has them.
    private mutating func limitWaiting(of id: ClientTransactionID, at now: Instant) {
        guard clients[id]?.timer == nil else { return }
        let timer = wheel.schedule(.client(id), at: now + configuration.timers.timeout)
        clients[id]?.timer = timer
    }

    mutating func dispatch(_ id: ClientTransactionID, on path: Path, remote: SocketAddress, at now: Instant) {
        guard let entry = clients[id] else { return }
        let bytes = complete(
            entry.request, branch: entry.branch, contact: entry.contact, local: localAddress(facing: remote),
            transport: transport(of: path))
        dispatch(id, bytes, on: path, remote: remote, at: now)
    }

    /// The first copy, and from now on a machine.
    private mutating func dispatch(
        _ id: ClientTransactionID, _ bytes: [UInt8], on path: Path, remote: SocketAddress, at now: Instant
    ) {
        guard var entry = clients[id] else { return }
        let transport = transport(of: path)
        let (timers, isReliable) = (configuration.timers, transport.isReliable)
        entry.bytes = bytes
        entry.path = path
        entry.copies = 1
        entry.machine =
            entry.request.method == .invite
            ? .invite(InviteClientTransaction(timers: timers, isReliable: isReliable, at: now))
            : .nonInvite(NonInviteClientTransaction(timers: timers, isReliable: isReliable, at: now))
        clients[id] = entry
        clientsByKey[entry.key] = id
        if case .flow(let flow) = path { flows[flow]?.clients.insert(id) }
        transmit(bytes, on: path)
        outputs.append(.traced(Trace(.sent, bytes, remote: remote, transport: transport, client: id)))
        reschedule(client: id)
    }

    mutating func leave(_ path: Path, _ id: ClientTransactionID) {
        if case .flow(let flow) = path { flows[flow]?.clients.remove(id) }
    }

    mutating func remove(_ id: ClientTransactionID) {
        guard let entry = clients.removeValue(forKey: id) else { return }
        if entry.isAwaitingFinal { counts.clientsAwaitingFinal -= 1 }
        if let timer = entry.timer { wheel.cancel(timer) }
        if let path = entry.path { leave(path, id) }
        if let resolution = entry.resolution { resolutions[resolution] = nil }
        let key = entry.key
        if clientsByKey[key] == id { clientsByKey[key] = nil }
    }

    mutating func reschedule(client id: ClientTransactionID) {
        guard let entry = clients[id], let machine = entry.machine else { return }
        if let timer = entry.timer { wheel.cancel(timer) }
        let timer = machine.nextDeadline.map { wheel.schedule(.client(id), at: $0) }
        clients[id]?.timer = timer
    }
}
