import BatchScript
import DialogUsage
import Media
import SIPMessage
import Sandbox
import SansIO
import SoftphoneCore

/// A whole run without a world: the scripted softphone and the sandbox, a network between them in which everything
/// takes a millisecond, and an audio thread that is a table. Time jumps from one deadline to the next.
struct SimulatedRun {
    private var user: ScriptedSoftphone
    private var sandbox: Sandbox
    private var now = Instant.zero
    private var post: [Delivery] = []
    private var serial = 0
    private var flows: [FlowID: FlowID] = [:]
    private(set) var files: [String: [UInt8]] = [:]
    private(set) var lines: [OutputLine] = []
    private(set) var verdict: Verdict?
    private(set) var census: ManagerCensus?

    private static let latency = Duration.milliseconds(1)
    private static let userPort: UInt16 = 5070
    private static let sandboxPort: UInt16 = 5060

    private struct Delivery {
        enum Letter {
            case user(MachineInput<ScriptedSoftphone.Command>)
            case sandbox(MachineInput<SandboxCommand>)
        }
        var at: Instant
        var serial: Int
        var letter: Letter
    }

    /// Runs a script to its end.
    static func run(
        _ text: String, seed: UInt64 = 1, overallTime: Duration? = nil, format: OutputFormat = .jsonl,
        interrupted: (Interruption, after: Duration)? = nil, times: Int = 1, allowsFaults: Bool = false
    ) throws -> SimulatedRun {
        var run = try SimulatedRun(
            text, seed: seed, overallTime: overallTime, format: format, allowsFaults: allowsFaults)
        run.deliver(.user(.command(.start)), after: .zero)
        if let interrupted {
            for time in 0..<times {
                run.deliver(
                    .user(.command(.interrupted(interrupted.0))), after: interrupted.after + .milliseconds(100) * time)
            }
        }
        run.untilFinished()
        return run
    }

    private init(_ text: String, seed: UInt64, overallTime: Duration?, format: OutputFormat, allowsFaults: Bool) throws
    {
        let script = try Lab.parse(text, allowsFaults: allowsFaults)
        let start = StartRecord(
            time: "2026-09-01T14:00:00.000Z", application: "lastcall test", file: "a.batch", seed: seed,
            sandbox: "127.0.0.1:\(Self.sandboxPort)")
        let address = SocketAddress(.loopback4, port: Self.sandboxPort)
        let password = Secret("a password for one run")
        let alice = Account(
            name: "alice", addressOfRecord: NameAddress(SIPURI(user: "alice", host: "sandbox.test")),
            outboundProxy: SIPURI(user: nil, host: "127.0.0.1", port: Self.sandboxPort), password: password)
        let softphone = Softphone(
            SoftphoneConfiguration(accounts: [alice], sandbox: address), local: .loopback(port: Self.userPort),
            entropy: Entropy(seed: seed))
        user = ScriptedSoftphone(
            softphone, runner: ScriptRunner(script, start: start, overallTime: overallTime), format: format,
            started: .zero)
        sandbox = Sandbox(
            SandboxConfiguration(alicePassword: password), local: .loopback(port: Self.sandboxPort),
            entropy: Entropy(seed: seed &+ 1))
    }

    // MARK: Time

    private mutating func deliver(_ letter: Delivery.Letter, after delay: Duration) {
        serial += 1
        post.append(Delivery(at: now + delay, serial: serial, letter: letter))
    }

    /// Ten minutes of virtual time are more than any script here may take.
    private mutating func untilFinished() {
        while census == nil, now < .zero + .seconds(600) {
            let next = post.min { ($0.at, $0.serial) < ($1.at, $1.serial) }
            let deadline = earliest(user.nextDeadline, sandbox.nextDeadline)
            if let next, deadline.map({ next.at <= $0 }) ?? true {
                post.removeAll { $0.serial == next.serial }
                now = max(now, next.at)
                open(next.letter)
            } else if let deadline {
                now = max(now, deadline)
                if let own = user.nextDeadline, own <= now { take(user.handle(.deadlineReached, at: now)) }
                if let own = sandbox.nextDeadline, own <= now { take(sandbox.handle(.deadlineReached, at: now)) }
            } else {
                return
            }
        }
    }

    private mutating func open(_ letter: Delivery.Letter) {
        switch letter {
        case .user(let input): take(user.handle(input, at: now))
        case .sandbox(let input): take(sandbox.handle(input, at: now))
        }
    }

    // MARK: The world

    private mutating func take(_ outputs: [MachineOutput<ScriptedSoftphone.Event>]) {
        for output in outputs {
            switch output {
            case .network(let network): carry(network, fromUser: true)
            case .finished: deliver(.sandbox(.command(.stop)), after: Self.latency)
            case .event(.line(let line)): lines.append(line)
            case .event(.media(let command)):
                for (event, delay) in Self.audio(command) { deliver(.user(.command(.media(event))), after: delay) }
            case .event(.fault(let request, let fault)):
                deliver(.sandbox(.command(.fault(fault, token: request.serial))), after: .zero)
            case .event(.reload(let request)):
                let nothing = Reloaded.settings(.init(accounts: [], contacts: [], giveUp: .seconds(5)))
                deliver(.user(.command(.reloaded(request, nothing))), after: .zero)
            case .event(.keep(let request, _)):
                deliver(.user(.command(.kept(request, .forThisRun))), after: .zero)
            case .event(.file(let request, let path, let bytes)):
                files[path] = bytes
                deliver(.user(.command(.written(request, nil))), after: .zero)
            case .event(.screen(let request, let path, _)):
                deliver(.user(.command(.written(request, "\(path) cannot be drawn here"))), after: .zero)
            case .event(.verdict(let verdict)): self.verdict = verdict
            case .event(.traced), .event(.logged): break
            }
        }
    }

    private mutating func take(_ outputs: [MachineOutput<SandboxEvent>]) {
        for output in outputs {
            switch output {
            case .network(let network): carry(network, fromUser: false)
            case .event(.faultApplied(let token)):
                deliver(.user(.command(.faultApplied(RequestID(serial: token)))), after: .zero)
            case .event(.media(let command)):
                for (event, delay) in Self.audio(command) { deliver(.sandbox(.command(.media(event))), after: delay) }
            case .event(.stopped(let census)): self.census = census
            case .finished: break
            }
        }
    }

    private mutating func carry(_ output: NetworkOutput, fromUser: Bool) {
        switch output {
        case .transmit(let datagram):
            let back = Datagram(local: datagram.remote, remote: datagram.local, bytes: datagram.bytes)
            // What the house says to itself stays in the house.
            network(.datagram(back), toUser: datagram.remote.port == Self.userPort)
        case .connect(let flow, let transport, let remote):
            let local = SocketAddress(.loopback4, port: 40_000)
            let other = FlowID(serial: flow.serial * 2 + 1_000_001)
            flows[flow] = other
            flows[other] = flow
            network(.accepted(other, FlowEnds(transport: transport, local: remote, remote: local)), toUser: !fromUser)
            network(.connected(flow, FlowEnds(transport: transport, local: local, remote: remote)), toUser: fromUser)
        case .write(let flow, let bytes):
            if let other = flows[flow] { network(.received(other, bytes), toUser: !fromUser) }
            network(.drained(flow), toUser: fromUser)
        case .close(let flow):
            if let other = flows[flow] { network(.closed(other, .closedByPeer), toUser: !fromUser) }
        case .resolve(let id, _): network(.resolved(id, []), toUser: fromUser)
        }
    }

    private mutating func network(_ input: NetworkInput, toUser: Bool) {
        deliver(toUser ? .user(.network(input)) : .sandbox(.network(input)), after: Self.latency)
    }

    /// What an audio thread would say, and after how long: fifty packets each way in the first second.
    private static func audio(_ command: MediaCommand) -> [(MediaEvent, Duration)] {
        var counters = MediaCounters()
        counters.sent = 50
        counters.received = 50
        switch command {
        case .open(let id, _): return [(.opened(id, port: 16_384, rtcpPort: 16_385), latency)]
        case .start(let id, _): return [(.started(id), .milliseconds(20)), (.counters(id, counters), .seconds(1))]
        case .sendDigits(let id, let digits, _, _): return [(.digitsSent(id, digits), .milliseconds(200))]
        case .close(let id): return [(.closed(id, counters), latency)]
        case .update(let id, let plan):
            // A file is read at once, and one that is not called .wav is none.
            guard case .file(let path?, _) = plan.device else { return [] }
            let failure = MediaFailure.cannotRead(path: path, reason: "no such file")
            return [(path.hasSuffix(".wav") ? .playing(id, path) : .failed(id, failure), latency)]
        case .closeAll: return []
        }
    }
}
