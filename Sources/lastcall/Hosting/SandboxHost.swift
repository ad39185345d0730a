import DialogUsage
import Media
import Runtime
import Sandbox
import SansIO

/// The embedded domain on a stack thread and an audio thread of its own: what passes between it and us crosses real
/// sockets, and nothing of it is part of our report.
final class SandboxHost: Sendable {
    /// Where it listens, for UDP and TCP.
    let address: SocketAddress
    let alicePassword: Secret<String>
    private let stack: StackThread<Sandbox>
    private let audio: AudioThread
    private let ending: Outbox<Ending>

    private enum Ending: Sendable {
        case census(ManagerCensus)
        case finished
    }

    private init(stack: StackThread<Sandbox>, audio: AudioThread, alicePassword: Secret<String>, ending: Outbox<Ending>)
    {
        self.stack = stack
        self.audio = audio
        self.alicePassword = alicePassword
        self.ending = ending
        address = SocketAddress(.loopback4, port: stack.addresses.port)
    }

    /// - Parameter faultApplied: told on the sandbox's thread.
    static func start(
        port: UInt16, faultApplied: @escaping @Sendable (UInt64) -> Void
    ) throws(RuntimeError) -> SandboxHost {
        var entropy = SystemEntropy.make()
        let password = Secret(entropy.token(digits: 24))
        let ending = Outbox<Ending>()
        let wire = Wire<SandboxCommand>()
        let audio = try AudioThread(name: "lc-sb-audio") { wire.send(.media($0)) }
        let stack = try StackThread<Sandbox>.start(
            listen: .loopback(port: port),
            make: { local in
                let epoch = Epoch(seconds: WallClock.time(of: .zero).milliseconds / 1000)
                let configuration = SandboxConfiguration(alicePassword: password, epoch: epoch)
                return Sandbox(configuration, local: local, entropy: SystemEntropy.make())
            },
            onEvent: { event in
                switch event {
                case .media(let command): audio.post(command)
                case .faultApplied(let token): faultApplied(token)
                case .stopped(let census): ending.post(.census(census))
                }
            },
            onFinished: { ending.post(.finished) })
        wire.connect { stack.send($0) }
        return SandboxHost(stack: stack, audio: audio, alicePassword: password, ending: ending)
    }

    func apply(_ fault: SandboxFault, token: UInt64) { stack.send(.fault(fault, token: token)) }

    /// Ends it at once and waits until it is gone.
    ///
    /// - Returns: what was left of it, which is nothing.
    func stop() -> ManagerCensus {
        stack.send(.stop)
        var left = ManagerCensus()
        while true {
            for news in ending.takeAll() {
                switch news {
                case .census(let census): left = census
                case .finished:
                    audio.stop()
                    return left
                }
            }
        }
    }
}
