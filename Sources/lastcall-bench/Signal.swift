import Glibc
import Runtime

/// A value that one thread changes and another waits for.
final class Signal<Value: Sendable>: Sendable {
    private let storage: Locked<Value>

    init(_ value: Value) { storage = Locked(value) }

    var value: Value { storage.withLock { $0 } }
    func change(_ change: (inout Value) -> Void) { storage.withLock { change(&$0) } }

    /// Looks every 20 milliseconds: fine beside the seconds that are measured with it, and cheap beside the instructions.
    func wait(seconds: Int, until isReached: (Value) -> Bool) -> Bool {
        for _ in 0..<(seconds * 50) {
            if isReached(value) { return true }
            usleep(20_000)
        }
        return isReached(value)
    }
}
