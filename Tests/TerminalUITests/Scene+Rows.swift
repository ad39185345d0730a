import SIPMessage
import SansIO

@testable import DialogUsage
@testable import SoftphoneCore

/// The rows that scenes are made of.
extension Scene {
    static func account(
        _ name: String, _ registration: String, expires: Int? = nil, next: Int? = nil, isCurrent: Bool = false
    ) -> AccountRow {
        AccountRow(
            name: name, addressOfRecord: "sip:\(name)@example.net", isCurrent: isCurrent, registration: registration,
            expiresAt: expires.map { now + .seconds($0) }, nextAt: next.map { now + .seconds($0) }, lastFailure: nil)
    }

    static func summary(
        _ kind: UsageKind, _ serial: UInt32, _ peer: String, _ state: String, event: String? = nil, next: Int? = nil,
        expires: Int? = nil, waits: String? = nil
    ) -> UsageSummary {
        UsageSummary(
            id: AnyUsageID(kind: kind, serial: serial), account: nil, accountName: "alice", peer: peer, state: state,
            waitsFor: waits, eventPackage: event, since: now - .seconds(192),
            nextDeadline: next.map { now + .seconds($0) }, expiresAt: expires.map { now + .seconds($0) },
            entityTag: kind == .clientPublication ? "7a31" : nil)
    }

    static func call(_ summary: UsageSummary, _ state: CallRow.State) -> CallRow {
        let isUp = state == .connected || state == .held
        var counters = AudioCounters()
        if isUp { (counters.sent, counters.received, counters.jitter) = (9_600, 9_571, .microseconds(7_340)) }
        return CallRow(
            id: summary.id, alias: nil, peer: summary.peer, state: state, since: now - .seconds(7),
            connectedAt: isUp ? now - .seconds(192) : nil, endedAt: nil, isHeldByPeer: false, isMuted: false,
            rtp: counters, codec: isUp ? "PCMU" : nil, digitsReceived: "", ending: nil)
    }

    static func presence(
        _ uri: String, _ subscription: UInt32, _ state: PresenceRow.State, _ activities: [String],
        _ freshness: PresenceRow.Freshness
    ) -> PresenceRow {
        PresenceRow(
            uri: uri, state: state, activities: activities, note: nil, freshness: freshness, since: now - .seconds(60),
            subscription: AnyUsageID(kind: .clientSubscription, serial: subscription))
    }

    /// The first messages of a call, one of them sent three times.
    static var ladder: Ladder {
        var ladder = Ladder()
        let peer = SocketAddress(.v4(0xC000_0207), port: 5060)
        let lines = [
            "INVITE sip:carol@example.net SIP/2.0", "SIP/2.0 180 Ringing", "SIP/2.0 200 OK",
            "ACK sip:carol@192.0.2.7 SIP/2.0",
        ]
        for (index, line) in lines.enumerated() {
            let at = now - .seconds(192) + .milliseconds(480 * index)
            let bytes = Array((line + "\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n").utf8)
            ladder.append(
                Ladder.Rung(
                    at: at, isSent: index % 3 == 0, bytes: bytes, peer: peer, transport: .udp,
                    retransmissions: index == 0 ? 2 : 0, lastCopyAt: at))
        }
        return ladder
    }
}
