import DialogUsage
import SIPMessage
import SIPTransaction
import SansIO

/// What the core answers with, folded into what we know, said to faces, or handed on to the network.
extension Softphone {
    /// What an event leads us to ask of the core is worked off after the rest of what the core said with it, so that
    /// everything stays in the order in which it happened.
    mutating func absorb(_ produced: [UsageOutput], at now: Instant) {
        backlog.append(contentsOf: produced)
        guard !isAbsorbing else { return }
        isAbsorbing = true
        while workedOff < backlog.count {
            let output = backlog[workedOff]
            workedOff += 1
            switch output {
            case .network(let network): transmit(network)
            case .event(let event): heard(event, at: now)
            case .ended(let report): stopped(report, at: now)
            }
        }
        backlog.removeAll(keepingCapacity: true)
        workedOff = 0
        isAbsorbing = false
    }

    private mutating func heard(_ event: UsageEvent, at now: Instant) {
        if let id = event.usage { rows.touch(id) }
        switch event {
        case .registration(let id, let event): heard(event, of: id, at: now)
        case .session(let id, let event): heard(event, of: id, at: now)
        case .subscription(let id, let event): heard(event, of: id, at: now)
        case .publication(let id, let event): heard(event, of: id, at: now)
        case .pager(let id, let event): heard(event, of: id, at: now)
        case .watcher(let id, let event): heard(event, of: id, at: now)
        case .referral(let id, let event): heard(event, of: id, at: now)
        case .referralRequested(let id, let request): asked(request, id, at: now)
        case .message(let id, let incoming): received(incoming, id, at: now)
        case .request(let id, _): refuse(id, at: now)
        case .registrar, .compositor: break  // We are neither.
        case .outOfDialog(let id, let response): answered(id.any, response)
        case .ended(let id, let outcome): ended(id, outcome, at: now)
        case .changed: changed()
        case .shutdownProgress(let progress): progressed(progress, at: now)
        case .shutdownCancelled: shutdownCancelled(at: now)
        case .traced(let trace, let usage): traced(trace, usage, at: now)
        case .malformed(let error, let source):
            malformed += 1
            log.note("not SIP, from \(source.remote): \(error)", .warning, at: now)
            changed()
        }
    }

    private mutating func answered(_ id: AnyUsageID, _ response: SIPMessage) {
        guard let status = response.status else { return }
        for request in waiting.take(.answered, of: id) {
            if status.isSuccess {
                let allow = response.value(.allow).map { visible($0) } ?? ""
                succeed(request, usage: id, status: status, text: allow)
            } else {
                fail(
                    request, CommandFailure(.refused(status), usage: id, "\(status) \(visible(response.reasonPhrase))"))
            }
        }
        changed()
    }

    /// We notify nobody of anything, so nobody can watch us; presence goes by way of a server.
    private mutating func heard(_ event: WatcherEvent, of id: UsageID<ServerSubscription>, at now: Instant) {
        guard case .requested = event, let outputs = try? core.reject(id, status: 489, at: now) else { return }
        absorb(outputs, at: now)
    }

    /// The terminal event of a usage: everything that hung on it comes to its end too.
    private mutating func ended(_ id: AnyUsageID, _ outcome: UsageOutcome, at now: Instant) {
        switch id.kind {
        case .clientInviteSession, .serverInviteSession: callEnded(id, outcome, at: now)
        case .clientSubscription:
            if transfers.removeValue(forKey: id) == nil { subscriptionEnded(id, outcome, at: now) }
        case .clientPublication: publicationEnded(id, outcome, at: now)
        case .clientRegistration: registrationEnded(id, outcome, at: now)
        case .serverSubscription: transferRequests[id] = nil
        case .clientPagerMessage, .clientOutOfDialogRequest, .serverOutOfDialogRequest, .serverPagerMessage,
            .serverRegistration, .serverPublication:
            break
        }
        settleWaiting(id, outcome)
        noteEnding(id, outcome, at: now)
        let memory = UsageMemory.Entry(id: id, document: subscriptions.removeValue(forKey: id)?.document)
        remembered.remember(memory, as: id.description)
        if let alias = names[id] { remembered.remember(memory, as: alias) }
        names.forget(id)
        ladders.ended(id)
        changed()
    }

    private mutating func settleWaiting(_ id: AnyUsageID, _ outcome: UsageOutcome) {
        for entry in waiting.takeAll(of: id) {
            switch entry.goal {
            case .ended:
                guard waiting.oneEnded(for: entry.request) else { continue }
                if outcome.isClean {
                    let ending = endedCalls.last { $0.id == id }?.ending
                    succeed(entry.request, usage: id, status: outcome.status, text: ending ?? outcome.inWords)
                } else {
                    fail(entry.request, CommandFailure(outcome, of: id))
                }
            case .subscribed(_, notified: let standing?):
                // A fetch (Expires 0): told once, and over.
                succeed(entry.request, usage: id, status: 200, text: standing)
            case .joined:
                waiting.drop(entry.request)
                fail(entry.request, CommandFailure(outcome, of: id))
            case .registered, .ringing, .connected, .held, .resumed, .renewed, .playing, .recording, .digits,
                .subscribed(_, notified: nil),
                .refreshed,
                .published, .delivered, .answered, .reaped, .transferred:
                fail(entry.request, CommandFailure(outcome, of: id))
            }
        }
    }

    // MARK: Traces

    /// Whether a message of it is kept with it. A copy that comes late, when the usage has ended and is not remembered any
    /// more, belongs to nobody.
    private func hasLadder(_ usage: AnyUsageID) -> Bool {
        ladders.ladders[usage] != nil || core.summary(usage) != nil
            || backlog[workedOff...].contains { if case .event(.ended(usage, _)) = $0 { true } else { false } }
    }

    private mutating func traced(_ trace: Trace, _ usage: AnyUsageID?, at now: Instant) {
        guard let message = trace.message else { return }
        let isSent = trace.direction == .sent
        if message.isRequest, trace.retransmission == 0 { count(visible(message.method.description), isSent: isSent) }
        if !isSent, let status = message.status, !status.isProvisional { lastResponse = trace.bytes }
        ladders.note(trace, of: usage.flatMap { hasLadder($0) ? $0 : nil }, at: now)
        if configuration.tracesMessages {
            say(
                .traced(
                    TraceLine(
                        at: now, isSent: isSent, transport: trace.transport, remote: trace.remote,
                        retransmission: trace.retransmission, usage: usage, text: message.harmlessText)))
        }
        changed()
    }

    /// Others may invent as many methods as they like; we count so many.
    private mutating func count(_ method: String, isSent: Bool) {
        if isSent {
            sentCounts[method, default: 0] += 1
        } else if receivedCounts[method] != nil || receivedCounts.count < 64 {
            receivedCounts[method, default: 0] += 1
        }
    }
}
