import DialogUsage
package import SIPMessage
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
        var remembered = Remembered(bindings: 0, publications: 0, watchers: core.watcherCount, calls: calls.count)
        for user in configuration.users {
            remembered.bindings += targets(of: user, at: now).count
            remembered.publications += core.compositor?.publications(of: presence(of: user), at: now).count ?? 0
        }
        return remembered
    }
    package func holdsSession(_ callID: String) -> Bool { core.holdsSession(callID) }
    package func holdsWatcher(_ callID: String, _ event: EventType) -> Bool {
        core.holdsWatcher(callID, event)
    }
}
