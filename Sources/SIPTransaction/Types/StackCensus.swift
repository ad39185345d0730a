/// What there is in the stack, counted.
package struct StackCensus: Hashable, Sendable {
    package var clientTransactions = 0
    package var serverTransactions = 0
    package var flows = 0
    package var timers = 0
    package var resolutions = 0
    package var isEmpty: Bool { self == StackCensus() }
    package init() {}
}
