import Runtime
import Sandbox
import SansIO

/// A registrar on sockets of its own: the sandbox's domain, without its audio.
final class Domain: Sendable {
    let server: String
    let password = "sesame"
    private let stack: StackThread<Sandbox>
    private let finished: AsyncStream<Void>

    init() throws {
        let (finished, end) = AsyncStream<Void>.makeStream()
        let password = password
        self.finished = finished
        stack = try StackThread<Sandbox>.start(
            listen: .loopback(port: 0),
            make: { local in
                Sandbox(
                    SandboxConfiguration(alicePassword: Secret(password)), local: local,
                    entropy: SystemEntropy.make())
            },
            onEvent: { _ in }, onFinished: { end.finish() })
        server = "sip:127.0.0.1:\(stack.addresses.port)"
    }

    func stop() async {
        stack.send(.stop)
        for await _ in finished {}
    }
}
