/// Names one server transaction. Never reused.
package struct ServerTransactionID: Hashable, Sendable {
    package let serial: UInt64

    package init(serial: UInt64) { self.serial = serial }
}
