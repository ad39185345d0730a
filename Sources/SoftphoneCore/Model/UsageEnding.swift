package import DialogUsage
package import SansIO

/// That a usage has ended during a shutdown, and how.
package struct UsageEnding: Hashable, Sendable {
    package var id: AnyUsageID
    package var name: String?
    package var outcome: UsageOutcome
    package var at: Instant
}
