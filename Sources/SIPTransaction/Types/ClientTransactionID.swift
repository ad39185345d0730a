/// Names one client transaction, from sending its request until nothing is left of it. Never reused.
package struct ClientTransactionID: Hashable, Sendable {
    package let serial: UInt64
}
