/// Something that is told what happened and when, and answers with what to do. It does no I/O, so the same value
/// runs under real sockets (`Runtime`), under a simulated network (tests) and under a fuzzer.
///
/// The host promises to perform every output of one call, in order, before the next call, and to say
/// `.deadlineReached` when `nextDeadline` has come. There is no timer to set or to cancel.
package protocol Machine<Command, Event>: Sendable {
    /// What the layer above asks for.
    associatedtype Command: Sendable
    /// What the layer above is told.
    associatedtype Event: Sendable

    mutating func handle(_ input: MachineInput<Command>, at now: Instant) -> [MachineOutput<Event>]
    /// When `.deadlineReached` is wanted next; nil when nothing is being waited for. `mutating`, so that it is asked of the
    /// machine where it lies, and not of a copy.
    var nextDeadline: Instant? { mutating get }
}

package enum MachineInput<Command: Sendable>: Sendable {
    case network(NetworkInput)
    case command(Command)
    case deadlineReached
}

package enum MachineOutput<Event: Sendable>: Sendable {
    case network(NetworkOutput)
    case event(Event)
    /// The machine wants nothing more: the host closes every socket and stops.
    case finished
}
