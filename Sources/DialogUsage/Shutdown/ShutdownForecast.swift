import SIPTransaction
import SansIO

/// What a graceful shutdown would do if it began now, and how long it could take if nobody answered.
package struct ShutdownForecast: Hashable, Sendable {
    package struct Group: Hashable, Sendable {
        package var group: ShutdownGroup
        /// Oldest first.
        package var usages: [AnyUsageID]
        /// How long the next group waits for this one at most.
        package var longest: Duration

        package init(group: ShutdownGroup, usages: [AnyUsageID], longest: Duration) {
            self.group = group
            self.usages = usages
            self.longest = longest
        }
    }
    /// Those with members, in the order in which they end.
    package var groups: [Group]
    /// Zero: there is no deadline.
    package var giveUp: Duration
    /// Until nothing of us is left, flushing included.
    package var longest: Duration

    package init(groups: [Group], giveUp: Duration, longest: Duration) {
        self.groups = groups
        self.giveUp = giveUp
        self.longest = longest
    }

    package var count: Int { groups.reduce(0) { $0 + $1.usages.count } }
}

extension UsageCore {
    /// Reckons with the worst: every group uses up all of its time. Asks nobody and changes nothing.
    package func shutdownForecast(giveUp: Duration, plan: ShutdownPlan? = nil) -> ShutdownForecast {
        let order = (plan ?? configuration.plan).order.filter { count(in: $0) > 0 }
        let budget = ShutdownBudget(giveUp: giveUp, timeout: configuration.transactionBound)
        let deadline: Instant? = giveUp > .zero ? .zero + giveUp : nil
        var start = Instant.zero
        var groups: [ShutdownForecast.Group] = []
        for (index, group) in order.enumerated() {
            let later = Array(order.dropFirst(index + 1))
            let end = max(start, budget.softDeadline(startedAt: start, deadline: deadline, nonEmptyLater: later))
            groups.append(.init(group: group, usages: ids(in: group), longest: end - start))
            start = end
        }
        // The last group's laggard may need all that a usage can, and then the last bytes must leave.
        let flushing = order.isEmpty && stack.isFlushed ? .zero : budget.timeout
        let waiting = order.isEmpty ? .zero : budget.timeout * (order.count - 1) + configuration.usageBound
        let bound = waiting + flushing
        return ShutdownForecast(groups: groups, giveUp: giveUp, longest: giveUp > .zero ? min(giveUp, bound) : bound)
    }
}
