import SansIO

/// A machine that does what its commands say and tells everything that it is told.
struct RelayMachine: Machine {
    enum Command: Sendable {
        case perform([NetworkOutput])
        case wake(at: Instant)
        case mark(Int)
        case finish(after: [NetworkOutput] = [])
    }
    enum Event: Hashable, Sendable {
        case network(NetworkInput)
        case woken(at: Instant)
        case marked(Int)

        var wokenAt: Instant? { if case .woken(let at) = self { at } else { nil } }
    }
    /// What comes in by datagram or stream is also sent back.
    var echoes = false
    var nextDeadline: Instant?

    mutating func handle(_ input: MachineInput<Command>, at now: Instant) -> [MachineOutput<Event>] {
        switch input {
        case .network(let input):
            return [.event(.network(input))] + (echoes ? Self.echo(of: input) : [])
        case .command(.perform(let outputs)): return outputs.map { .network($0) }
        case .command(.wake(let instant)):
            nextDeadline = instant
            return []
        case .command(.mark(let number)): return [.event(.marked(number))]
        case .command(.finish(let outputs)): return outputs.map { .network($0) } + [.finished]
        case .deadlineReached:
            nextDeadline = nil
            return [.event(.woken(at: now))]
        }
    }

    private static func echo(of input: NetworkInput) -> [MachineOutput<Event>] {
        switch input {
        case .datagram(let datagram):
            [.network(.transmit(Datagram(local: datagram.local, remote: datagram.remote, bytes: datagram.bytes)))]
        case .received(let flow, let bytes): [.network(.write(flow, bytes))]
        case .unreachable, .accepted, .connected, .closed, .drained, .resolved: []
        }
    }
}
