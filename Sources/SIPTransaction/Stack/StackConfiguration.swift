package import SansIO

/// What a stack is told once, at its start.
package struct StackConfiguration: Hashable, Sendable {
    package var local: LocalAddresses
    package var timers: TimerValues
    package var limits: StackLimits
    /// Whether an answer goes to the maddr of the topmost Via (RFC 3261 §18.2.2). Off, it goes to where the request came
    /// from: whoever sends a request could else aim our answers at anybody (H-050).
    package var answersToMaddr = false

    package init(local: LocalAddresses, timers: TimerValues = TimerValues(), limits: StackLimits = StackLimits()) {
        self.local = local
        self.timers = timers
        self.limits = limits
    }
}
