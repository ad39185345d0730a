package import DialogUsage
import SIPMessage
package import SansIO

/// One message as it went over the network, but that its credentials are masked.
package struct CapturedMessage: Hashable, Sendable {
    /// Since 1970, as far as we know the time of day; otherwise since some moment.
    package var microseconds: Int64
    package var isSent: Bool
    /// Our address that the peer sees.
    package var local: SocketAddress
    package var remote: SocketAddress
    package var bytes: [UInt8]
}

extension Softphone {
    /// The messages of a usage that is alive, or ended not long ago; oldest first, further copies not.
    package func capture(of id: AnyUsageID) -> [CapturedMessage] {
        let epoch = (configuration.epoch?.seconds ?? 0) * 1_000_000
        return (ladders.ladders[id]?.rungs ?? []).compactMap { rung in
            guard let message = try? SIPMessage(parsing: rung.bytes) else { return nil }
            return CapturedMessage(
                microseconds: epoch + (rung.at - .zero).inMilliseconds * 1_000, isSent: rung.isSent,
                local: local.facing(rung.peer.ip), remote: rung.peer, bytes: message.maskedBytes)
        }
    }

    /// The usage of this name, alive or remembered.
    package func usage(named name: String) -> AnyUsageID? {
        if let id = names.id(named: name) ?? remembered[name]?.id { return id }
        if let account = accounts[name] { return account.registration?.any }
        return core.usages.map(\.id).first { $0.description == name }
    }
}
