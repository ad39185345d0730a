/// Something that `--allow-faults` lets a script do to the network between the softphone and everybody else.
package enum NetworkFault: Hashable, Sendable {
    package enum Direction: String, Hashable, Sendable, CaseIterable {
        /// From us.
        case out
        /// To us.
        case `in`
    }
    /// The next requests of a method are lost, or of all.
    case drop(Direction, method: String?, count: Int)
    /// A share of the datagrams comes later, each by this much.
    case delay(Direction, Duration, share: Double)
    /// Nothing goes to a host or comes from it; by name, once that has been asked for.
    case blackhole(host: String)
    /// Every connection breaks.
    case reset
    /// All is well again; what is on its way still arrives late.
    case clear
}
