import DialogUsage
import SDP
import SIPMessage
import SansIO

/// The applications of the agents: what they do by themselves, and how they react.
extension Simulation {
    static let offer = SessionDescription.offer(at: SocketAddress(.v4(0x0A00_0001), port: 40_000), sessionID: 1)

    mutating func take(_ outputs: [UsageOutput], of index: Int) {
        for output in outputs {
            switch output {
            case .network(.transmit(let datagram)): leave(datagram, from: index)
            case .network(.resolve(let id, _)): take(agents[index].core.handle(.resolved(id, []), at: now), of: index)
            case .network: break
            case .event(let event):
                check(event, of: index)
                answer(event, of: index)
            case .ended(let report): stopped(report, of: index)
            }
        }
    }

    private mutating func leave(_ datagram: Datagram, from index: Int) {
        checkSending(datagram, of: index)
        if plant == .skipUnregister, let message = try? SIPMessage(parsing: datagram.bytes),
            message.method == .register, message.isRequest, message.value(.expires) == "0"
        {
            let answer = ResponseDraft(200, to: message, toTag: "planted").serialised()
            let arrival = Datagram(local: datagram.local, remote: datagram.remote, bytes: answer)
            return agenda.add(.arrival(arrival), at: now + weather.latency)
        }
        send(datagram, from: index)
    }

    private mutating func answer(_ event: UsageEvent, of index: Int) {
        switch event {
        case .session(.server(let id), .incoming):
            if let outputs = try? agents[index].core.ring(id, at: now) { take(outputs, of: index) }
            // One caller in five is never answered.
            if chance(0.8) {
                agenda.add(
                    .reaction(agent: index, chance(0.7) ? .answer(id) : .reject(id)), at: now + milliseconds(0...5_000))
            }
        case .session(let id, .offered):
            agenda.add(.reaction(agent: index, .offered(id)), at: now + milliseconds(0...500))
        case .watcher(let id, .requested):
            if chance(0.9) { agenda.add(.reaction(agent: index, .watcher(id)), at: now + milliseconds(0...2_000)) }
        case .referralRequested(let id, _):
            // Beyond 2 s the subscription is pending; one in five is never decided.
            if chance(0.8) { agenda.add(.reaction(agent: index, .referral(id)), at: now + milliseconds(0...4_000)) }
        case .message(let id, _):
            if chance(0.9) { agenda.add(.reaction(agent: index, .respond(id)), at: now + milliseconds(0...1_000)) }
        case .session, .registration, .subscription, .publication, .pager, .watcher, .referral, .request, .registrar,
            .compositor, .outOfDialog, .ended, .changed, .shutdownProgress, .shutdownCancelled, .traced, .malformed:
            break
        }
    }

    mutating func react(_ reaction: Reaction, of index: Int) {
        guard !agents[index].isStopped else { return }
        if let until = agents[index].frozenUntil, until > now {
            return agenda.add(.reaction(agent: index, reaction), at: until)
        }
        let outputs: [UsageOutput]?
        switch reaction {
        case .answer(let id): outputs = try? agents[index].core.answer(id, with: Self.offer, at: now)
        case .reject(let id): outputs = try? agents[index].core.reject(id, status: 486, at: now)
        case .watcher(let id):
            outputs =
                chance(0.8)
                ? try? agents[index].core.accept(id, standing: .active, contentType: nil, body: [], at: now)
                : try? agents[index].core.reject(id, status: 603, at: now)
        case .referral(let id):
            outputs =
                chance(0.7)
                ? try? agents[index].core.acceptReferral(id, from: agents[index].direct, offer: Self.offer, at: now).1
                : try? agents[index].core.declineReferral(id, at: now)
        case .respond(let id): outputs = try? agents[index].core.respond(to: id, status: 200, at: now)
        case .offered(let id):
            outputs =
                chance(0.8)
                ? try? agents[index].core.answerOffer(id, with: Self.offer, at: now)
                : try? agents[index].core.rejectOffer(id, status: 488, at: now)
        case .end(let id): outputs = agents[index].core.end(id, at: now)
        }
        take(outputs ?? [], of: index)
    }

    // MARK: Commands

    mutating func commandSomebody() {
        if now < .zero + Self.activity { agenda.add(.command, at: now + milliseconds(50...4_000)) }
        let index = Int(random.next() % UInt64(agents.count))
        let agent = agents[index]
        guard !agent.isStopped, (agent.frozenUntil ?? .zero) <= now else { return }
        let before = agent.core.census
        do {
            take(try command(index), of: index)
            if agent.shutdown != nil, agent.core.isShuttingDown {
                violate("agent\(index) began something new while leaving (G5)")
            }
        } catch {
            // A refusal allocates nothing (G5, H7).
            if agents[index].core.census != before { violate("a refused command changed the census of agent\(index)") }
        }
        if !agents[index].alive.isEmpty, chance(0.3) {
            let usages = agents[index].alive.sorted { ($0.kind.rawValue, $0.serial) < ($1.kind.rawValue, $1.serial) }
            react(.end(usages[Int(random.next() % UInt64(usages.count))]), of: index)
        }
    }

    /// Something legal, of any kind; throws what the core refuses.
    private mutating func command(_ index: Int) throws(UsageError) -> [UsageOutput] {
        let (domain, direct) = (agents[index].domain, agents[index].direct)
        let other = agents[(index + 1) % agents.count]
        let peer = AnyURI.sip(SIPURI(user: "agent\(other.index)", host: other.address.ip.description, port: 5060))
        let house = AnyURI.sip(SIPURI(user: chance(0.5) ? "bob" : "echo", host: "sandbox.test"))
        let isDirect = chance(0.5)
        let (account, target) = isDirect ? (direct, peer) : (domain, house)
        let lease = Duration.seconds(Int64(10 + random.next() % 600))
        switch random.next() % 6 {
        case 0: return try agents[index].core.register(domain, expires: lease, at: now).1
        case 1:
            return try agents[index].core.subscribe(
                account, to: target, event: EventType(package: "presence"), accept: [], expires: lease, at: now
            ).1
        case 2:
            return try agents[index].core.publish(
                domain, event: "presence", contentType: "application/pidf+xml", body: Array(Self.document.utf8),
                expires: lease, at: now
            ).1
        case 3:
            return try agents[index].core.message(
                account, to: target, contentType: "text/plain", body: [104, 105], at: now
            ).2
        case 4: return try agents[index].core.invite(account, to: target, offer: Self.offer, at: now).1
        default: return try agents[index].core.options(account, to: target, at: now).1
        }
    }
    private static let document = """
        <?xml version="1.0"?><presence xmlns="urn:ietf:params:xml:ns:pidf" entity="sip:alice@sandbox.test"><tuple id="a">\
        <status><basic>open</basic></status></tuple></presence>
        """

    // MARK: Leaving

    mutating func shutDown(_ index: Int) {
        guard !agents[index].isStopped else { return }
        if let until = agents[index].frozenUntil, until > now { return agenda.add(.shutdown(agent: index), at: until) }
        outcome.shutdowns += 1
        let giveUps: [Int64] = [0, 0, 1, 2, 5, 10, 30]
        let giveUp = Duration.seconds(giveUps[Int(random.next() % UInt64(giveUps.count))])
        let modes: [ShutdownMode] = [.graceful, .graceful, .graceful, .ifIdle, .force, .bestEffort]
        let mode = modes[Int(random.next() % UInt64(modes.count))]
        if chance(0.3) { agenda.add(.escalation(agent: index), at: now + milliseconds(0...6_000)) }
        begin(mode, giveUp: giveUp, of: index)
    }

    mutating func escalate(_ index: Int) {
        guard !agents[index].isStopped else { return }
        if let until = agents[index].frozenUntil, until > now {
            return agenda.add(.escalation(agent: index), at: until)
        }
        agents[index].shutdown?.wasEscalated = true
        begin(chance(0.5) ? .graceful : chance(0.5) ? .force : .bestEffort, giveUp: .seconds(3), of: index)
    }

    private mutating func begin(_ mode: ShutdownMode, giveUp: Duration, of index: Int) {
        // Waiting for idle without end is allowed, and no test of anything.
        let limit = mode == .ifIdle && giveUp == .zero ? Duration.seconds(20) : giveUp
        let ignoresSoftState = mode == .ifIdle && chance(0.5)
        // What limits the waiting does not limit the ending that follows it (S3).
        let deadline = now + (limit == .zero ? Self.shutdownBound : ignoresSoftState ? limit * 2 : limit)
        let known = agents[index].shutdown
        // From idle to graceful the time begins anew (S3); else the nearer deadline counts.
        let restarts = known?.mode == .ifIdle && mode == .graceful
        let nearest = known.map { restarts ? deadline : min($0.deadline, deadline) } ?? deadline
        agents[index].shutdown = SimulatedAgent.Shutdown(
            mode: mode, began: known?.began ?? now, deadline: nearest, wasFrozen: known?.wasFrozen ?? false,
            wasEscalated: known?.wasEscalated ?? false)
        switch mode {
        case .graceful: take(agents[index].core.shutdown(giveUp: limit, at: now), of: index)
        case .ifIdle:
            take(
                agents[index].core.shutdownIfNoUsages(giveUp: limit, ignoringSoftState: ignoresSoftState, at: now),
                of: index)
        case .force: take(agents[index].core.forceShutdown(at: now), of: index)
        case .bestEffort: take(agents[index].core.forceShutdown(bestEffort: true, at: now), of: index)
        case .cancelled: break
        }
    }
    /// `shutdown.md` S1 with T1 = 500 ms.
    static let shutdownBound = Duration.seconds(7 * 32 + (6 * 32 + 5) + 32)
}
