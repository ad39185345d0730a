import Glibc
import Runtime

/// A value that one thread changes and another waits for.
final class Signal<Value: Sendable>: Sendable {
    private let storage: Locked<Value>

    init(_ value: Value) { storage = Locked(value) }

    var value: Value { storage.withLock { $0 } }
    func change(_ change: (inout Value) -> Void) { storage.withLock { change(&$0) } }

    /// Looks every millisecond: fine beside the seconds that are measured with it.
    func wait(seconds: Int, until isReached: (Value) -> Bool) -> Bool {
        for _ in 0..<(seconds * 1000) {
            if isReached(value) { return true }
            usleep(1000)
        }
        return isReached(value)
    }
}
