import SansIO

/// Where targets that are names have last answered, or been sent an ACK, for what cannot wait for the resolver. Of too
/// many the one learnt first is forgotten.
struct ReachedAddresses: Sendable {
    private var addresses: [Target: SocketAddress] = [:]
    private var order: [Target] = []

    subscript(target: Target) -> SocketAddress? { addresses[target] }

    mutating func learn(_ target: Target, _ address: SocketAddress, limit: Int) {
        if addresses.updateValue(address, forKey: target) == nil { order.append(target) }
        if order.count > limit { addresses[order.removeFirst()] = nil }
    }
}
