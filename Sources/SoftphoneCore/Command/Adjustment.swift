/// `ShutdownAdjustment` as somebody says it: with a name for the usage to be skipped.
package enum Adjustment: Hashable, Sendable {
    case extend(by: Duration)
    case noDeadline
    case skip(UsageName?)
    case skipGroup
    case cancel
}
