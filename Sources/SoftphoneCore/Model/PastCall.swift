import DialogUsage
package import SansIO

/// A call that is over, as it is told at the next start too.
package struct PastCall: Hashable, Sendable {
    package enum Direction: String, Hashable, Sendable {
        case incoming = "in"
        case outgoing = "out"
    }
    package var direction: Direction
    /// For showing: the caller has chosen the name in it.
    package var peer: String
    /// The URI alone, for calling back.
    package var address: String
    package var endedAt: Instant
    /// nil: it was never connected.
    package var duration: Duration?
    package var ending: String
    package var isMissed: Bool

    package init(
        _ direction: Direction, peer: String, address: String, endedAt: Instant, duration: Duration?, ending: String,
        isMissed: Bool
    ) {
        self.direction = direction
        self.peer = peer
        self.address = address
        self.endedAt = endedAt
        self.duration = duration
        self.ending = ending
        self.isMissed = isMissed
    }

    package init(_ call: CallRow) {
        let end = call.endedAt ?? call.since
        self.init(
            call.id.kind == .serverInviteSession ? .incoming : .outgoing, peer: call.peer, address: call.address,
            endedAt: end, duration: call.connectedAt.map { end - $0 }, ending: call.ending ?? "ended",
            isMissed: call.isMissed)
    }
}
