/// Names one command that somebody gave, so that its result finds him. Given by the face; never used twice.
package struct RequestID: Hashable, Sendable {
    package var serial: UInt64
    package init(serial: UInt64) { self.serial = serial }
}
