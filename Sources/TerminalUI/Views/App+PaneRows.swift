import DialogUsage
import SansIO
import SoftphoneCore

/// Contacts, conversations, calls and accounts as lists. Only the rows in sight are made into text.
extension App {
    func drawPane(_ frame: inout Frame, _ area: Area, _ pane: Pane, at now: Instant) {
        switch pane.kind {
        case .log: drawLog(&frame, area, back: pane.back, at: now)
        case .conversation(let peer): drawConversation(&frame, area, with: peer, back: pane.back, at: now)
        case .contacts:
            let open = model.presence.count { $0.freshness == .fresh && $0.subscription != nil && $0.state == .open }
            let stale = model.presence.count {
                $0.freshness == .stale || ($0.freshness == .fresh && $0.subscription == nil)
            }
            drawRows(
                &frame, area, pane, title: "Contacts ─ \(open) of \(model.presence.count) there, \(stale) stale",
                none: [
                    "Nobody is watched yet.", "s watches somebody: s, their address, Enter.",
                    ":contact add NAME URI keeps somebody under a name.",
                ]
            ) { contactRow(model.presence[$0], width: $1, at: now) }
        case .conversations:
            let conversations = conversations
            drawRows(
                &frame, area, pane, title: "Messages ─ \(Words.count(conversations.count, "conversation"))",
                none: ["No messages yet.", "\(keys.shown(.message) ?? ":message") writes one."]
            ) { conversationRow(conversations[$0], width: $1, at: now) }
        case .calls:
            let calls = Array(model.calls.reversed())
            let earlier = Array(model.earlierCalls.reversed())
            let title = "Calls ─ \(calls.count)" + (earlier.isEmpty ? "" : ", \(earlier.count) in earlier runs")
            drawRows(&frame, area, pane, title: title, none: ["No calls yet.", "c calls somebody."]) { row, width in
                row < calls.count
                    ? callRow(calls[row], width: width, at: now)
                    : callRow(earlier[row - calls.count], width: width, at: now)
            }
        case .accounts:
            drawRows(
                &frame, area, pane, title: "Accounts ─ \(model.accounts.count)",
                none: ["No account yet.", ":account add NAME sip:USER@DOMAIN password PASSWORD"]
            ) { accountRow(model.accounts[$0], width: $1, at: now) }
        }
    }

    struct PaneRow: Hashable {
        var text: String
        var style: Style = .plain
    }

    private func drawRows(
        _ frame: inout Frame, _ area: Area, _ pane: Pane, title: String, none: [String],
        _ make: (Int, Int) -> PaneRow
    ) {
        frame.box(area, title: title)
        let rows = paneKeys(pane.kind)
        guard !rows.isEmpty else {
            for (offset, line) in none.enumerated() {
                frame.line(line, in: area, row: area.row + 1 + offset, style: Looks.faint)
            }
            return
        }
        let room = area.inner.height
        let selected = paneIndex(pane, in: rows)
        let first = firstShown(.pane, selected: selected, count: rows.count, room: room)
        frame.answer(.surface(.pane), area)
        for index in first..<min(rows.count, first + room) {
            let row = area.row + 1 + index - first
            let made = make(index, area.inner.width)
            frame.line(made.text, in: area, row: row, style: made.style)
            frame.answer(.row(.pane, index, first: first), row: row, column: area.column, width: area.width)
            guard index == selected else { continue }
            frame.write("▶", row: row, column: area.column + 1, style: .bold)
            frame.restyle(row: row, column: area.column + 1, width: area.width - 2) { $0.selected }
        }
        if rows.count > room { frame.footer("\(selected + 1)/\(rows.count)", of: area) }
    }

    /// Columns of fixed widths; the last one takes what is left.
    private func joined(_ columns: [(text: String, width: Int)], _ rest: String, width: Int) -> String {
        let fixed = columns.map { Width.pad($0.text, to: $0.width) }.joined(separator: " ")
        return Width.fit("\(fixed) \(rest)", in: width)
    }
    /// An address takes a third of a line.
    private func addressWidth(_ width: Int) -> Int { min(40, width / 3) }

    // MARK: Rows

    /// What a dead server last said is said to be old, and never shown as if it were so now.
    private func contactRow(_ row: PresenceRow, width: Int, at now: Instant) -> PaneRow {
        let age = Words.clock(now - row.since)
        let isWatched = row.subscription != nil
        let told = row.activities.first ?? row.note ?? row.state.rawValue
        let (sign, trust, text, style): (String, String, String, Style) =
            switch row.freshness {
            case .fresh where isWatched:
                switch row.state {
                case .open: ("●", "fresh", "\(told), said \(age) ago", Looks.good)
                case .closed: ("○", "fresh", "\(told), said \(age) ago", .plain)
                case .unknown: ("?", "fresh", "says neither open nor closed", Looks.waiting)
                }
            case .fresh, .stale:
                (
                    "?", "stale", "was \(told) \(age) ago; \(isWatched ? "no server answers" : "not watched now")",
                    Looks.bad
                )
            case .unknown: ("?", "unknown", isWatched ? "not told yet" : "not watched", Looks.waiting)
            }
        // A column for names where there is one.
        let name = model.presence.contains { $0.name != nil } ? [(row.name ?? "", 12)] : []
        let columns = [(sign, 1)] + name + [(Words.withoutScheme(row.uri), addressWidth(width)), (trust, 7)]
        return PaneRow(text: joined(columns, text, width: width), style: style)
    }

    private func conversationRow(_ row: Conversation, width: Int, at now: Instant) -> PaneRow {
        let new = row.unread > 0 ? "\(row.unread) new" : ""
        let age = Words.clock(now - row.newest.at)
        let columns = [(Words.withoutScheme(row.peer), addressWidth(width)), (new, 6), (age, 7)]
        let text = "\(row.newest.isOurs ? "→" : "←") \(Words.inOneLine(row.newest.text))"
        return PaneRow(text: joined(columns, text, width: width), style: row.unread > 0 ? Looks.good : .plain)
    }

    private func callRow(_ call: CallRow, width: Int, at now: Instant) -> PaneRow {
        guard call.state != .ended else { return callRow(PastCall(call), width: width, at: now) }
        let columns = callColumns(
            call.id.kind == .serverInviteSession ? "←" : "→", call.peer, now - call.since,
            call.connectedAt == nil ? nil : call.duration(at: now), width)
        return PaneRow(text: joined(columns, "\(call.state.rawValue) now", width: width), style: Looks.good)
    }

    private func callRow(_ call: PastCall, width: Int, at now: Instant) -> PaneRow {
        let sign = call.isMissed ? "!" : call.direction == .incoming ? "←" : "→"
        let columns = callColumns(sign, call.peer, now - call.endedAt, call.duration, width)
        let text = joined(columns, (call.isMissed ? "missed: " : "") + call.ending, width: width)
        return PaneRow(text: text, style: call.isMissed ? Looks.bad : .plain)
    }

    private func callColumns(
        _ sign: String, _ peer: String, _ age: Duration, _ long: Duration?, _ width: Int
    ) -> [(text: String, width: Int)] {
        [
            (sign, 1), (Words.withoutScheme(peer), addressWidth(width)), (Words.age(age), 12),
            (long.map(Words.clock) ?? "-", 7),
        ]
    }

    private func accountRow(_ account: AccountRow, width: Int, at now: Instant) -> PaneRow {
        let word = account.registration == "unregistered" ? "not registered" : account.registration
        let end = Words.until(account.expiresAt, from: now)
        let next = Words.until(account.nextAt, from: now)
        var rest = [
            end.isEmpty ? "" : "for \(end)",
            next.isEmpty ? "" : account.registration == "failing" ? "again in \(next)" : "refreshes in \(next)",
        ]
        rest.append(account.lastFailure.map { "! \($0)" } ?? "")
        let columns = [
            (account.isCurrent ? "*" : " ", 1), (account.name, 12),
            (Words.withoutScheme(account.addressOfRecord), addressWidth(width)), (word, 14),
        ]
        // Timers are said whole or not at all; what went wrong comes before them, as far as there is room.
        let room = width - columns.reduce(columns.count) { $0 + $1.1 }
        var said = ""
        for part in (account.lastFailure == nil ? rest : rest.reversed()) where !part.isEmpty {
            let longer = said.isEmpty ? part : "\(said), \(part)"
            if Width.of(longer) <= room || (said.isEmpty && account.lastFailure != nil) { said = longer }
        }
        let text = joined(columns, said, width: width)
        return PaneRow(text: text, style: account.lastFailure == nil ? .plain : Looks.bad)
    }

    // MARK: One conversation

    private func drawConversation(
        _ frame: inout Frame, _ area: Area, with peer: String, back: Int, at now: Instant
    ) {
        frame.box(area, title: "Messages ─ \(Words.withoutScheme(peer))")
        frame.answer(.surface(.page), area)
        let lines = conversationLines(with: peer, width: area.inner.width, at: now)
        let room = area.inner.height
        let last = max(min(lines.count, room), lines.count - back)
        for (offset, line) in lines[max(0, last - room)..<last].enumerated() {
            frame.line(line.text, in: area, row: area.row + 1 + offset, style: line.style)
        }
        if lines.count > room { frame.footer("\(last)/\(lines.count)", of: area) }
    }

    /// - Parameter now: nil where only their number matters.
    func conversationLines(with peer: String, width: Int, at now: Instant? = nil) -> [PaneRow] {
        model.messages.filter { $0.peer == peer }.flatMap { message -> [PaneRow] in
            let age = Width.pad(now.map { Words.clock($0 - message.at) } ?? "", to: 7, rightAligned: true)
            let (who, style): (String, Style) = message.isOurs ? ("me ", .plain) : ("they", Looks.good)
            // The ends of its lines stay, so that nobody can write a line that looks like somebody else's.
            let text = "\(age) ago  \(Width.pad(who, to: 4))  \(Words.inOneLine(message.text))\(standing(message))"
            return Words.wrapped(text, to: width, indent: String(repeating: " ", count: 19))
                .map { PaneRow(text: $0, style: style) }
        }
    }

    private func standing(_ message: MessageRow) -> String {
        switch message.standing {
        case .received: ""
        case .sending: " …"
        case .sent: " ✓"
        case .failed(let why): " ✗ \(why)"
        }
    }
}
