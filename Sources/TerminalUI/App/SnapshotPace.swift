package import SansIO

/// Asks for a model when something has changed: at most as often as frames are drawn, and never twice at a time. One that
/// took long to gather is asked for less often, so that the stack thread has time for what it is about.
package struct SnapshotPace: Sendable {
    package var isWanted = true
    private var isUnderWay = false
    private var lastAsked: Instant?
    private var interval = FramePace.interval
    /// Of the time at most the third part goes into gathering.
    private static let restPerTurn = 3

    package init() {}

    /// The newest model has been shown.
    package var isQuiet: Bool { !isWanted && !isUnderWay }

    package mutating func arrived(at now: Instant) {
        isUnderWay = false
        if let lastAsked { interval = max(FramePace.interval, (now - lastAsked) * Self.restPerTurn) }
    }

    package mutating func isDue(at now: Instant) -> Bool {
        guard isWanted, !isUnderWay, wait(at: now) == .zero else { return false }
        isWanted = false
        isUnderWay = true
        lastAsked = now
        return true
    }

    /// How long until the next one may be asked for; nil when none is wanted, or one is on its way.
    package func wait(at now: Instant) -> Duration? {
        guard isWanted, !isUnderWay else { return nil }
        return lastAsked.map { max(.zero, $0 + interval - now) } ?? .zero
    }
}
