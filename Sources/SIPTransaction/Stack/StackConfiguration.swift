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

/// Every limit of the stack, in one place.
package struct StackLimits: Hashable, Sendable {
    /// Requests from outside that wait for an answer; further ones get 503.
    package var unansweredServerTransactions = 1024
    /// Answered ones that are kept to repeat the answer; the oldest INVITE-less requests are not kept beyond this.
    package var answeredServerTransactions = 65_536
    package var flows = 64
    /// A request longer than this goes over TCP (RFC 3261 §18.1.1).
    package var datagramRequest = 1300
    /// Seconds that a refused peer is asked to wait.
    package var retryAfter = 5

    package init() {}
}
