import DialogUsage
import SDP
import SIPMessage
import SansIO

/// What an application may ask of its user agent: everything, at any time.
extension Simulation {
    enum Deed: CaseIterable {
        case register, subscribe, fetch, publish, message, call, callWithoutOffer, options, refer
        case refreshRegistration, refreshSubscription, modify, reoffer, update, withdraw, info, notify, dismiss,
            transfer, attend, end

        /// Begins something, which the gate forbids (G5).
        var isNew: Bool {
            switch self {
            case .register, .subscribe, .fetch, .publish, .message, .call, .callWithoutOffer, .options, .refer: true
            case .refreshRegistration, .refreshSubscription, .modify, .reoffer, .update, .withdraw, .info, .notify,
                .dismiss, .transfer,
                .attend, .end:
                false
            }
        }
    }

    mutating func commandSomebody() {
        if isActive { agenda.add(.command, at: now + milliseconds(50...2_000)) }
        let index = Int(random.next() % UInt64(agents.count))
        guard agents[index].isUp, (agents[index].frozenUntil ?? .zero) <= now, let deed = pick(Deed.allCases) else {
            return
        }
        outcome.commands += 1
        let before = agents[index].core.census
        let wasShuttingDown = agents[index].core.isShuttingDown
        do {
            note { "\($0.agents[index].name) is told: \(deed)" }
            guard let outputs = try perform(deed, index) else { return }
            take(outputs, of: index)
            if wasShuttingDown, deed.isNew { violate("\(agents[index].name) began something new while leaving (G5)") }
        } catch {
            // A refusal allocates nothing (G5, H7).
            if agents[index].core.census != before {
                violate("a refused command (\(deed), \(error)) changed the census of \(agents[index].name)")
            }
        }
    }

    /// Throws what the core refuses; nil when there is nothing to do it to.
    private mutating func perform(_ deed: Deed, _ index: Int) throws(UsageError) -> [UsageOutput]? {
        let now = clock(index)
        let account = chance(0.5) ? agents[index].direct : agents[index].domain
        let target = self.target(of: index, isDirect: account == agents[index].direct)
        let lease = Duration.seconds(Int64(10 + random.next() % 290))
        let presence = EventType(package: "presence")
        switch deed {
        case .register: return try agents[index].core.register(agents[index].domain, expires: lease, at: now).1
        case .subscribe:
            return try agents[index].core.subscribe(
                account, to: target, event: presence, accept: [], expires: lease, at: now
            ).1
        case .fetch:
            return try agents[index].core.subscribe(
                account, to: target, event: presence, accept: [], expires: .zero, at: now
            ).1
        case .publish:
            return try agents[index].core.publish(
                agents[index].domain, event: "presence", contentType: Self.documentType,
                body: Array(Self.document.utf8), expires: lease, at: now
            ).1
        case .message:
            return try agents[index].core.message(
                account, to: target, contentType: "text/plain", body: [104, 105], at: now
            ).2
        case .call: return try agents[index].core.invite(account, to: target, offer: Self.offer, at: now).1
        case .callWithoutOffer: return try agents[index].core.invite(account, to: target, offer: nil, at: now).1
        case .options: return try agents[index].core.options(account, to: target, at: now).1
        case .refer:
            return try agents[index].core.refer(account, target, to: self.target(of: index, isDirect: true), at: now).1
        case .refreshRegistration, .refreshSubscription, .modify, .reoffer, .update, .withdraw, .info, .notify,
            .dismiss, .transfer,
            .attend,
            .end:
            return try work(deed, index)
        }
    }

    /// Something with one of the usages there are.
    private mutating func work(_ deed: Deed, _ index: Int) throws(UsageError) -> [UsageOutput]? {
        let now = clock(index)
        guard let id = pick(agents[index].living(deed.kinds)) else { return nil }
        switch deed {
        case .refreshRegistration:
            return try agents[index].core.refresh(UsageID<ClientRegistration>(serial: id.serial), at: now)
        case .refreshSubscription:
            return try agents[index].core.refresh(UsageID<ClientSubscription>(serial: id.serial), at: now)
        case .modify:
            return try agents[index].core.modify(
                UsageID(serial: id.serial), contentType: Self.documentType, body: Array(Self.document.utf8), at: now)
        case .reoffer: return try agents[index].core.offer(Self.session(id), Self.offer, by: .reinvite, at: now)
        case .update: return try agents[index].core.offer(Self.session(id), Self.offer, by: .update, at: now)
        case .withdraw: return try agents[index].core.withdrawOffer(Self.session(id), at: now)
        case .info:
            return try agents[index].core.sendInfo(
                Self.session(id), contentType: "application/dtmf-relay",
                body: Array("Signal=5\r\nDuration=160\r\n".utf8),
                at: now)
        case .notify:
            return try agents[index].core.notify(
                UsageID(serial: id.serial), standing: chance(0.8) ? .active : .pending, contentType: nil, body: [],
                at: now)
        case .dismiss:
            let reason = pick(["noresource", "rejected", "deactivated", "probation", "giveup"])
            return try agents[index].core.notify(
                UsageID(serial: id.serial), standing: .terminated(reason: reason, retryAfter: nil), contentType: nil,
                body: [], at: now)
        case .transfer:
            let target = target(of: index, isDirect: chance(0.5))
            return try agents[index].core.refer(Self.session(id), to: target, wantsReports: chance(0.7), at: now).1
        case .attend:
            guard let other = pick(agents[index].living(deed.kinds)) else { return nil }
            return try agents[index].core.refer(Self.session(id), toTakeOver: Self.session(other), at: now).1
        case .end: return agents[index].core.end(id, at: now)
        case .register, .subscribe, .fetch, .publish, .message, .call, .callWithoutOffer, .options, .refer: return nil
        }
    }

    private static func session(_ id: AnyUsageID) -> SessionID {
        id.kind == .clientInviteSession ? .client(UsageID(serial: id.serial)) : .server(UsageID(serial: id.serial))
    }

    /// Another agent at its own address; or somebody of the domain, who may be one of us.
    private mutating func target(of index: Int, isDirect: Bool) -> AnyURI {
        if isDirect {
            let other = agents[(index + 1 + Int(random.next() % UInt64(agents.count - 1))) % agents.count]
            return .sip(SIPURI(user: "agent\(other.name.index)", host: other.address.ip.description, port: 5060))
        }
        return .sip(SIPURI(user: pick(["bob", "echo", "alice", "nobody"]), host: "sandbox.test"))
    }

    private static let documentType = "application/pidf+xml"
    private static let document = """
        <?xml version="1.0"?><presence xmlns="urn:ietf:params:xml:ns:pidf" entity="sip:alice@sandbox.test"><tuple id="a">\
        <status><basic>open</basic></status></tuple></presence>
        """
}

extension Simulation.Deed {
    /// What it can be done to.
    fileprivate var kinds: Set<UsageKind> {
        switch self {
        case .refreshRegistration: [.clientRegistration]
        case .refreshSubscription: [.clientSubscription]
        case .modify: [.clientPublication]
        case .reoffer, .update, .withdraw, .info, .transfer, .attend: [.clientInviteSession, .serverInviteSession]
        case .notify, .dismiss: [.serverSubscription]
        case .end: Set(UsageKind.allCases)
        case .register, .subscribe, .fetch, .publish, .message, .call, .callWithoutOffer, .options, .refer: []
        }
    }
}
