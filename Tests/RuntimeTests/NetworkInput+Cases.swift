import SansIO

/// Each case of a network input by itself, so that a test can pick what it waits for.
extension NetworkInput {
    var datagram: Datagram? { if case .datagram(let datagram) = self { datagram } else { nil } }
    var unreachable: (remote: SocketAddress, payload: String)? {
        guard case .unreachable(let remote, let payload) = self else { return nil }
        return (remote, String(decoding: payload, as: UTF8.self))
    }
    var accepted: (id: FlowID, ends: FlowEnds)? {
        guard case .accepted(let id, let ends) = self else { return nil }
        return (id, ends)
    }
    var connected: FlowEnds? { if case .connected(_, let ends) = self { ends } else { nil } }
    var received: [UInt8]? { if case .received(_, let bytes) = self { bytes } else { nil } }
    var closed: FlowFailure? { if case .closed(_, let failure) = self { failure } else { nil } }
}
