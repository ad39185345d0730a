import DialogUsage
import SansIO
import SoftphoneCore

/// Keys in the panes of contacts, messages, calls, accounts and events.
extension App {
    mutating func inPane(_ key: Key, _ pane: Pane, at now: Instant) -> [SoftphoneCore.Command] {
        switch (key, pane.kind) {
        case (.escape, .conversation(let peer)): open(Pane(.conversations, selected: peer))
        case (.escape, _): mode = .browsing
        case (.enter, .conversation): return perform(.message, at: now)
        case (.enter, _): return openRow(pane, at: now)
        case (_, .log) where Self.scrolls(key): scroll(key, pane, last: max(0, model.log.count - pageHeight))
        case (_, .conversation(let peer)) where Self.scrolls(key):
            scroll(key, pane, last: max(0, conversationLines(with: peer, width: size.columns - 4).count - pageHeight))
        case (.down, _), (.up, _), (.pageDown, _), (.pageUp, _), (.home, _), (.end, _): move(key, pane)
        case (.character(let character), _): look(character, at: now)
        default: break
        }
        return []
    }

    /// What is shown counts as seen.
    mutating func open(_ pane: Pane) {
        mode = .pane(pane)
        noteSeen()
    }

    mutating func noteSeen() {
        guard case .pane(let pane) = mode else { return }
        switch pane.kind {
        case .conversation(let peer): readUpTo[peer] = model.messages.last { $0.peer == peer }?.serial
        case .calls: seenCallsUntil = model.calls.compactMap(\.endedAt).max()
        case .contacts, .conversations, .log, .accounts: break
        }
    }

    private static func scrolls(_ key: Key) -> Bool {
        [.down, .up, .pageDown, .pageUp, .home, .end, .character(" ")].contains(key)
    }

    private mutating func scroll(_ key: Key, _ pane: Pane, last: Int) {
        var pane = pane
        let step: Int
        switch key {
        case .down: step = -1
        case .up: step = 1
        case .pageDown, .character(" "): step = -pageHeight
        case .pageUp: step = pageHeight
        case .home: step = last
        case .end: step = -last
        default: return
        }
        pane.back = min(max(0, min(pane.back, last) + step), last)
        mode = .pane(pane)
    }

    private mutating func move(_ key: Key, _ pane: Pane) {
        let rows = paneKeys(pane.kind)
        guard !rows.isEmpty else { return }
        let at = paneIndex(pane, in: rows)
        let next: Int
        switch key {
        case .down: next = at + 1
        case .up: next = at - 1
        case .pageDown: next = at + 10
        case .pageUp: next = at - 10
        case .home: next = 0
        case .end: next = rows.count - 1
        default: return
        }
        open(Pane(pane.kind, selected: rows[min(max(0, next), rows.count - 1)]))
    }

    /// Enter: what one would do most.
    private mutating func openRow(_ pane: Pane, at now: Instant) -> [SoftphoneCore.Command] {
        switch pane.kind {
        case .conversations: if let peer = selectedPeer { open(Pane(.conversation(with: peer))) }
        case .contacts:
            guard let usage = selectedUsage else {
                say("they are not watched; s watches them", at: now)
                break
            }
            mode = .detail(Reading(usage.id, from: pane))
        case .calls:
            if let call = selectedPastCall {
                mode = .detail(Reading(call.id, from: pane))
            } else if selectedEarlierCall != nil {
                say("that was in an earlier run; c calls again", at: now)
            }
        case .accounts: if let name = selectedAccount?.name { return [.useAccount(name)] }
        case .conversation, .log: break
        }
        return []
    }

    // MARK: Rows

    /// What the rows of a pane are about, in their order.
    func paneKeys(_ kind: Pane.Kind) -> [String] {
        switch kind {
        case .contacts: model.presence.map(\.uri)
        case .conversations: conversations.map(\.peer)
        case .calls:
            model.calls.reversed().map(\.id.description) + model.earlierCalls.indices.reversed().map(Self.earlierKey)
        case .accounts: model.accounts.map(\.name)
        case .conversation, .log: []
        }
    }
    func paneIndex(_ pane: Pane, in rows: [String]) -> Int { pane.selected.flatMap { rows.firstIndex(of: $0) } ?? 0 }

    struct Conversation: Hashable {
        var peer: String
        var newest: MessageRow
        var count: Int
        var unread: Int
    }
    /// The one with the newest message first.
    var conversations: [Conversation] {
        var byPeer: [String: Conversation] = [:]
        for message in model.messages {
            var entry =
                byPeer[message.peer] ?? Conversation(peer: message.peer, newest: message, count: 0, unread: 0)
            entry.newest = message
            entry.count += 1
            if !message.isOurs, message.serial > readUpTo[message.peer] ?? 0 { entry.unread += 1 }
            byPeer[message.peer] = entry
        }
        return byPeer.values.sorted { $0.newest.serial > $1.newest.serial }
    }

    /// Received, and in no conversation that was looked at since.
    var unreadMessages: Int { model.messages.count { !$0.isOurs && $0.serial > readUpTo[$0.peer] ?? 0 } }
    /// Since the pane of calls was looked at.
    var missedCalls: Int {
        model.calls.count { call in call.isMissed && (seenCallsUntil.map { call.endedAt ?? $0 > $0 } ?? true) }
    }

    // MARK: What the selected row is about

    private func selectedKey(_ kind: Pane.Kind) -> String? {
        guard case .pane(let pane) = mode, pane.kind == kind else { return nil }
        let rows = paneKeys(kind)
        return rows.isEmpty ? nil : rows[paneIndex(pane, in: rows)]
    }
    var selectedContact: PresenceRow? {
        selectedKey(.contacts).flatMap { key in model.presence.first { $0.uri == key } }
    }
    var selectedPastCall: CallRow? {
        selectedKey(.calls).flatMap { key in model.calls.last { $0.id.description == key } }
    }
    var selectedEarlierCall: PastCall? {
        selectedKey(.calls).flatMap { key in
            model.earlierCalls.indices.first { Self.earlierKey($0) == key }.map { model.earlierCalls[$0] }
        }
    }
    private static func earlierKey(_ index: Int) -> String { "earlier-\(index)" }
    var selectedAccount: AccountRow? {
        selectedKey(.accounts).flatMap { key in model.accounts.first { $0.name == key } }
    }
    /// Whom a call or a message from here is for.
    var selectedPeer: String? {
        guard case .pane(let pane) = mode else { return nil }
        return switch pane.kind {
        case .contacts: selectedContact?.uri
        case .conversations: selectedKey(.conversations)
        case .conversation(let peer): peer
        case .calls: selectedPastCall?.address ?? selectedEarlierCall?.address
        case .log, .accounts: nil
        }
    }
    /// The live usage behind the row.
    func usage(behind pane: Pane) -> UsageRow? {
        let id: AnyUsageID? =
            switch pane.kind {
            case .contacts: selectedContact?.subscription
            case .calls: selectedPastCall?.id
            case .accounts:
                selectedAccount.flatMap { account in
                    model.usages.members(of: .clientRegistration).first { $0.summary.accountName == account.name }?.id
                }
            case .conversations, .conversation, .log: nil
            }
        return id.flatMap { model.usages[$0] }
    }
}
