import DialogUsage
package import SansIO

/// What the domain believes, for those who compare it with what its users believe.
extension Sandbox {
    package struct Remembered: Hashable, Sendable {
        package var bindings: Int
        package var publications: Int
        package var watchers: Int
        package var calls: Int
        package var isEmpty: Bool { bindings + publications + watchers + calls == 0 }
    }

    package func remembered(at now: Instant) -> Remembered {
        let users = configuration.users
        return Remembered(
            bindings: users.reduce(0) { $0 + bindings.contacts(of: $1, at: now).count },
            publications: presence.count, watchers: watchers.count, calls: calls.count)
    }
    package func holdsSession(_ callID: String) -> Bool { core.holdsSession(callID) }
    package func holdsWatcher(_ callID: String) -> Bool { core.holdsWatcher(callID) }
}
