import DialogUsage
import Media
import SIPMessage
import Sandbox
import SansIO

/// Two user agents and the sandbox domain on virtual time, over a network that is as bad as its seed makes it: one run is
/// two minutes of random commands, random faults and, for each agent, a shutdown at a random instant in a random mode.
/// The same seed gives the same run, to the byte.
package struct Simulation {
    static let sandboxAddress = SocketAddress(.v4(0x0A00_0064), port: 5060)
    /// How long commands are given; then whoever is still there leaves.
    static let activity = Duration.seconds(120)
    /// `shutdownBound` of `shutdown.md` S1 with T1 = 500 ms, and as much again for what froze on the way.
    static let patience = Duration.seconds(1200)

    let plant: Plant?
    var random: Entropy
    var now = Instant.zero
    var agents: [SimulatedAgent] = []
    var sandbox: Sandbox?
    var sandboxStarts = 0
    /// Whether the domain has ever forgotten what it knew, or been cut off from somebody.
    var hasForgotten = false
    var weather: Weather
    var agenda = Agenda<Happening>()
    var outcome: SimulationOutcome

    /// What is going to happen.
    enum Happening: Sendable {
        case arrival(Datagram)
        case command
        case reaction(agent: Int, Reaction)
        case shutdown(agent: Int)
        case escalation(agent: Int)
        case fault
        case sandboxMedia(MediaEvent)
    }

    package static func run(seed: UInt64, plant: Plant? = nil) -> SimulationOutcome {
        var simulation = Simulation(seed: seed, plant: plant)
        simulation.live()
        return simulation.outcome
    }

    private init(seed: UInt64, plant: Plant?) {
        self.plant = plant
        random = Entropy(seed: seed)
        outcome = SimulationOutcome(seed: seed)
        weather = Weather(&random)
        startSandbox()
        for index in 0..<2 {
            agents.append(
                SimulatedAgent(
                    index: index, password: Self.password, sandbox: Self.sandboxAddress, plant: plant,
                    entropy: Entropy(seed: random.next())))
            agenda.add(.shutdown(agent: index), at: .zero + milliseconds(1_000...100_000))
        }
        agenda.add(.command, at: .zero)
        agenda.add(.fault, at: .zero + milliseconds(1_000...60_000))
    }
    static let password = Secret("a password for one run")

    mutating func startSandbox() {
        sandboxStarts += 1
        sandbox = Sandbox(
            SandboxConfiguration(alicePassword: Self.password),
            local: LocalAddresses(port: 5060, ipv4: Self.sandboxAddress.ip), entropy: Entropy(seed: random.next()))
    }

    /// A random time within the range.
    mutating func milliseconds(_ range: ClosedRange<Int64>) -> Duration {
        .milliseconds(range.lowerBound + Int64(random.next() % UInt64(range.upperBound - range.lowerBound + 1)))
    }
    mutating func chance(_ share: Double) -> Bool { random.fraction() < share }

    // MARK: Time

    private mutating func live() {
        let end = Instant.zero + Self.activity + Self.patience
        while outcome.violations.isEmpty, agents.contains(where: { !$0.isStopped }) {
            let deadlines = agents.reduce(sandbox?.nextDeadline) { earliest($0, $1.nextDeadline) }
            guard let next = earliest(agenda.next, deadlines), next <= end else {
                for agent in agents where !agent.isStopped {
                    violate("agent\(agent.index) never stops; it waits for \(agent.core.blockers)")
                }
                break
            }
            now = max(now, next)
            while let happening = agenda.due(at: now) { happen(happening) }
            serveDeadlines()
        }
        checkAgreement()
    }

    private mutating func serveDeadlines() {
        for index in agents.indices {
            if let deadline = agents[index].nextDeadline, deadline <= now {
                take(agents[index].core.deadlineReached(at: now), of: index)
            }
        }
        if let deadline = sandbox?.nextDeadline, deadline <= now { toSandbox(.deadlineReached) }
    }

    private mutating func happen(_ happening: Happening) {
        switch happening {
        case .arrival(let datagram): arrive(datagram)
        case .command: commandSomebody()
        case .reaction(let agent, let reaction): react(reaction, of: agent)
        case .shutdown(let agent): shutDown(agent)
        case .escalation(let agent): escalate(agent)
        case .fault: makeFault()
        case .sandboxMedia(let event): toSandbox(.command(.media(event)))
        }
    }

    mutating func violate(_ text: String) {
        let seconds = Double(now.nanoseconds / 1_000_000) / 1_000
        outcome.violations.append("\(seconds) s: \(text)")
    }
}
