import DialogUsage
import SIPMessage
import SansIO
import SoftphoneCore

/// What keys do.
extension App {
    mutating func pressed(_ key: Key, at now: Instant) -> [SoftphoneCore.Command] {
        let before = mode
        let commands = understood(key, at: now)
        comeBack(from: before, hasRun: !commands.isEmpty)
        return commands
    }

    /// Out of the prompt one comes back to where one was; after a command only in a conversation, because anything else
    /// that is begun is seen on the main screen.
    private mutating func comeBack(from before: Mode, hasRun: Bool) {
        switch (before, mode) {
        case (.prompt, .prompt): break
        case (.help(let help), .prompt): behind = help.behind
        case (_, .prompt): behind = before
        case (.prompt, .browsing):
            let isTalk = if case .pane(let pane) = behind, case .conversation = pane.kind { true } else { false }
            if !hasRun || isTalk { mode = behind }
            behind = .browsing
        default: break
        }
    }

    private mutating func understood(_ key: Key, at now: Instant) -> [SoftphoneCore.Command] {
        if key == .control("c") { return interrupted(at: now) }
        if isShowingShutdown { return pressedWhileLeaving(key, at: now) }
        switch mode {
        case .prompt(let editor, _): return typed(key, editor, at: now)
        case .search(let search):
            seek(key, search, at: now)
            return []
        case .digits(let call, let sent): return dialled(key, call, sent, at: now)
        case .help(let help): return inHelp(key, help, at: now)
        case .browsing, .detail, .pane, .plan: break
        }
        switch keys.target(of: key) {
        case .verb(let verb): return pressed(verb, at: now)
        case .screen(let action): return act(action, at: now)
        case nil where keys.isFree(key):
            if case .character(let character) = key { sayNoKey(character, at: now) }
            return []
        case nil: return moved(key, at: now)
        }
    }

    private mutating func pressed(_ verb: Verb, at now: Instant) -> [SoftphoneCore.Command] {
        if incoming != nil, isForRinging(verb) { return ringingCommand(verb, at: now) }
        // As long as something is looked for, its key is for the next one, so that a request that comes meanwhile is
        // not declined by it.
        if verb == .denyTransfer, !sought.isEmpty, mode == .browsing {
            findNext(at: now)
            return []
        }
        switch mode {
        case .browsing, .pane: return perform(verb, at: now)
        case .detail(let reading): return reading.page == .ladder ? perform(verb, at: now) : []
        case .plan where verb == .shutdown || verb == .shutdownForce:
            // What has been read is done.
            mode = .browsing
            return perform(verb, at: now)
        case .prompt, .search, .digits, .help, .plan: return []
        }
    }

    private mutating func act(_ action: ScreenAction, at now: Instant) -> [SoftphoneCore.Command] {
        if action == .mouse {
            giveOrTakeMouse(at: now)
            return []
        }
        return moved(action.usualKeys.first ?? .insert, at: now)
    }

    /// A key by the name under which the screens know it, whatever the configuration calls it.
    mutating func moved(_ key: Key, at now: Instant) -> [SoftphoneCore.Command] {
        switch mode {
        case .detail(let reading): return read(key, reading, at: now)
        case .pane(let pane): return inPane(key, pane, at: now)
        case .plan(let forecast, let first):
            let last = PlanView(forecast, names: name(of:)).lastFirst(width: size.columns - 4, height: pageHeight)
            return scrolled(key, by: min(first, last), last: last) {
                $0.map { .plan(forecast, first: $0) } ?? .browsing
            }
        case .browsing: return browsed(key, at: now)
        case .prompt, .search, .digits, .help: return []
        }
    }

    /// What the chosen row of the help does: the same as its key.
    mutating func run(_ target: KeyMap.Target, at now: Instant) -> [SoftphoneCore.Command] {
        switch target {
        case .verb(let verb): return perform(verb, at: now)
        case .screen(let action):
            switch action.place {
            case .screens: return act(action, at: now)
            case .shutdownPanel:
                say(Self.onlyWhileLeaving, at: now)
                return []
            }
        }
    }
    /// The panel lies over the help, so whoever reads this is not leaving.
    static let onlyWhileLeaving = "that is for the panel that a shutdown shows"

    // MARK: The main screen

    private mutating func browsed(_ key: Key, at now: Instant) -> [SoftphoneCore.Command] {
        switch key {
        case .down: move(by: 1)
        case .up: move(by: -1)
        case .pageDown: move(by: 10)
        case .pageUp: move(by: -10)
        case .home: choose(0)
        case .end: choose(list.rowCount - 1)
        case .tab: jump(forward: true)
        case .backTab: jump(forward: false)
        case .enter:
            if let selectedUsage { mode = .detail(Reading(selectedUsage.id)) } else { setGroup(close: nil, at: now) }
        case .left: setGroup(close: true, at: now)
        case .right: setGroup(close: false, at: now)
        case .escape: return steppedBack()
        case .character(let digit) where ("1"..."7").contains(digit):
            if let number = digit.wholeNumberValue, let index = list.heading(of: UsageList.groups[number - 1]) {
                choose(list.usage(at: index + 1) == nil ? index : index + 1)
            }
        case .character(let character): look(character, at: now)
        default: break
        }
        return []
    }

    /// One step at a time: what was begun last is taken back first.
    private mutating func steppedBack() -> [SoftphoneCore.Command] {
        notice = nil
        // Nothing has been ended yet, so one can always stay (`shutdown.md` S7).
        if model.isArmed { return [.adjust(.cancel)] }
        if !sought.isEmpty {
            sought = ""
        } else if !filter.isEmpty {
            filter = ""
            listAgain()
        } else if !marked.isEmpty {
            marked = []
        } else {
            isZoomed = false
        }
        return []
    }

    /// The key of the pane that is shown leads back.
    private mutating func turn(to kind: Pane.Kind) {
        if case .pane(let pane) = mode, pane.kind == kind { mode = .browsing } else { open(Pane(kind)) }
    }

    /// Keys that mean the same on the main screen, in a pane, and where one usage is looked at.
    mutating func look(_ character: Character, at now: Instant) {
        switch character {
        case ":": mode = .prompt(LineEditor(), fault: nil)
        case "?": mode = .help(Help(behind: mode))
        case "B": turn(to: .contacts)
        case "L": turn(to: .conversations)
        case "J": turn(to: .calls)
        case "A": turn(to: .accounts)
        case "l": turn(to: .log)
        case "z": isZoomed.toggle()
        case "w": widen(at: now)
        case " " where mode == .browsing: markSelected(at: now)
        case "/", "\\", "n", "N", " ":
            guard mode == .browsing else { return say("that is for the list of usages; Esc goes there", at: now) }
            if character == "/" || character == "\\" {
                beginSearch(character == "/" ? .find : .filter)
            } else {
                findNext(backwards: character == "N", at: now)
            }
        default: sayNoKey(character, at: now)
        }
    }

    /// - Parameters:
    ///   - last: the furthest one can go. `upwards`: the offset counts from the end.
    ///   - make: nil for the way back.
    mutating func scrolled(
        _ key: Key, by offset: Int, last: Int, upwards: Bool = false, _ make: (Int?) -> Mode
    ) -> [SoftphoneCore.Command] {
        let step = { (count: Int) in min(max(0, min(offset, last) + (upwards ? -count : count)), last) }
        switch key {
        case .down: mode = make(step(1))
        case .up: mode = make(step(-1))
        case .pageDown, .character(" "): mode = make(step(pageHeight))
        case .pageUp: mode = make(step(-pageHeight))
        case .home: mode = make(upwards ? last : 0)
        case .end: mode = make(upwards ? 0 : last)
        case .escape, .enter, .character("q"): mode = make(nil)
        case .character("?"): mode = .help(Help(behind: mode))
        case .character(":"): mode = .prompt(LineEditor(), fault: nil)
        default: break
        }
        return []
    }

    /// Rows inside a box over the whole screen.
    var pageHeight: Int { max(1, size.rows - 5) }

    /// Whether a verb is for the call that rings, whatever else is shown. Never while somebody types.
    private func isForRinging(_ verb: Verb) -> Bool {
        [.answer, .reject, .hangUp, .transfer].contains(verb)
    }

    mutating func sayNoKey(_ character: Character, at now: Instant) {
        let help = keys.shown(.screen(.help)) ?? ":help"
        say("no key \(character) here; \(help) lists those there are", at: now)
    }

    // MARK: The selection

    mutating func move(by count: Int) { choose(selected + count) }
    mutating func choose(_ index: Int) {
        hasChosen = true
        select(index)
    }
    mutating func select(_ index: Int) {
        selected = min(max(0, index), list.rowCount - 1)
        selectedID = list.usage(at: selected)?.id
    }
    private mutating func jump(forward: Bool) {
        let headings = list.headings
        let next = forward ? headings.first { $0 > selected } : headings.last { $0 < selected }
        choose(next ?? (forward ? headings.first ?? 0 : headings.last ?? 0))
    }
}
