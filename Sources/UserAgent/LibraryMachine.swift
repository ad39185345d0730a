import DialogUsage
import SIPMessage
import SIPTransaction
import SansIO

/// `UsageCore` as a machine for the stack thread: requests of the library's callers in, events and answers out. It has
/// little opinion of its own: a call rings, a message is answered 200, and a watcher of a package that the configuration does
/// not name is refused by the core.
struct LibraryMachine: Machine {
    enum Command: Sendable {
        case perform(Request, token: UInt64)
        case end(AnyUsageID)
        case shutdown(ShutdownMode, giveUp: Duration, ignoringSoftState: Bool, plan: ShutdownPlan?)
        case adjust(ShutdownAdjustment, token: UInt64)
        case look(token: UInt64)
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
        case .command(.shutdown(let mode, let giveUp, let ignoringSoftState, let plan)):
            let outputs =
                switch mode {
                case .graceful, .cancelled: core.shutdown(giveUp: giveUp, plan: plan, at: now)
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
                let (answer, outputs) = try core.perform(request, at: now)
                return [.event(.answered(token, answer))] + translate(outputs, at: now)
            } catch {
                return [.event(.answered(token, .refused(error)))]
            }
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
            case .event(.session(.server(let id), .incoming(let call))):
                translated.append(.event(.happened(.session(.server(id), .incoming(call)))))
                let more = try? core.ring(id, at: now)
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
