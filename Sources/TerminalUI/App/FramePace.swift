package import SansIO

/// When to draw: what a key leads to at once, and what comes by itself at most thirty times a second. A storm of events
/// costs a few screens, and each shows the newest state.
package struct FramePace: Sendable {
    /// Not more than thirty of them fit into any second, even if some are a little late.
    package static let interval = Duration.milliseconds(35)

    /// The last frame that nobody's key had asked for.
    private var lastAt: Instant?
    /// The screen shows less than we know.
    private var isOld = true
    /// When the clock alone will have made it old.
    private var oldAt: Instant?

    package init() {}

    /// Something is known that the screen does not show.
    package mutating func changed() { isOld = true }

    /// - Parameter isTyped: a key was pressed, or the window has another size: that is answered at once, and does not
    ///   delay what it leads to.
    package mutating func isDue(isTyped: Bool, at now: Instant) -> Bool {
        if !isTyped {
            guard wait(at: now) == .zero else { return false }
            lastAt = now
        }
        isOld = false
        oldAt = nil
        return true
    }
    /// - Parameter duration: how long the frame stays true if nothing happens; nil: for ever.
    package mutating func drawn(stays duration: Duration?, at now: Instant) { oldAt = duration.map { now + $0 } }

    /// How long until the next frame; nil: nothing is to be drawn.
    package func wait(at now: Instant) -> Duration? {
        let earliest = lastAt.map { max(.zero, $0 + Self.interval - now) } ?? .zero
        if isOld { return earliest }
        return oldAt.map { max(earliest, $0 - now) }
    }
}
