import DialogUsage

/// Where the shutdown is, as far as the application goes.
struct Leaving: Sendable {
    var report: ShutdownReport?
    /// Calls that are ending only because we leave.
    var calls: Set<AnyUsageID> = []
    /// Those who asked for it.
    var requests: [RequestID] = []
    /// What is waited for before leaving when idle: calls and messages only, or everything.
    var idleIgnoresSoftState = false
    var endings: [UsageEnding] = []
    /// The group last announced.
    var group: ShutdownGroup?
    /// `.stopped` has been said, and after it `finished`.
    var isOver = false
    var isSaid = false
}
