import DialogUsage
import SIPMessage
import SansIO
import SoftphoneCore

/// What keys do.
extension App {
    mutating func pressed(_ key: Key, at now: Instant) -> [SoftphoneCore.Command] {
        if key == .control("c") { return interrupted(at: now) }
        if isShowingShutdown { return pressedWhileLeaving(key, at: now) }
        switch mode {
        case .prompt(let editor, _): return typed(key, editor, at: now)
        case .digits(let sent): return dialled(key, sent)
        case .help(let first): return scrolled(key, by: first, limit: HelpView.lines.count) { .help(first: $0) }
        case .detail(let first): return inDetail(key, first, at: now)
        case .log(let back): return scrolled(key, by: back, limit: model.log.count, upwards: true) { .log(back: $0) }
        case .messages(let back):
            return scrolled(key, by: back, limit: model.messages.count, upwards: true) { .messages(back: $0) }
        case .browsing: return browsed(key, at: now)
        }
    }

    // MARK: The main screen

    private mutating func browsed(_ key: Key, at now: Instant) -> [SoftphoneCore.Command] {
        switch key {
        case .down, .character("j"): move(by: 1)
        case .up, .character("k"): move(by: -1)
        case .pageDown, .control("d"): move(by: 10)
        case .pageUp, .control("b"): move(by: -10)
        case .home, .character("g"): select(0)
        case .end, .character("G"): select(list.rows.count - 1)
        case .tab: jump(forward: true)
        case .backTab: jump(forward: false)
        case .enter: if selectedUsage != nil { mode = .detail(first: 0) }
        case .escape: notice = nil
        case .character(":"), .function(2): mode = .prompt(LineEditor(), fault: nil)
        case .character("?"), .function(1): mode = .help(first: 0)
        case .character("l"): mode = .log(back: 0)
        case .character("L"): mode = .messages(back: 0)
        case .function(9): return command(for: "x", at: now)
        case .function(10): return command(for: "Q", at: now)
        case .character(let digit) where ("1"..."7").contains(digit):
            if let number = digit.wholeNumberValue, let index = list.heading(of: UsageList.groups[number - 1]) {
                select(list.usage(at: index + 1) == nil ? index : index + 1)
            }
        case .character(let character): return command(for: character, at: now)
        default: break
        }
        return []
    }

    private mutating func inDetail(_ key: Key, _ first: Int, at now: Instant) -> [SoftphoneCore.Command] {
        switch key {
        case .escape, .enter: mode = .browsing
        case .down, .character("j"): mode = .detail(first: first + 1)
        case .up, .character("k"): mode = .detail(first: max(0, first - 1))
        case .pageDown: mode = .detail(first: first + 10)
        case .pageUp: mode = .detail(first: max(0, first - 10))
        case .character(":"): mode = .prompt(LineEditor(), fault: nil)
        case .character("?"): mode = .help(first: 0)
        case .character(let character): return command(for: character, at: now)
        default: break
        }
        return []
    }

    private mutating func scrolled(
        _ key: Key, by offset: Int, limit: Int, upwards: Bool = false, _ make: (Int) -> Mode
    ) -> [SoftphoneCore.Command] {
        let step = { (count: Int) in min(max(0, offset + (upwards ? -count : count)), max(0, limit - 1)) }
        switch key {
        case .down, .character("j"): mode = make(step(1))
        case .up, .character("k"): mode = make(step(-1))
        case .pageDown, .character(" "): mode = make(step(10))
        case .pageUp: mode = make(step(-10))
        case .home: mode = make(upwards ? max(0, limit - 1) : 0)
        case .end: mode = make(upwards ? 0 : max(0, limit - 1))
        case .escape, .enter, .character("q"), .character("?"), .character("l"), .character("L"): mode = .browsing
        default: break
        }
        return []
    }

    private mutating func move(by count: Int) { select(selected + count) }
    mutating func select(_ index: Int) {
        selected = min(max(0, index), list.rows.count - 1)
        selectedID = list.usage(at: selected)?.id
    }
    private mutating func jump(forward: Bool) {
        let headings = list.rows.indices.filter { list.usage(at: $0) == nil }
        let next = forward ? headings.first { $0 > selected } : headings.last { $0 < selected }
        select(next ?? (forward ? headings.first ?? 0 : headings.last ?? 0))
    }

    // MARK: Verbs

    /// The verb that this key stands for in the command table, done to what is selected; one that needs more words
    /// opens the prompt.
    mutating func command(for character: Character, at now: Instant) -> [SoftphoneCore.Command] {
        guard let spec = CommandSpec.spec(forKey: character) else {
            say("no key \(character) here; ? lists those there are", at: now)
            return []
        }
        switch spec.verb {
        case .shutdown, .shutdownGraceful:
            leaving = .armed(until: now + Self.armedFor)
            return []
        case .shutdownIfIdle:
            return [.shutdown(ShutdownRequest(.ifIdle(ignoringSoftState: true, orRefuse: false), giveUp: .zero))]
        case .shutdownForce:
            leaving = .asked
            return [.shutdown(ShutdownRequest(.force(bestEffort: false)))]
        case .dtmf:
            guard let call = selectedCall else {
                say("select a call that is connected, to send it digits", isFault: true, at: now)
                return []
            }
            selectedID = call.id
            mode = .digits(sent: "")
            return []
        case .answer, .reject:
            guard let call = incoming, let since = incomingSince[call.id], now - since >= Self.settle else { return [] }
            return spec.verb == .answer
                ? [.answer(UsageName(call.alias ?? call.id.description), CallOptions(), alias: nil)]
                : [.reject(UsageName(call.alias ?? call.id.description), 486)]
        case .hold, .resume, .mute, .unmute, .hangUp: return callCommand(spec.verb, at: now)
        case .unsubscribe, .unpublish, .unregister, .refresh: return usageCommand(spec.verb, at: now)
        case .register: return [.register(account: nil, expires: nil, alias: nil)]
        default:
            guard spec.isComplete else {
                mode = .prompt(LineEditor(prefilled(spec)), fault: nil)
                return []
            }
            return run(spec.word, at: now)
        }
    }

    /// What a verb's line begins with when its key is pressed.
    private func prefilled(_ spec: CommandSpec) -> String {
        let peer = selectedUsage.map(\.summary.peer) ?? ""
        switch spec.verb {
        case .subscribe: return "subscribe presence "
        case .publish: return "publish presence "
        case .message where peer.hasPrefix("sip") && selectedUsage?.id.kind != .clientRegistration:
            return "message \(peer) \""
        default: return spec.word + " "
        }
    }

    var selectedCall: CallRow? {
        let calls = model.calls.filter { $0.state != .ended }
        if let id = selectedUsage?.id, let call = calls.first(where: { $0.id == id }) { return call }
        return calls.count == 1 ? calls.first : nil
    }

    private mutating func callCommand(_ verb: Verb, at now: Instant) -> [SoftphoneCore.Command] {
        guard let call = selectedCall else {
            let text = model.calls.contains { $0.state != .ended } ? "select the call first" : "there is no call"
            say(text, isFault: true, at: now)
            return []
        }
        let name = UsageName(call.alias ?? call.id.description)
        switch verb {
        case .hold: return call.state == .held ? [.resume(name)] : [.hold(name)]
        case .resume: return [.resume(name)]
        case .mute: return call.isMuted ? [.unmute(name)] : [.mute(name)]
        case .unmute: return [.unmute(name)]
        default: return [.hangUp(.one(name), reason: nil)]
        }
    }

    private mutating func usageCommand(_ verb: Verb, at now: Instant) -> [SoftphoneCore.Command] {
        let kinds: [UsageKind] =
            switch verb {
            case .unsubscribe: [.clientSubscription]
            case .unpublish: [.clientPublication]
            case .unregister: [.clientRegistration]
            default: [.clientRegistration, .clientSubscription]
            }
        let live = model.usages.filter { kinds.contains($0.id.kind) }
        let chosen = selectedUsage.flatMap { kinds.contains($0.id.kind) ? $0 : nil } ?? (live.count == 1 ? live[0] : nil)
        guard let chosen else {
            say(live.isEmpty ? "there is none" : "select the one you mean first", isFault: true, at: now)
            return []
        }
        let name = UsageName(chosen.name)
        switch verb {
        case .unsubscribe: return [.unsubscribe(name)]
        case .unpublish: return [.unpublish(name)]
        case .unregister: return [.unregister(name)]
        default: return [.refresh(name)]
        }
    }

    // MARK: Digits

    private mutating func dialled(_ key: Key, _ sent: String) -> [SoftphoneCore.Command] {
        switch key {
        case .character(let digit) where "0123456789*#ABCDabcd".contains(digit):
            guard let call = selectedCall else {
                mode = .browsing
                return []
            }
            mode = .digits(sent: String((sent + String(digit)).suffix(32)))
            return [.dtmf(UsageName(call.alias ?? call.id.description), digits: String(digit), .rtp)]
        case .escape, .enter: mode = .browsing
        default: break
        }
        return []
    }
}
