import SoftphoneCore

/// What has happened and no `wait` has used up yet, so that `expect` cannot miss what came early.
///
/// A wait takes the event it matches and everything of the same name and usage before it. What else is queued stays:
/// two usages report independently, and which of them is asked about first must not decide what is found.
struct EventQueue: Sendable {
    private var events: [Happening] = []

    /// A script that never waits must not fill the memory; the oldest events go first.
    static let most = 10_000

    var names: [String] { events.map(\.name) }

    mutating func append(_ happening: Happening) {
        if events.count >= Self.most { events.removeFirst(Self.most / 10) }
        events.append(happening)
    }

    mutating func take(_ filter: EventFilter, in source: some StateSource) -> Happening? {
        guard let index = events.firstIndex(where: { filter.matches($0, in: source) }) else { return nil }
        let found = events[index]
        let tail = events[(index + 1)...]
        events = events[..<index].filter { $0.name != found.name || $0.usage != found.usage } + tail
        return found
    }

    mutating func removeAll() { events = [] }
}
