import DialogUsage
import SansIO
import SoftphoneCore

/// Finding in the list, showing only a part of it, closing its groups, marking.
extension App {
    // MARK: Finding and filtering

    mutating func beginSearch(_ purpose: Search.Purpose) {
        mode = .search(Search(purpose: purpose, origin: selected, before: purpose == .find ? sought : filter))
        setWord("", purpose)
    }

    /// What is typed takes effect at once.
    mutating func seek(_ key: Key, _ search: Search, at now: Instant) {
        var search = search
        switch key {
        case .escape: return cancel(search)
        case .backspace where search.editor.text.isEmpty: return cancel(search)
        case .enter:
            mode = .browsing
            if search.purpose == .find, !search.editor.text.isEmpty, !matches(selectedRowUsage) {
                say("nothing here is called \(search.editor.line)", isFault: true, at: now)
            }
            return
        case .down where search.purpose == .find: return findNext(at: now)
        case .up where search.purpose == .find: return findNext(backwards: true, at: now)
        case .down: return move(by: 1)
        case .up: return move(by: -1)
        default: guard search.editor.edit(key) else { return }
        }
        mode = .search(search)
        setWord(search.editor.line, search.purpose)
        if search.purpose == .find, let row = nextMatch(from: search.origin, forward: true, inclusive: true) {
            choose(row)
        }
    }

    private mutating func cancel(_ search: Search) {
        mode = .browsing
        setWord(search.before, search.purpose)
        choose(search.origin)
    }

    private mutating func setWord(_ word: String, _ purpose: Search.Purpose) {
        switch purpose {
        case .find: sought = word
        case .filter:
            filter = word
            listAgain()
        }
    }

    mutating func findNext(backwards: Bool = false, at now: Instant) {
        guard !sought.isEmpty else { return say("nothing is looked for; / begins", at: now) }
        // What is in a closed group is found as well.
        let pattern = Pattern(sought)
        closed = closed.filter { group in
            guard let members = list.sections.first(where: { $0.group == group })?.members else { return true }
            return !(0..<members.count).contains { isCalled(model.usages[members[$0]], pattern) }
        }
        listAgain()
        guard let row = nextMatch(from: selected, forward: !backwards, inclusive: false) else {
            return say("nothing here is called \(sought)", isFault: true, at: now)
        }
        choose(row)
    }

    /// All the way round.
    private func nextMatch(from row: Int, forward: Bool, inclusive: Bool) -> Int? {
        let (count, pattern) = (list.rowCount, Pattern(sought))
        for step in (inclusive ? 0 : 1)...count {
            let row = ((row + (forward ? step : -step)) % count + count) % count
            if let place = list.place(at: row), isCalled(model.usages[place], pattern) { return row }
        }
        return nil
    }

    private func matches(_ usage: UsageRow?) -> Bool { usage.map { isCalled($0, Pattern(sought)) } ?? false }

    func isCalled(_ usage: UsageRow, _ pattern: Pattern) -> Bool {
        pattern.isIn(usage.name) || pattern.isIn(usage.summary.peer) || pattern.isIn(stateWord(of: usage))
            || pattern.isIn(usage.summary.eventPackage ?? "") || pattern.isIn(usage.summary.accountName ?? "")
    }

    /// After anything has changed that decides what the list shows. The selection stays on its usage.
    mutating func listAgain() {
        let (pattern, app) = (Pattern(filter), self)
        list = UsageList(model, closed: closed, showing: filter.isEmpty ? nil : { app.isCalled($0, pattern) })
        let row = selectedID.flatMap { list.index(of: $0) } ?? selected
        selected = min(max(0, row), list.rowCount - 1)
    }

    // MARK: Groups

    /// - Parameter close: nil for the other one.
    mutating func setGroup(close: Bool?, at now: Instant) {
        guard let section = list.section(at: selected) else { return }
        if close ?? !section.isClosed {
            closed.insert(section.group)
            choose(section.heading)
        } else {
            closed.remove(section.group)
        }
        listAgain()
        selectedID = list.usage(at: selected)?.id
    }

    // MARK: Marks

    mutating func markSelected(at now: Instant) {
        guard let usage = selectedRowUsage else { return say("select a usage to mark it", at: now) }
        if marked.remove(usage.id) == nil { marked.insert(usage.id) }
        move(by: 1)
    }

    /// The commands that do a verb to all marked usages it can be done to; nil where there are none.
    mutating func commandsForMarked(_ verb: Verb, at now: Instant) -> [SoftphoneCore.Command]? {
        guard !marked.isEmpty, case .browsing = mode else { return nil }
        let commands = model.usages.filter { marked.contains($0.id) }.compactMap { usage -> SoftphoneCore.Command? in
            let name = UsageName(usage.name)
            return switch (verb, usage.id.kind) {
            case (.hangUp, .clientInviteSession), (.hangUp, .serverInviteSession): .hangUp(.one(name), reason: nil)
            case (.unsubscribe, .clientSubscription): .unsubscribe(name)
            case (.unpublish, .clientPublication): .unpublish(name)
            case (.unregister, .clientRegistration): .unregister(name)
            case (.refresh, .clientRegistration), (.refresh, .clientSubscription): .refresh(name)
            default: nil
            }
        }
        guard !commands.isEmpty else { return nil }
        marked = []
        return commands
    }

    /// Of the list, also while one usage is looked at.
    var selectedRowUsage: UsageRow? { list.usage(at: selected) }
}
