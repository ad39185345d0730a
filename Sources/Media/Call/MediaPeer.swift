import SansIO

/// Whom we hear and where we send (H-087).
///
/// The peer is where its description says. Only before a packet from there has come, and only once, another port of the
/// same host is taken for it: that is what a translator of ports makes of it. Nobody else can take over a call.
struct MediaPeer: Sendable {
    private enum State {
        /// Nothing has come yet.
        case unheard
        case confirmed
        case learnt(SocketAddress)
    }
    let signalled: SocketAddress
    let signalledRTCP: SocketAddress
    private var state = State.unheard

    init(rtp: SocketAddress, rtcp: SocketAddress) {
        signalled = rtp
        signalledRTCP = rtcp
    }

    /// Where RTP goes.
    var target: SocketAddress { if case .learnt(let address) = state { address } else { signalled } }

    /// Whether a packet that has passed every other check may be used.
    mutating func admits(_ source: SocketAddress) -> Bool {
        switch state {
        case .unheard where source == signalled:
            state = .confirmed
            return true
        case .unheard where source.ip == signalled.ip:
            state = .learnt(source)
            return true
        case .unheard: return false
        case .confirmed: return source == signalled
        case .learnt(let address): return source == address
        }
    }

    /// Reports change nothing but numbers; they may come from any port of the two hosts named.
    func admitsReports(from source: SocketAddress) -> Bool {
        source.ip == signalledRTCP.ip || source.ip == signalled.ip
    }

    /// Something one may send to at all: nobody is at 0.0.0.0 (RFC 3264 §8.4).
    var isReachable: Bool { !signalled.ip.isUnspecified && signalled.port != 0 }
}
