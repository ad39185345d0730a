import DialogUsage
import SansIO
import SoftphoneCore

/// The usages under their seven headings. Only the rows on the screen are made into text.
extension App {
    func drawList(_ frame: inout Frame, _ area: Area, at now: Instant) {
        let first = firstRow(height: area.height)
        for offset in 0..<area.height where list.rows.indices.contains(first + offset) {
            let row = area.row + offset
            switch list.rows[first + offset] {
            case .heading(let group, let count):
                drawHeading(&frame, group, count, area, row: row)
            case .usage(let usage):
                drawUsage(&frame, usage, area, row: row, at: now)
            }
            if first + offset == selected {
                frame.restyle(row: row, column: area.column, width: area.width) { $0.with(.reverse) }
            }
        }
        if list.rows.count > area.height, area.height > 2 {
            let text = " \(selected + 1)/\(list.rows.count) "
            frame.write(
                text, row: area.row + area.height - 1, column: max(area.column, area.column + area.width - text.count - 1),
                style: Looks.faint)
        }
    }

    /// The selected row is kept in sight, with some of what stands before it.
    func firstRow(height: Int) -> Int {
        guard list.rows.count > height else { return 0 }
        return min(max(0, selected - height / 2), list.rows.count - height)
    }

    private func drawHeading(_ frame: inout Frame, _ group: ShutdownGroup, _ count: Int, _ area: Area, row: Int) {
        let style = count > 0 ? Looks.heading : Looks.headingEmpty
        let number = UsageList.groups.firstIndex(of: group).map { $0 + 1 } ?? 0
        let left = "\(number) \(UsageList.title(group)) ─ \(group.title) "
        let right = " \(count) ─"
        let dashes = max(1, area.width - Width.of(left) - Width.of(right) - 2)
        let text = "─" + left + String(repeating: "─", count: dashes) + right
        frame.write(text, row: row, column: area.column, style: style, maxWidth: area.width)
    }

    private func drawUsage(_ frame: inout Frame, _ usage: UsageRow, _ area: Area, row: Int, at now: Instant) {
        let state = stateWord(of: usage)
        let right = rightSide(of: usage, at: now)
        let isTroubled = state == "failing" || state == "stale" || presence(of: usage)?.freshness == .stale
        frame.write(isTroubled ? "!" : " ", row: row, column: area.column, style: Looks.bad)
        frame.write(Width.pad(usage.name, to: 9), row: row, column: area.column + 2, style: .bold)
        let stateWidth = 11
        let rightWidth = max(8, Width.of(right))
        let peerWidth = max(6, area.width - 2 - 10 - stateWidth - 1 - rightWidth - 2)
        frame.write(Width.pad(peerText(of: usage), to: peerWidth), row: row, column: area.column + 12)
        frame.write(
            Width.pad(state, to: stateWidth), row: row, column: area.column + 13 + peerWidth, style: Looks.state(state))
        frame.write(
            Width.pad(right, to: rightWidth, rightAligned: true), row: row,
            column: area.column + 14 + peerWidth + stateWidth, maxWidth: rightWidth)
    }

    func peerText(of usage: UsageRow) -> String {
        let peer = usage.summary.peer
        return peer.hasPrefix("sip:") ? String(peer.dropFirst(4)) : peer
    }
    func stateWord(of usage: UsageRow) -> String {
        if let call = usage.call { return call.isHeldByPeer && call.state == .connected ? "held by peer" : call.state.rawValue }
        return usage.summary.state
    }
    func presence(of usage: UsageRow) -> PresenceRow? {
        model.presence.first { $0.subscription == usage.id }
    }

    /// A call's time and packets, what a watched person is, or when something happens next.
    private func rightSide(of usage: UsageRow, at now: Instant) -> String {
        if let call = usage.call {
            guard call.connectedAt != nil else { return Words.clock(now - call.since) }
            return "↓\(call.rtp.received) ↑\(call.rtp.sent) \(Words.clock(call.duration(at: now)))"
        }
        let timer = Words.until(usage.summary.nextDeadline ?? usage.summary.expiresAt, from: now)
        guard let presence = presence(of: usage) else { return timer }
        return [presenceText(presence), timer].filter { !$0.isEmpty }.joined(separator: " ")
    }
    func presenceText(_ presence: PresenceRow) -> String {
        let mark =
            switch presence.state {
            case .open: "●"
            case .closed: "○"
            case .unknown: "?"
            }
        let what = presence.activities.first ?? presence.note ?? presence.state.rawValue
        return "\(mark) \(Width.fit(what, in: 14))\(presence.freshness == .stale ? " (stale)" : "")"
    }
}
