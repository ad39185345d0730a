import DialogUsage
import Sandbox
import SansIO

/// What the servers, the machines and the wires do to us.
extension Simulation {
    mutating func makeFault() {
        guard isActive || agents.contains(where: \.isUp) else { return }
        agenda.add(.fault, at: now + milliseconds(2_000...40_000))
        switch random.next() % 9 {
        case 0: begin(.presenceCrashed, for: 5_000...60_000)
        case 1: begin(.sandboxSilent, for: 1_000...60_000)
        case 2: begin(.sandboxSlow, for: 5_000...60_000)
        case 3: begin(.sandboxDown, for: 100...30_000)
        case 4, 5:
            let nodes = agents.map(\.address) + [Self.sandboxAddress]
            guard let one = pick(nodes), let other = pick(nodes), one != other else { return }
            begin(Self.partition(one, other), for: 1_000...60_000)
        case 6: suspendSomebody()
        case 7: jumpSomebody()
        default: crashSomebody()
        }
    }

    private mutating func begin(_ fault: Fault, for duration: ClosedRange<Int64>) {
        guard faults.insert(fault).inserted else { return }
        note { _ in "fault: \(fault)" }
        agenda.add(.mend(fault), at: now + milliseconds(duration))
        hasForgotten = true
        switch fault {
        case .presenceCrashed: toSandbox(.command(.fault(.crashPresence, token: 0)))
        case .sandboxSilent: toSandbox(.command(.fault(.silence, token: 0)))
        case .sandboxDown: sandbox = nil
        case .sandboxSlow, .partition: break
        }
    }

    mutating func mend(_ fault: Fault) {
        faults.remove(fault)
        note { _ in "mended: \(fault)" }
        switch fault {
        case .presenceCrashed: toSandbox(.command(.fault(.restartPresence, token: 0)))
        case .sandboxSilent: toSandbox(.command(.fault(.clear, token: 0)))
        case .sandboxDown: startSandbox()
        case .sandboxSlow, .partition: break
        }
    }

    /// The machine sleeps; its monotonic clock goes on.
    private mutating func suspendSomebody() {
        let index = Int(random.next() % UInt64(agents.count))
        guard agents[index].isUp else { return }
        agents[index].frozenUntil = now + milliseconds(500...60_000)
        agents[index].disturb()
        note { "\($0.agents[index].name) is suspended" }
    }

    /// Its clock is suddenly ahead: all that was due meanwhile is due at once.
    private mutating func jumpSomebody() {
        let index = Int(random.next() % UInt64(agents.count))
        guard agents[index].isUp else { return }
        agents[index].skew += milliseconds(1_000...600_000)
        agents[index].disturb()
        note { "the clock of \($0.agents[index].name) jumps" }
    }

    /// Gone without a word, and perhaps back as somebody who knows nothing.
    private mutating func crashSomebody() {
        let index = Int(random.next() % UInt64(agents.count))
        guard agents[index].isUp, isActive else { return }
        agents[index].state = .crashed
        outcome.crashes += 1
        hasForgotten = true
        note { "\($0.agents[index].name) crashes" }
        if chance(0.7) { comeBack(index) }
    }

    mutating func comeBack(_ index: Int) {
        comingBack += 1
        agenda.add(.start(index: index), at: now + milliseconds(100...20_000))
    }
}
