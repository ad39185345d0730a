/// A rule broken on purpose, so that it can be seen that somebody looks.
package enum Plant: String, Hashable, Sendable, CaseIterable {
    /// The un-REGISTER never leaves; its answer is made up.
    case skipUnregister = "skip-unregister"
    /// A usage's terminal event comes twice.
    case doubleTerminal = "double-terminal"
    /// The report counts a transaction that was forgotten.
    case leakTransaction = "leak-transaction"
    /// Publications are ended before subscriptions.
    case reorderGroups = "reorder-groups"
    /// A datagram leaves after the shutdown was complete.
    case lateDatagram = "late-datagram"
}
