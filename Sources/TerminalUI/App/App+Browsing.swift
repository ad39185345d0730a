import DialogUsage
import SIPMessage
import SansIO
import SoftphoneCore

/// What keys do.
extension App {
    mutating func pressed(_ key: Key, at now: Instant) -> [SoftphoneCore.Command] {
        if key == .control("c") { return interrupted(at: now) }
        if isShowingShutdown { return pressedWhileLeaving(key, at: now) }
        if incoming != nil, case .character(let character) = key, isForRinging(character) {
            return command(for: character, at: now)
        }
        switch mode {
        case .prompt(let editor, _): return typed(key, editor, at: now)
        case .digits(let sent): return dialled(key, sent, at: now)
        case .help(let first):
            let help = HelpView(width: size.columns - 4)
            let last = help.lastFirst(height: pageHeight)
            return scrolled(key, by: min(first, last), last: last) { .help(first: $0) }
        case .detail(let first): return inDetail(key, first, at: now)
        case .log(let back):
            let last = max(0, model.log.count - pageHeight)
            return scrolled(key, by: min(back, last), last: last, upwards: true) { .log(back: $0) }
        case .messages(let back):
            let last = max(0, model.messages.count - pageHeight)
            return scrolled(key, by: min(back, last), last: last, upwards: true) { .messages(back: $0) }
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
        case .home, .character("g"): choose(0)
        case .end, .character("G"): choose(list.rows.count - 1)
        case .tab: jump(forward: true)
        case .backTab: jump(forward: false)
        case .enter: if selectedUsage != nil { mode = .detail(first: 0) }
        case .escape:
            notice = nil
            // Nothing has been ended yet, so one can always stay (`shutdown.md` S7).
            if model.isArmed { return [.adjust(.cancel)] }
        case .character(":"), .function(2): mode = .prompt(LineEditor(), fault: nil)
        case .character("?"), .function(1): mode = .help(first: 0)
        case .character("l"): mode = .log(back: 0)
        case .character("L"): mode = .messages(back: 0)
        case .function(9): return command(for: "x", at: now)
        case .function(10): return command(for: "Q", at: now)
        case .character(let digit) where ("1"..."7").contains(digit):
            if let number = digit.wholeNumberValue, let index = list.heading(of: UsageList.groups[number - 1]) {
                choose(list.usage(at: index + 1) == nil ? index : index + 1)
            }
        case .character(let character): return command(for: character, at: now)
        default: break
        }
        return []
    }

    /// `first`: how far the ladder is scrolled back from its newest message.
    private mutating func inDetail(_ key: Key, _ first: Int, at now: Instant) -> [SoftphoneCore.Command] {
        let furthest = max(0, (selectedUsage?.ladderCount ?? 1) - 1)
        switch key {
        case .escape, .enter: mode = .browsing
        case .up, .character("k"): mode = .detail(first: min(first + 1, furthest))
        case .down, .character("j"): mode = .detail(first: max(0, first - 1))
        case .pageUp: mode = .detail(first: min(first + 10, furthest))
        case .pageDown: mode = .detail(first: max(0, first - 10))
        case .character(":"): mode = .prompt(LineEditor(), fault: nil)
        case .character("?"): mode = .help(first: 0)
        case .character(let character): return command(for: character, at: now)
        default: break
        }
        return []
    }

    /// - Parameter last: the furthest one can go. `upwards`: the offset counts from the end.
    private mutating func scrolled(
        _ key: Key, by offset: Int, last: Int, upwards: Bool = false, _ make: (Int) -> Mode
    ) -> [SoftphoneCore.Command] {
        let step = { (count: Int) in min(max(0, offset + (upwards ? -count : count)), last) }
        switch key {
        case .down, .character("j"): mode = make(step(1))
        case .up, .character("k"): mode = make(step(-1))
        case .pageDown, .character(" "): mode = make(step(pageHeight))
        case .pageUp: mode = make(step(-pageHeight))
        case .home, .character("g"): mode = make(upwards ? last : 0)
        case .end, .character("G"): mode = make(upwards ? 0 : last)
        case .escape, .enter, .character("q"), .character("?"), .character("l"), .character("L"): mode = .browsing
        case .character(":"): mode = .prompt(LineEditor(), fault: nil)
        default: break
        }
        return []
    }

    /// Rows inside a box over the whole screen.
    private var pageHeight: Int { max(1, size.rows - 5) }

    /// Whether a key is for the call that rings, whatever else is shown. Never while somebody types.
    private func isForRinging(_ character: Character) -> Bool {
        switch mode {
        case .prompt, .digits: false
        case .browsing, .help, .detail, .log, .messages:
            [.answer, .reject].contains(CommandSpec.spec(forKey: character)?.verb)
        }
    }

    // MARK: The selection

    private mutating func move(by count: Int) { choose(selected + count) }
    private mutating func choose(_ index: Int) {
        hasChosen = true
        select(index)
    }
    mutating func select(_ index: Int) {
        selected = min(max(0, index), list.rows.count - 1)
        selectedID = list.usage(at: selected)?.id
    }
    private mutating func jump(forward: Bool) {
        let headings = list.rows.indices.filter { list.usage(at: $0) == nil }
        let next = forward ? headings.first { $0 > selected } : headings.last { $0 < selected }
        choose(next ?? (forward ? headings.first ?? 0 : headings.last ?? 0))
    }
}
