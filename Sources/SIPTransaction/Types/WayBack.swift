import SIPMessage
import SansIO

/// Where the answers to one request go, so that they can be sent again when the request itself is kept no longer
/// (RFC 3261 §18.2.2).
struct WayBack: Hashable, Sendable {
    var source: Source
    /// To the source of the request, and there, over UDP, to the port that its Via names. A received or rport that the
    /// peer wrote moves nothing (H-048), nor does a maddr unless the configuration says so (H-050).
    private(set) var remote: SocketAddress
    /// What the Via of a request over a stream names: asked when its connection is gone.
    private(set) var sentBy: Target?

    /// - Parameter toMaddr: whether a Via with maddr has its answer there, at the port of sent-by.
    init(of request: SIPMessage, from source: Source, toMaddr: Bool) {
        self.source = source
        remote = source.remote
        guard let via = try? request.topViaView() else { return }
        let port = via.port == 0 ? source.transport.defaultPort : via.port
        if source.transport.isReliable {
            sentBy = Target(host: request.text(via.host), port: port, transport: source.transport)
            return
        }
        if !via.hasRport { remote.port = port }
        if toMaddr, let maddr = Self.maddr(of: request, port: port) { remote = maddr }
    }

    private static func maddr(of request: SIPMessage, port: UInt16) -> SocketAddress? {
        guard let via = try? request.topVia(), let ip = via.parameters["maddr"].flatMap({ IPAddress($0) }),
            !ip.isUnspecified
        else { return nil }
        return SocketAddress(ip, port: port)
    }
}
