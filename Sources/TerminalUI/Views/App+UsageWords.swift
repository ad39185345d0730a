import DialogUsage
import SansIO
import SoftphoneCore

/// What is said of one usage, in the list and in its details.
extension App {
    func texts(of usage: UsageRow, at now: Instant) -> UsageTexts {
        var texts = UsageTexts(
            name: usage.name, peer: peerText(of: usage), peerDetail: usage.summary.eventPackage ?? "",
            state: stateWord(of: usage), time: timer(of: usage, at: now))
        if let call = usage.call {
            texts.time = Words.clock(call.connectedAt == nil ? now - call.since : call.duration(at: now))
            if call.connectedAt != nil { texts.word = "↓\(call.rtp.received) ↑\(call.rtp.sent)" }
            texts.marks = [
                call.recording == nil ? "" : "●rec", call.conference.map { "◆\($0)" } ?? "", call.isMuted ? "mute" : "",
            ].filter { !$0.isEmpty }.joined(separator: " ")
        } else if let presence = presence(of: usage) {
            texts.word = presenceText(presence)
        } else if let published = usage.published {
            texts.word = presenceText(published)
        }
        return texts
    }

    func peerText(of usage: UsageRow) -> String { Words.withoutScheme(usage.summary.peer) }

    func stateWord(of usage: UsageRow) -> String {
        if let call = usage.call {
            if call.transfer != nil, call.state == .connected || call.state == .held { return "transferring" }
            return call.isHeldByPeer && call.state == .connected ? "held by peer" : call.state.rawValue
        }
        let isStale = model.presence.staleCount > 0 && presence(of: usage)?.freshness == .stale
        return isStale ? "stale" : usage.summary.state
    }

    func presence(of usage: UsageRow) -> PresenceRow? {
        guard usage.id.kind == .clientSubscription else { return nil }
        return presence(of: usage.id)
    }

    /// When something happens next.
    private func timer(of usage: UsageRow, at now: Instant) -> String {
        Words.until(usage.summary.nextDeadline ?? usage.summary.expiresAt, from: now)
    }

    /// What we say of ourselves, as others are shown.
    func presenceText(_ published: PublishedState) -> String {
        "\(published == .closed ? "○" : "●") \(published.text)"
    }

    func presenceText(_ presence: PresenceRow) -> String {
        let mark =
            switch (presence.freshness, presence.state) {
            case (.stale, _), (_, .unknown): "?"
            case (_, .open): "●"
            case (_, .closed): "○"
            }
        return "\(mark) \(presence.activities.first ?? presence.note ?? presence.state.rawValue)"
    }
}
