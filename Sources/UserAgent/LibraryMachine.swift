import DialogUsage
import SDP
import SIPMessage
import SIPTransaction
import SansIO

/// `UsageCore` as a machine for the stack thread: requests of the library's callers in, events and answers out. It has
/// no opinion of its own; incoming messages are answered 200, incoming subscriptions and transfers refused.
struct LibraryMachine: Machine {
    enum Command: Sendable {
        case perform(Request, token: UInt64)
        case end(AnyUsageID)
        case shutdown(ShutdownMode, giveUp: Duration, ignoringSoftState: Bool)
        case adjust(ShutdownAdjustment, token: UInt64)
        case look(token: UInt64)
    }
    enum Request: Sendable {
        case addAccount(Account)
        case register(AccountID)
        case invite(AccountID, AnyURI, SessionDescription?)
        case answer(UInt32, SessionDescription)
        case reject(UInt32, StatusCode)
        case subscribe(AccountID, AnyURI, event: String, accept: [String], expires: Duration)
        case publish(AccountID, event: String, contentType: String, body: [UInt8], expires: Duration)
        case message(AccountID, AnyURI, contentType: String, body: [UInt8])
    }
    enum Answer: Sendable {
        case account(AccountID)
        case usage(AnyUsageID)
        case done
        case refused(UsageError)
        case refusedAdjustment(AdjustmentError)
        case looked(blockers: [Blocker], census: ManagerCensus, now: Instant)
    }
    enum Event: Sendable {
        case answered(UInt64, Answer)
        case happened(UsageEvent)
        case shutdownProgressed([Blocker], now: Instant)
        case stopped(ShutdownReport)
    }

    private var core: UsageCore

    init(_ configuration: UserAgentConfiguration, entropy: Entropy) {
        core = UsageCore(configuration, entropy: entropy)
    }

    var nextDeadline: Instant? { core.nextDeadline }

    mutating func handle(_ input: MachineInput<Command>, at now: Instant) -> [MachineOutput<Event>] {
        switch input {
        case .network(let network): return translate(core.handle(network, at: now), at: now)
        case .deadlineReached: return translate(core.deadlineReached(at: now), at: now)
        case .command(.end(let id)): return translate(core.end(id, at: now), at: now)
        case .command(.shutdown(let mode, let giveUp, let ignoringSoftState)):
            let outputs =
                switch mode {
                case .graceful, .cancelled: core.shutdown(giveUp: giveUp, at: now)
                case .ifIdle: core.shutdownIfNoUsages(giveUp: giveUp, ignoringSoftState: ignoringSoftState, at: now)
                case .force: core.forceShutdown(at: now)
                case .bestEffort: core.forceShutdown(bestEffort: true, at: now)
                }
            return translate(outputs, at: now)
        case .command(.look(let token)):
            return [.event(.answered(token, .looked(blockers: core.blockers, census: core.census, now: now)))]
        case .command(.adjust(let adjustment, let token)):
            do {
                let outputs = try core.adjustShutdown(adjustment, at: now)
                return [.event(.answered(token, .done))] + translate(outputs, at: now)
            } catch {
                return [.event(.answered(token, .refusedAdjustment(error)))]
            }
        case .command(.perform(let request, let token)):
            do {
                let (answer, outputs) = try perform(request, at: now)
                return [.event(.answered(token, answer))] + translate(outputs, at: now)
            } catch {
                return [.event(.answered(token, .refused(error)))]
            }
        }
    }

    private mutating func perform(
        _ request: Request, at now: Instant
    ) throws(UsageError) -> (Answer, [UsageOutput]) {
        switch request {
        case .addAccount(let account):
            return (.account(core.addAccount(account)), [])
        case .register(let account):
            let (id, outputs) = try core.register(account, at: now)
            return (.usage(id.any), outputs)
        case .invite(let account, let peer, let offer):
            let (id, outputs) = try core.invite(account, to: peer, offer: offer, at: now)
            return (.usage(id.any), outputs)
        case .answer(let serial, let description):
            return (.done, try core.answer(UsageID(serial: serial), with: description, at: now))
        case .reject(let serial, let status):
            return (.done, try core.reject(UsageID<ServerInviteSession>(serial: serial), status: status, at: now))
        case .subscribe(let account, let peer, let event, let accept, let expires):
            let type = EventType(package: event)
            let (id, outputs) = try core.subscribe(
                account, to: peer, event: type, accept: accept, expires: expires, at: now)
            return (.usage(id.any), outputs)
        case .publish(let account, let event, let type, let body, let expires):
            let (id, outputs) = try core.publish(
                account, event: event, contentType: type, body: body, expires: expires, at: now)
            return (.usage(id.any), outputs)
        case .message(let account, let peer, let type, let body):
            let (id, _, outputs) = try core.message(account, to: peer, contentType: type, body: body, at: now)
            return (.usage(id.any), outputs)
        }
    }

    private mutating func translate(_ outputs: [UsageOutput], at now: Instant) -> [MachineOutput<Event>] {
        var translated: [MachineOutput<Event>] = []
        for output in outputs {
            switch output {
            case .network(let network): translated.append(.network(network))
            case .ended(let report):
                translated.append(.event(.stopped(report)))
                translated.append(.finished)
            case .event(.message(let id, let request)):
                translated.append(.event(.happened(.message(id, request))))
                let more = try? core.respond(to: id, status: 200, at: now)
                translated += translate(more ?? [], at: now)
            case .event(.watcher(let id, .requested)):
                let more = try? core.reject(id, status: 489, at: now)
                translated += translate(more ?? [], at: now)
            case .event(.referralRequested(let id, _)):
                let more = try? core.declineReferral(id, at: now)
                translated += translate(more ?? [], at: now)
            case .event(.session(.server(let id), .incoming(let call))):
                translated.append(.event(.happened(.session(.server(id), .incoming(call)))))
                let more = try? core.ring(id, at: now)
                translated += translate(more ?? [], at: now)
            case .event(.session(let id, .offered(let offer))):
                translated.append(.event(.happened(.session(id, .offered(offer)))))
                let more = try? core.rejectOffer(id, status: 488, at: now)
                translated += translate(more ?? [], at: now)
            case .event(.shutdownProgress):
                translated.append(.event(.shutdownProgressed(core.blockers, now: now)))
            case .event(.traced), .event(.changed): break
            case .event(let event): translated.append(.event(.happened(event)))
            }
        }
        return translated
    }
}
