import DialogUsage
import SDP
import SIPMessage
import SansIO

/// The applications of the agents: what their cores say, and how they react to it.
extension Simulation {
    static let offer = SessionDescription.offer(at: SocketAddress(.v4(0x0A00_0001), port: 40_000), sessionID: 1)

    mutating func take(_ outputs: [UsageOutput], of index: Int) {
        for output in outputs {
            switch output {
            case .network(let network): perform(network, of: index)
            case .event(let event):
                check(event, of: index)
                answer(event, of: index)
            case .ended(let report): stopped(report, of: index)
            }
        }
        if survey != nil { look(at: index) }
    }

    private mutating func perform(_ output: NetworkOutput, of index: Int) {
        switch output {
        case .transmit(let datagram): leave(datagram, from: index)
        case .connect(let flow, _, _):
            agenda.add(.refusal(agents[index].name, flow), at: now + weather.latency)
        case .resolve(let id, _): take(agents[index].core.handle(.resolved(id, []), at: clock(index)), of: index)
        case .write, .close: break
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
        send(datagram)
    }

    private mutating func answer(_ event: UsageEvent, of index: Int) {
        switch event {
        case .session(.server(let id), .incoming):
            if chance(0.8) { ring(id, index) }
            // One caller in five is never answered.
            if chance(0.8) { soon(chance(0.7) ? .answer(id) : .reject(id), of: index, within: 5_000) }
        case .session(let id, .offered): soon(.offered(id), of: index, within: 500)
        case .watcher(let id, .requested): if chance(0.9) { soon(.watcher(id), of: index, within: 2_000) }
        case .referralRequested(let id, _):
            // Beyond 2 s the subscription is pending; one in five is never decided.
            if chance(0.8) { soon(.referral(id), of: index, within: 4_000) }
        case .message(let id, _): if chance(0.9) { soon(.respond(id), of: index, within: 1_000) }
        case .session, .registration, .subscription, .publication, .pager, .watcher, .referral, .request, .registrar,
            .compositor, .outOfDialog, .ended, .changed, .shutdownProgress, .shutdownCancelled, .traced, .malformed:
            break
        }
    }

    private mutating func ring(_ id: UsageID<ServerInviteSession>, _ index: Int) {
        let (now, isEarlyMedia) = (clock(index), chance(0.3))
        let outputs = try? agents[index].core.ring(
            id, status: isEarlyMedia ? 183 : 180, describing: isEarlyMedia ? Self.offer : nil, at: now)
        take(outputs ?? [], of: index)
    }

    private mutating func soon(_ reaction: Reaction, of index: Int, within limit: Int64) {
        agenda.add(.reaction(agents[index].name, reaction), at: now + milliseconds(0...limit))
    }

    mutating func react(_ reaction: Reaction, of index: Int) {
        let now = clock(index)
        let outputs: [UsageOutput]?
        switch reaction {
        case .answer(let id): outputs = try? agents[index].core.answer(id, with: Self.offer, at: now)
        case .reject(let id):
            let status = pick([486, 603, 404] as [StatusCode]) ?? 486
            outputs = try? agents[index].core.reject(id, status: status, at: now)
        case .watcher(let id):
            outputs =
                chance(0.8)
                ? try? agents[index].core.accept(
                    id, standing: chance(0.8) ? .active : .pending, contentType: nil, body: [], at: now)
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
}
