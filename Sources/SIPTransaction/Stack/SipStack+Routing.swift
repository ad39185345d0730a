import SIPMessage
import SansIO

/// Where a request of ours goes, and on what (RFC 3261 §8.1.2, §18.1.1; RFC 3263 §4).
extension SipStack {
    mutating func begin(_ id: ClientTransactionID, at now: Instant) {
        guard let target = clients.read(id, { $0.target }) else { return }
        if let ip = IPAddress(target.host) { return candidates([ip], for: id, at: now) }
        let resolution = nextResolution()
        resolutions[resolution] = id
        outputs.append(.network(.resolve(resolution, host: target.host)))
        let deadline = now + configuration.limits.resolution
        let alarm = rescheduled(nil, .client(id), at: deadline)
        clients.change(id) { entry in
            entry.resolution = resolution
            entry.isNamed = true
            entry.alarm = alarm
        }
    }

    mutating func resolved(_ resolution: ResolutionID, _ addresses: [IPAddress], at now: Instant) {
        if let answer = strandedAnswers.removeValue(forKey: resolution) { return forward(answer, to: addresses) }
        if acknowledge(with: addresses, for: resolution, at: now) { return }
        guard let id = resolutions.removeValue(forKey: resolution) else { return }
        clients.change(id) { $0.resolution = nil }
        setAlarm(of: id, at: nil)
        candidates(addresses.prefix(configuration.limits.addresses), for: id, at: now)
    }

    private mutating func candidates(
        _ addresses: some Collection<IPAddress>, for id: ClientTransactionID, at now: Instant
    ) {
        clients.change(id) { entry in
            entry.candidates = addresses.filter(\.canBeSentTo).map { entry.target.address($0) }
        }
        tryNext(id, after: .noAddress, at: now)
    }

    /// The next address that has not been tried, with a branch of its own (RFC 3263 §4.3); none: it has failed.
    mutating func tryNext(_ id: ClientTransactionID, after failure: TransactionFailure, at now: Instant) {
        leaveFlow(id)
        let isAnotherTry = clients.read(id) { $0.path != nil } == true
        let branch = isAnotherTry ? Branch(&entropy) : nil
        let remote: SocketAddress? =
            clients.change(id) { entry in
                guard !entry.candidates.isEmpty else { return nil }
                if let branch {
                    entry.branch = branch
                    entry.machine = nil
                    entry.path = nil
                }
                entry.isEnlarged = false
                entry.remote = entry.candidates.removeFirst()
                return entry.remote
            } ?? nil
        guard let remote else {
            outputs.append(.failed(id, failure))
            return end(id)
        }
        choose(id, remote: remote, at: now)
    }

    /// UDP unless the target names another transport or the size forbids it: beyond 1300 octets TCP is taken (§18.1.1).
    private mutating func choose(_ id: ClientTransactionID, remote: SocketAddress, at now: Instant) {
        guard let entry = clients.entry(id) else { return }
        switch entry.target.transport ?? .udp {
        case .udp:
            let local = localAddress(facing: remote)
            let bytes = complete(
                entry.request, branch: entry.branch, contact: entry.contact, local: local, transport: .udp)
            if bytes.count > configuration.limits.datagramRequest, !entry.mustUseUDP {
                clients.change(id) { $0.isEnlarged = true }
                connect(id, remote: remote, transport: .tcp, at: now)
            } else {
                dispatch(id, on: .datagram(local: local, remote: remote), remote: remote, bytes: bytes, at: now)
            }
        case .tcp: connect(id, remote: remote, transport: .tcp, at: now)
        case .tls: connect(id, remote: remote, transport: .tls, at: now)
        }
    }

    /// On the connection there is, or on a new one as soon as it stands.
    private mutating func connect(
        _ id: ClientTransactionID, remote: SocketAddress, transport: TransportProtocol, at now: Instant
    ) {
        let flow = flow(to: remote, transport: transport)
        if flows[flow]?.isOpen == true { return dispatch(id, on: .flow(flow), remote: remote, at: now) }
        clients.change(id) { $0.path = .flow(flow) }
        flows.change(flow) { _ = $0.clients.insert(id) }
        setAlarm(of: id, at: now + configuration.timers.timeout)
    }

    /// Back to UDP where TCP was taken for the size alone (§18.1.1), else on to the next address. A MESSAGE of that size
    /// never goes by UDP: too many of them would drown the network (RFC 3428 §8).
    mutating func retreat(_ id: ClientTransactionID, _ failure: TransactionFailure, at now: Instant) {
        clients.change(id) { entry in
            guard entry.isEnlarged, entry.request.method != .message, let remote = entry.remote else { return }
            entry.mustUseUDP = true
            entry.candidates.insert(remote, at: 0)
        }
        tryNext(id, after: failure, at: now)
    }

    mutating func leaveFlow(_ id: ClientTransactionID) {
        guard case .some(.some(let flow)) = clients.read(id, { $0.path?.flow }) else { return }
        flows.change(flow) { _ = $0.clients.remove(id) }
    }

    mutating func setAlarm(of id: ClientTransactionID, at deadline: Instant?) {
        guard let alarm = clients.read(id, { $0.alarm }) else { return }
        let next = rescheduled(alarm, .client(id), at: deadline)
        if next != alarm { clients.change(id) { $0.alarm = next } }
    }
}

extension IPAddress {
    /// One host: not the unspecified address, no broadcast, no multicast (H-019).
    var canBeSentTo: Bool {
        switch self {
        case .v4(let bits): bits >> 24 != 0 && bits >> 28 != 14 && bits != .max
        case .v6(let high, _): !isUnspecified && high >> 56 != 0xFF
        }
    }
}
