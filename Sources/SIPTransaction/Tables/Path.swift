import SansIO

/// The way a message takes.
enum Path: Hashable, Sendable {
    case datagram(local: SocketAddress, remote: SocketAddress)
    case flow(FlowID)

    var flow: FlowID? { if case .flow(let id) = self { id } else { nil } }
}
