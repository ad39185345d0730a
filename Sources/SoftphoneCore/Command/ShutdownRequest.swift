package import DialogUsage

/// One of the ways to go (`batch.md`, section 4).
package struct ShutdownRequest: Hashable, Sendable {
    package enum Mode: Hashable, Sendable {
        case graceful
        /// Waits until nothing is alive; with `ignoringSoftState` only calls and messages count. `orRefuse`: tests now
        /// and changes nothing.
        case ifIdle(ignoringSoftState: Bool, orRefuse: Bool)
        case force(bestEffort: Bool)
    }
    package var mode: Mode
    /// nil: the configured default. Zero: no deadline.
    package var giveUp: Duration?
    package var order: ShutdownPlan?
    /// Who asks, for the report.
    package var by: String

    package init(_ mode: Mode, giveUp: Duration? = nil, order: ShutdownPlan? = nil, by: String = "command") {
        self.by = by
        self.mode = mode
        self.giveUp = giveUp
        self.order = order
    }
}
