import DialogUsage
import SoftphoneCore

/// The last line: the keys that do something here and now, the nearest ones first.
extension App {
    struct KeyHint: Hashable {
        /// As it is written, and what it is to press; nil: several keys, or text.
        var key: String
        var press: Key?
        var text: String
        /// Why it does nothing now.
        var obstacle: String?
        var whole: String { obstacle.map { $0.isEmpty ? text : "\(text) (\($0))" } ?? text }
        var width: Int { Width.of(key) + Width.of(whole) + 3 }
    }

    func drawKeyBar(_ frame: inout Frame, row: Int) {
        var column = 1
        for hint in fitting(keyHints, in: frame.size.columns - 1) {
            let isFaint = hint.obstacle != nil
            if let key = hint.press { frame.answer(.key(key), row: row, column: column, width: hint.width - 2) }
            column += frame.write(hint.key, row: row, column: column, style: isFaint ? Looks.faint : Looks.keyName) + 1
            column += frame.write(hint.whole, row: row, column: column, style: isFaint ? Looks.faint : .plain) + 2
        }
    }

    /// From the front as many as there is room for, and always the last one, which is the way out.
    private func fitting(_ hints: [KeyHint], in width: Int) -> [KeyHint] {
        guard let last = hints.last else { return [] }
        var used = last.width
        var shown: [KeyHint] = []
        for hint in hints.dropLast() {
            // The two blanks behind the last one may be missing.
            guard used + hint.width <= width + 2 else { break }
            used += hint.width
            shown.append(hint)
        }
        return shown + [last]
    }

    /// Of the shutdown panel (`shutdown.md` S7).
    var shutdownHints: [KeyHint] {
        let force = hints((.leaveForce, "force now"))
        let stay = hints((.leaveStay, "stay"))
        if case .armed = leaving { return hints((.leaveNow, "at once")) + force + stay }
        guard let shutdown = model.shutdown else { return force }
        switch shutdown.mode {
        case .force, .bestEffort, .cancelled: return []
        case .graceful, .ifIdle:
            return hints(
                (.leaveSkip, "skip this one"), (.leaveSkipGroup, "skip the group"), (.leaveExtend, "10 s more"),
                (.leaveWait, "wait for ever")) + force + (shutdown.canCancel ? stay : [])
        }
    }

    private var keyHints: [KeyHint] {
        if isShowingShutdown { return shutdownHints }
        let ringing = incoming == nil ? [] : ringingHints
        switch mode {
        case .prompt:
            return [
                KeyHint(key: "Enter", press: .enter, text: "run"), KeyHint(key: "Tab", press: .tab, text: "complete"),
                KeyHint(key: "↑↓", text: "history"), KeyHint(key: "Ctrl-R", press: .control("r"), text: "search it"),
                KeyHint(key: "Esc", press: .escape, text: "back"),
            ]
        case .search(let search):
            return [
                KeyHint(key: "Enter", press: .enter, text: "keep"),
                KeyHint(key: "↑↓", text: search.purpose == .find ? "others" : "move"),
                KeyHint(key: "Esc", press: .escape, text: "back"),
            ]
        case .help(let help):
            return [
                KeyHint(key: "a-z", text: "search"), KeyHint(key: "↑↓", text: "choose"),
                KeyHint(key: "Enter", press: .enter, text: "run"),
                KeyHint(key: "Esc", press: .escape, text: help.sought.isEmpty ? "back" : "clear"),
            ]
        case .digits: return [KeyHint(key: "0-9 * #", text: "send"), KeyHint(key: "Esc", press: .escape, text: "back")]
        case .pane(let pane): return ringing + paneHints(pane)
        case .plan:
            return ringing + verbs([.shutdown]) + [KeyHint(key: "↑↓", text: "scroll")] + hints((.back, "back"))
        case .detail(let reading): return ringing + readingHints(reading)
        case .browsing:
            let open = openWord.map { hints((.open, $0)) } ?? []
            let stay = model.isArmed ? hints((.back, "stay")) : []
            let ours = verbs(isRingingSelected ? [] : selectionVerbs)
            let prompt = hints((.prompt, "command"))
            // Where there is no room for everything, what can be done to what is selected comes first.
            let near = size.columns < Self.roomyKeys ? ours + open + prompt : prompt + open + ours
            let beginning: [Verb] = [.register, .call, .subscribe, .publish, .message]
            return ringing + stay + hints((.help, "keys")) + near
                + verbs(isRegistered ? Array(beginning.dropFirst()) : beginning)
                + hints((.find, "find"), (.contacts, "contacts"), (.messages, "messages"), (.calls, "calls"))
                + hints((.log, "log"), (.accounts, "accounts")) + verbs([.shutdown])
        }
    }

    private func paneHints(_ pane: Pane) -> [KeyHint] {
        let back = hints((.help, "keys"), (.back, "back"))
        let hasRows = !paneKeys(pane.kind).isEmpty
        switch pane.kind {
        case .contacts:
            let open = selectedUsage == nil ? [] : hints((.open, "detail")) + verbs([.unsubscribe, .refresh])
            return open + verbs(hasRows ? [.call, .message, .subscribe] : [.subscribe]) + back
        case .conversations:
            return (hasRows ? hints((.open, "read")) + verbs([.message, .call]) : verbs([.message])) + back
        case .conversation:
            return hints((.open, "reply")) + [KeyHint(key: "↑↓", text: "scroll")] + verbs([.call, .subscribe]) + back
        case .calls: return (hasRows ? hints((.open, "detail")) : []) + verbs([.call, .message]) + back
        case .accounts:
            return
                (hasRows
                ? hints((.open, "use")) + verbs(selectedUsage == nil ? [.register] : [.register, .unregister]) : [])
                + back
        case .log: return [KeyHint(key: "↑↓", text: "scroll"), KeyHint(key: "PgUp PgDn", text: "page")] + back
        }
    }

    /// What Enter does in the list; nil: nothing.
    private var openWord: String? {
        if selectedUsage != nil { return "detail" }
        return list.section(at: selected)?.isClosed == true ? "open" : nil
    }

    private func readingHints(_ reading: Reading) -> [KeyHint] {
        let moving = [KeyHint(key: "↑↓", text: reading.page == .ladder ? "move" : "scroll")]
        switch reading.page {
        case .ladder:
            return moving + hints((.open, "message"), (.mark, reading.marks.isEmpty ? "mark" : "compare"))
                + hints((.wider, "wider")) + verbs(selectionVerbs)
                + hints((.zoom, isZoomed ? "unzoom" : "zoom"), (.help, "keys"), (.back, "back"))
        case .message: return moving + [KeyHint(key: "←→", text: "other messages")] + hints((.back, "back"))
        case .difference: return moving + [KeyHint(key: "PgUp PgDn", text: "page")] + hints((.back, "back"))
        }
    }

    /// From so many columns on the last line has room for more than what is selected.
    private static let roomyKeys = 80
    /// Nobody who is registered begins with that.
    private var isRegistered: Bool { model.accounts.first { $0.isCurrent }?.registration == "registered" }

    /// What can be done to it stands in front already.
    private var isRingingSelected: Bool { incoming.map { $0.id == selectedUsage?.id } ?? false }

    /// What can be done about a call that rings here.
    var ringingHints: [KeyHint] {
        [(Verb.answer, "answer"), (.hangUp, "decline"), (.reject, "busy"), (.transfer, "redirect")]
            .compactMap { verb, text in hint(.verb(verb), text) }
    }

    /// What can be done to the selected usage as it is now.
    var selectionVerbs: [Verb] {
        if let call = selectedCall, selectedUsage == nil || selectedUsage?.call != nil {
            let mute: Verb = call.isMuted ? .unmute : .mute
            let isAlone = model.calls.count { $0.state == .connected || $0.state == .held } < 2
            let together: [Verb] = isAlone ? [] : [.conference, .transferAttended]
            switch call.state {
            case .connected: return [.hangUp, .hold, .transfer, .dtmf, mute, .record] + together
            case .held: return [.hangUp, .resume, .transfer, .dtmf] + together
            case .incoming: return [.answer, .hangUp, .reject, .redirect]
            case .calling, .ringing, .early, .answering: return [.hangUp, .hold]
            case .ending, .ended: return []
            }
        }
        switch selectedUsage?.id.kind {
        case .clientRegistration: return [.unregister, .refresh]
        case .clientSubscription: return [.unsubscribe, .refresh]
        case .clientPublication: return [.unpublish]
        case .serverSubscription where selectedUsage?.summary.eventPackage == "refer":
            return [.acceptTransfer, .denyTransfer]
        case .serverInviteSession, .serverSubscription, .clientInviteSession, .clientPagerMessage,
            .clientOutOfDialogRequest, .serverOutOfDialogRequest, .serverPagerMessage, .serverRegistration,
            .serverPublication, nil:
            return []
        }
    }

    /// As the command table names them, and with what is in their way.
    private func verbs(_ verbs: [Verb]) -> [KeyHint] {
        var hints: [KeyHint] = []
        for verb in verbs {
            guard let spec = CommandSpec.spec(of: verb), var hint = hint(.verb(verb), spec.word) else { continue }
            let obstacle = obstacle(to: verb)
            // What several have in common is said once, behind the last of them.
            if obstacle != nil, hints.last?.obstacle == obstacle { hints[hints.count - 1].obstacle = "" }
            hint.obstacle = obstacle
            if obstacle == nil, let other = turnedBack(verb) { hint.text = other }
            hints.append(hint)
        }
        return hints
    }
    /// What the key of a verb does while what it began goes on.
    private func turnedBack(_ verb: Verb) -> String? {
        guard let call = selectedCall else { return nil }
        return switch verb {
        case .record where call.recording != nil: "end recording"
        case .conference where call.conference != nil: "split"
        default: nil
        }
    }
    func hint(_ target: KeyMap.Target, _ text: String) -> KeyHint? {
        keys.keys(of: target).first.map { KeyHint(key: $0.description, press: $0, text: text) }
    }
    private func hints(_ actions: (ScreenAction, String)...) -> [KeyHint] {
        actions.compactMap { action, text in hint(.screen(action), text) }
    }
}
