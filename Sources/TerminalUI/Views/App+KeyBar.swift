import DialogUsage
import SoftphoneCore

/// The last line: the keys that do something here and now, the nearest ones first.
extension App {
    struct KeyHint: Hashable {
        var key: String
        var text: String
        var width: Int { Width.of(key) + Width.of(text) + 3 }
    }

    func drawKeyBar(_ frame: inout Frame, row: Int) {
        var column = 1
        for hint in fitting(keyHints, in: frame.size.columns - 1) {
            column += frame.write(hint.key, row: row, column: column, style: Looks.keyName) + 1
            column += frame.write(hint.text, row: row, column: column) + 2
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
        let force = KeyHint(key: "!", text: "force now")
        let stay = KeyHint(key: "Esc", text: "stay")
        if case .armed = leaving { return [KeyHint(key: "Enter", text: "at once"), force, stay] }
        guard let shutdown = model.shutdown else { return [force] }
        switch shutdown.mode {
        case .force, .bestEffort, .cancelled: return []
        case .graceful, .ifIdle:
            let adjusting = [
                KeyHint(key: "s", text: "skip this one"), KeyHint(key: "n", text: "skip the group"),
                KeyHint(key: "+", text: "10 s more"), KeyHint(key: "i", text: "wait for ever"), force,
            ]
            return adjusting + (shutdown.canCancel ? [stay] : [])
        }
    }

    private var keyHints: [KeyHint] {
        if isShowingShutdown { return shutdownHints }
        let ringing = incoming == nil ? [] : verbs(.answer, .reject)
        switch mode {
        case .prompt:
            return [
                KeyHint(key: "Enter", text: "run"), KeyHint(key: "Tab", text: "complete"),
                KeyHint(key: "↑↓", text: "history"), KeyHint(key: "Esc", text: "back"),
            ]
        case .digits: return [KeyHint(key: "0-9 * #", text: "send"), KeyHint(key: "Esc", text: "back")]
        case .help, .log, .messages:
            return ringing + [
                KeyHint(key: "↑↓", text: "scroll"), KeyHint(key: "PgUp PgDn", text: "page"),
                KeyHint(key: "Esc", text: "back"),
            ]
        case .detail:
            return ringing + [KeyHint(key: "↑↓", text: "scroll")] + selectionVerbs + [
                KeyHint(key: ":", text: "command"), KeyHint(key: "?", text: "keys"), KeyHint(key: "Esc", text: "back"),
            ]
        case .browsing:
            let open = selectedUsage == nil ? [] : [KeyHint(key: "Enter", text: "detail")]
            let stay = model.isArmed ? [KeyHint(key: "Esc", text: "stay")] : []
            return ringing + stay + [KeyHint(key: "?", text: "keys"), KeyHint(key: ":", text: "command")] + open
                + selectionVerbs + verbs(.register, .call, .subscribe, .publish, .message)
                + [KeyHint(key: "l", text: "log"), KeyHint(key: "L", text: "messages")] + verbs(.shutdown)
        }
    }

    /// What can be done to the selected usage as it is now.
    private var selectionVerbs: [KeyHint] {
        if let call = selectedCall, selectedUsage == nil || selectedUsage?.call != nil {
            let mute: Verb = call.isMuted ? .unmute : .mute
            switch call.state {
            case .connected: return verbs(.hangUp, .hold, .dtmf, mute, .transfer)
            case .held: return verbs(.hangUp, .resume, .dtmf, mute)
            case .calling, .ringing, .early, .incoming, .answering: return verbs(.hangUp)
            case .ending, .ended: return []
            }
        }
        switch selectedUsage?.id.kind {
        case .clientRegistration: return verbs(.unregister, .refresh)
        case .clientSubscription: return verbs(.unsubscribe, .refresh)
        case .clientPublication: return verbs(.unpublish)
        case .serverSubscription where selectedUsage?.summary.eventPackage == "refer":
            return verbs(.acceptTransfer, .denyTransfer)
        case .serverInviteSession, .serverSubscription, .clientInviteSession, .clientPagerMessage,
            .clientOutOfDialogRequest, .serverOutOfDialogRequest, .serverPagerMessage, .serverRegistration,
            .serverPublication, nil:
            return []
        }
    }

    /// As the command table names them.
    private func verbs(_ verbs: Verb...) -> [KeyHint] {
        verbs.compactMap { verb in
            guard let spec = CommandSpec.spec(of: verb), let key = spec.key else { return nil }
            return KeyHint(key: String(key), text: spec.word)
        }
    }
}
