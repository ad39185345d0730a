import Glibc
import Runtime
import SansIO

/// A stack thread with a relay machine on it, and what it has told so far.
final class Relay: Sendable {
    let thread: StackThread<RelayMachine>
    private let told: Told

    /// What the stack's own threads write to. Apart from the relay, so that the relay alone owns its thread.
    private final class Told: Sendable {
        let events = Locked<[RelayMachine.Event]>([])
        let finished = Locked(0)
    }

    init(_ listen: ListenOptions = .loopback(), echoes: Bool = false) throws {
        let told = Told()
        self.told = told
        thread = try StackThread.start(
            listen: listen,
            make: { _ in RelayMachine(echoes: echoes) },
            onEvent: { event in told.events.withLock { $0.append(event) } },
            onFinished: { told.finished.withLock { $0 += 1 } })
    }

    var address: SocketAddress { SocketAddress(.loopback4, port: thread.addresses.port) }
    var events: [RelayMachine.Event] { told.events.withLock { $0 } }
    var network: [NetworkInput] {
        events.compactMap { if case .network(let input) = $0 { input } else { nil } }
    }
    var timesFinished: Int { told.finished.withLock { $0 } }

    func perform(_ outputs: NetworkOutput...) { thread.send(.perform(outputs)) }
    func transmit(_ text: String, to remote: SocketAddress) {
        perform(.transmit(Datagram(local: address, remote: remote, bytes: Array(text.utf8))))
    }

    /// Ends the machine and waits until everything is gone.
    func finish(after outputs: [NetworkOutput] = []) -> Bool {
        thread.send(.finish(after: outputs))
        return waitUntil { self.timesFinished > 0 }
    }
    /// The first input for which `pick` has an answer, waited for.
    func first<Found>(within limit: Duration = .seconds(5), _ pick: (NetworkInput) -> Found?) -> Found? {
        var found: Found?
        _ = waitUntil(within: limit) {
            found = self.network.lazy.compactMap(pick).first
            return found != nil
        }
        return found
    }
}

/// Looks again every half millisecond until `condition` holds; false when the time is up.
func waitUntil(within limit: Duration = .seconds(5), _ condition: () -> Bool) -> Bool {
    let giveUpAt = MonotonicClock.now() + limit
    while !condition() {
        guard MonotonicClock.now() < giveUpAt else { return false }
        usleep(500)
    }
    return true
}

/// Processor time of the whole program so far.
func processorTime() -> Duration {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return .nanoseconds(Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
}
