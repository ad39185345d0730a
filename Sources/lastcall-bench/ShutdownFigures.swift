import DialogUsage
import Glibc
import Runtime
import SIPMessage
import SIPTransaction
import SansIO

/// Shutdown on real sockets, both ends in this process, each on its own stack thread.
enum ShutdownFigures {
    /// Ten thousand healthy subscriptions: from `shutdown` to `onDumCanBeDeleted`.
    static func tenThousandSubscriptions() throws {
        let run = try Run(subscriptions: 10_000)
        try run.waitUntilActive(within: 60)
        let start = MonotonicClock.now()
        run.client.send(.shutdown(.graceful, giveUp: .seconds(60)))
        let report = try run.waitForReport(within: 90)
        let took = (MonotonicClock.now() - start).inSeconds
        run.stopPeer()
        let clean = report.usages.count(where: { $0.outcome.isClean })
        let repeated = report.usages.reduce(0) { $0 + $1.requestsSent - 1 }
        guard report.isClean, clean == 10_000 else {
            throw BenchError.failed("not clean: \(clean) of \(report.usages.count) usages ended well")
        }
        print("shutdown_10000_subscriptions \(rounded(took)) s")
        print("shutdown_10000_retransmissions \(repeated) requests")
    }

    /// Every peer silent: the time past the give-up time of two seconds. The worst of five runs.
    static func giveUpOverrun() throws {
        var worst = 0.0
        for _ in 0..<5 {
            let run = try Run(subscriptions: 20)
            try run.waitUntilActive(within: 20)
            run.silencePeer()
            let start = MonotonicClock.now()
            run.client.send(.shutdown(.graceful, giveUp: .seconds(2)))
            let report = try run.waitForReport(within: 20)
            worst = max(worst, (MonotonicClock.now() - start).inSeconds - 2)
            run.stopPeer()
            guard report.abandoned.count == 20 else {
                throw BenchError.failed("\(report.abandoned.count) usages abandoned, 20 expected")
            }
        }
        print("giveup_overrun \(rounded(worst * 1000)) ms")
    }

    private static func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }

    /// A client with subscriptions, and their notifier.
    final class Run: Sendable {
        struct State {
            var active = 0
            var report: ShutdownReport?
            var isDone = false
        }
        let client: StackThread<ClientMachine>
        let peer: StackThread<PeerMachine>
        let state: Signal<State>
        let peerDone: Signal<Bool>

        init(subscriptions: Int) throws {
            let state = Signal(State())
            let peerDone = Signal(false)
            self.state = state
            self.peerDone = peerDone
            let peerPort = Signal(UInt16(0))
            peer = try StackThread<PeerMachine>.start(
                listen: ListenOptions(ip: .loopback4, port: 0, tcp: false),
                make: { local in
                    peerPort.change { $0 = local.port }
                    return PeerMachine(local: local, entropy: SystemEntropy.make())
                }, onEvent: { _ in }, onFinished: { peerDone.change { $0 = true } })
            let port = peerPort.value
            client = try StackThread<ClientMachine>.start(
                listen: ListenOptions(ip: .loopback4, port: 0, tcp: false),
                make: { ClientMachine(local: $0, entropy: SystemEntropy.make()) },
                onEvent: { event in
                    switch event {
                    case .becameActive: state.change { $0.active += 1 }
                    case .ended(let report): state.change { $0.report = report }
                    }
                }, onFinished: { state.change { $0.isDone = true } })
            total = subscriptions
            client.send(.make(.subscriptions, count: subscriptions, port: port))
        }
        private let total: Int

        func waitUntilActive(within seconds: Int) throws {
            let total = total
            guard state.wait(seconds: seconds, until: { $0.active >= total }) else {
                throw BenchError.failed("only \(state.value.active) of \(total) subscriptions became active")
            }
        }
        func waitForReport(within seconds: Int) throws -> ShutdownReport {
            guard state.wait(seconds: seconds, until: { $0.isDone }), let report = state.value.report else {
                throw BenchError.failed("the shutdown did not complete within \(seconds) s")
            }
            return report
        }
        func silencePeer() { peer.send(.fallSilent) }
        func stopPeer() {
            peer.send(.stop)
            _ = peerDone.wait(seconds: 5, until: { $0 })
        }
    }
}
