package import SansIO

/// What a stack is told once, at its start.
package struct StackConfiguration: Hashable, Sendable {
    package var local: LocalAddresses
    package var timers: TimerValues
    package var limits: StackLimits

    package init(local: LocalAddresses, timers: TimerValues = TimerValues(), limits: StackLimits = StackLimits()) {
        self.local = local
        self.timers = timers
        self.limits = limits
    }
}
