import DialogUsage
import Media
import SIPMessage
import Sandbox
import SansIO

/// Two to four user agents and the sandbox domain on virtual time, over a network that is as bad as its seed makes it: one
/// run is a minute of random commands and faults, crashes and restarts of any node, and shutdowns at random instants in
/// random modes. The same seed gives the same run, to the byte.
package struct Simulation: Sendable {
    static let sandboxAddress = SocketAddress(.v4(0x0A00_0064), port: 5060)
    /// How long commands are given; then whoever is still there leaves.
    static let activity = Duration.seconds(60)
    /// As long as the longest shutdown may take, and as much again for what froze on the way.
    static let patience = Duration.seconds(1200)
    /// No lease is longer; after that nobody may remember anybody.
    static let longestLease = Duration.seconds(300)

    let plant: Plant?
    let isRecording: Bool
    var random: Entropy
    var now = Instant.zero
    var agents: [SimulatedAgent] = []
    /// Agents that are down and will come back.
    var comingBack = 0
    var sandbox: Sandbox?
    var weather: Weather
    var faults: Set<Fault> = []
    /// Whether the domain has ever forgotten what it knew, or somebody has never been able to tell it of his end.
    var hasForgotten = false
    var agenda = Agenda<Happening>()
    var outcome: SimulationOutcome
    /// Which states have been seen, where somebody asks.
    var survey: Survey?
    /// A copy on which something is tried: nobody comes back.
    var isOnTrial = false

    /// With `recording`, the ladder of all that passes is written, which takes longer than the run itself.
    package static func run(seed: UInt64, plant: Plant? = nil, recording: Bool = false) -> SimulationOutcome {
        var simulation = Simulation(seed: seed, plant: plant, recording: recording)
        simulation.live()
        return simulation.outcome
    }

    init(seed: UInt64, plant: Plant?, recording: Bool) {
        self.plant = plant
        isRecording = recording
        random = Entropy(seed: seed)
        outcome = SimulationOutcome(seed: seed)
        weather = Weather(&random)
        startSandbox()
        for index in 0..<Int(2 + random.next() % 3) { start(AgentName(index: index, life: 1)) }
        agenda.add(.command, at: .zero)
        agenda.add(.fault, at: .zero + milliseconds(1_000...40_000))
    }
    static let password = Secret("a password for one run")

    mutating func startSandbox() {
        sandbox = Sandbox(
            SandboxConfiguration(alicePassword: Self.password),
            local: LocalAddresses(port: 5060, ipv4: Self.sandboxAddress.ip), entropy: Entropy(seed: random.next()))
    }

    /// A user agent that knows of no other life of its own, and will leave some time.
    mutating func start(_ name: AgentName) {
        let agent = SimulatedAgent(
            name, password: Self.password, sandbox: Self.sandboxAddress, plant: plant,
            entropy: Entropy(seed: random.next()))
        if agents.count == name.index { agents.append(agent) } else { agents[name.index] = agent }
        let left = max(1_000, Self.activity.inMilliseconds - (now - .zero).inMilliseconds)
        agenda.add(.shutdown(name), at: now + milliseconds(500...left))
    }

    /// A random time within the range.
    mutating func milliseconds(_ range: ClosedRange<Int64>) -> Duration {
        .milliseconds(range.lowerBound + Int64(random.next() % UInt64(range.upperBound - range.lowerBound + 1)))
    }
    mutating func chance(_ share: Double) -> Bool { random.fraction() < share }
    mutating func pick<Element>(_ elements: [Element]) -> Element? {
        elements.isEmpty ? nil : elements[Int(random.next() % UInt64(elements.count))]
    }

    // MARK: Time

    /// What an agent's own clock says.
    func clock(_ index: Int) -> Instant { now + agents[index].skew }
    var isActive: Bool { now < .zero + Self.activity }

    mutating func live() {
        let end = Instant.zero + Self.activity + Self.patience
        while outcome.violations.isEmpty, comingBack > 0 || agents.contains(where: \.isUp) {
            guard step(until: end) else {
                for agent in agents where agent.isUp {
                    let waiting = agent.core.blockers.map { $0.sentence(at: now + agent.skew) }
                    violate("\(agent.name) never stops; it waits for \(waiting)")
                }
                break
            }
        }
        checkAgreement()
        forget()
    }

    /// On to the next instant at which anything happens; false when that is later than `end`.
    mutating func step(until end: Instant) -> Bool {
        let deadlines = agents.reduce(sandbox?.nextDeadline) { earliest($0, $1.nextDeadline) }
        guard let next = earliest(agenda.next, deadlines), next <= end else { return false }
        now = max(now, next)
        while let happening = agenda.due(at: now) { happen(happening) }
        for index in agents.indices {
            guard let deadline = agents[index].nextDeadline, deadline <= now else { continue }
            take(agents[index].core.deadlineReached(at: clock(index)), of: index)
        }
        if let deadline = sandbox?.nextDeadline, deadline <= now { toSandbox(.deadlineReached) }
        return true
    }

    private mutating func happen(_ happening: Happening) {
        switch happening {
        case .arrival(let datagram): arrive(datagram)
        case .refusal(let agent, let flow):
            whenAwake(agent, happening) { simulation, index in
                let now = simulation.clock(index)
                simulation.take(simulation.agents[index].core.handle(.closed(flow, .refused), at: now), of: index)
            }
        case .command: commandSomebody()
        case .reaction(let agent, let reaction): whenAwake(agent, happening) { $0.react(reaction, of: $1) }
        case .shutdown(let agent): whenAwake(agent, happening) { $0.shutDown($1) }
        case .escalation(let agent): whenAwake(agent, happening) { $0.escalate($1) }
        case .adjustment(let agent): whenAwake(agent, happening) { $0.adjust($1) }
        case .start(let index):
            comingBack -= 1
            start(AgentName(index: index, life: agents[index].name.life + 1))
        case .fault: makeFault()
        case .mend(let fault): mend(fault)
        case .sandboxMedia(let event): toSandbox(.command(.media(event)))
        }
    }

    /// For an agent that still lives the same life: now, or when it wakes.
    private mutating func whenAwake(
        _ name: AgentName, _ happening: Happening, _ work: (inout Simulation, Int) -> Void
    ) {
        let index = name.index
        guard agents[index].name == name, agents[index].isUp else { return }
        if let until = agents[index].frozenUntil, until > now { return agenda.add(happening, at: until) }
        work(&self, index)
    }

    mutating func violate(_ text: String) {
        outcome.violations.append("\(Self.seconds(now)) s: \(text)")
    }
    /// A line of the ladder, made only where somebody will read it.
    mutating func note(_ text: (Simulation) -> String) {
        guard isRecording else { return }
        let line = "\(Self.seconds(now))  \(text(self))"
        outcome.ladder.append(line)
    }
    private static func seconds(_ instant: Instant) -> Double { Double(instant.nanoseconds / 1_000_000) / 1_000 }
}
