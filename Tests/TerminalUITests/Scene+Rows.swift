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
            id: summary.id, alias: nil, peer: summary.peer, address: summary.peer, state: state,
            since: now - .seconds(7),
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
                    serial: UInt64(index + 1), at: at, isSent: index % 3 == 0, bytes: bytes, peer: peer,
                    transport: .udp,
                    retransmissions: index == 0 ? 2 : 0, lastCopyAt: at))
        }
        return ladder
    }

    /// A call that was challenged, put on hold, and is told apart from a subscription of the same dialog set.
    static func addConversation(to model: inout SoftphoneModel) {
        let peer = SocketAddress(.v4(0xC000_0207), port: 5060)
        let (call, other) = (
            AnyUsageID(kind: .clientInviteSession, serial: 4), AnyUsageID(kind: .clientRegistration, serial: 1)
        )
        let us = "From: <sip:alice@example.net>;tag=us\r\nCall-ID: one\r\n"
        let offer = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nm=audio 40000 RTP/AVP 0 8\r\na=sendrecv\r\n"
        let held = "v=0\r\no=- 1 2 IN IP4 192.0.2.1\r\ns=-\r\nm=audio 40000 RTP/AVP 0 8\r\na=sendonly\r\na=ptime:20\r\n"
        func invite(_ number: Int, to tag: String, _ fields: String, _ body: String) -> String {
            "INVITE sip:carol@example.net SIP/2.0\r\n\(us)To: <sip:carol@example.net>\(tag)\r\nCSeq: \(number) INVITE\r\n"
                + "\(fields)Content-Type: application/sdp\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        }
        func answer(_ status: String, _ number: Int, tag: String, _ fields: String = "") -> String {
            "SIP/2.0 \(status)\r\n\(us)To: <sip:carol@example.net>;tag=\(tag)\r\nCSeq: \(number) INVITE\r\n\(fields)"
                + "Content-Length: 0\r\n\r\n"
        }
        let secret =
            "Authorization: Digest username=\"alice\", realm=\"x\", nonce=\"n\", uri=\"sip:x\", response=\"5ecre7\"\r\n"
        let texts: [(AnyUsageID?, Bool, String)] = [
            (
                other, true,
                "REGISTER sip:example.net SIP/2.0\r\nCall-ID: two\r\nCSeq: 1 REGISTER\r\nContent-Length: 0\r\n\r\n"
            ),
            (call, true, invite(1, to: "", "Max-Forwards: 70\r\n", offer)),
            (
                call, false,
                answer(
                    "401 Unauthorized", 1, tag: "p",
                    "WWW-Authenticate: Digest realm=\"x\", nonce=\"n\", algorithm=SHA-256\r\n")
            ),
            (call, true, invite(2, to: "", "Max-Forwards: 70\r\n" + secret, offer)),
            (call, false, answer("180 Ringing", 2, tag: "fork")),
            (call, false, answer("200 OK", 2, tag: "them")),
            (call, true, invite(3, to: ";tag=them", secret, held)),
            (
                nil, false,
                "OPTIONS sip:alice@192.0.2.1 SIP/2.0\r\nCall-ID: three\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"
            ),
        ]
        for (index, (usage, isSent, text)) in texts.enumerated() {
            let at = now - .seconds(192) + .milliseconds(480 * index)
            let copies = index == 6 ? 2 : 0
            let rung = Ladder.Rung(
                serial: UInt64(index + 1), at: at, isSent: isSent, bytes: Array(text.utf8),
                peer: index == 0 ? SocketAddress(.v4(0xC000_0209), port: 5060) : peer, transport: .udp,
                retransmissions: copies, lastCopyAt: at + .milliseconds(500 * copies))
            if let usage { model.ladders[usage, default: Ladder()].append(rung) } else { model.strays.append(rung) }
        }
    }
}
