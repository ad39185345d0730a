import SansIO
import SoftphoneCore

/// What the mouse does, which is nothing that keys cannot do: the wheel scrolls what is under the pointer, a click selects
/// there or presses the key that is shown there, a second click opens.
extension App {
    /// A click that may become a double one.
    struct Click: Hashable {
        var row: Int
        var column: Int
        var at: Instant

        /// Hands are not so steady that the second one is in the same column.
        func isFollowed(by mouse: Mouse, at now: Instant) -> Bool {
            row == mouse.row && abs(column - mouse.column) <= 1 && now - at < .milliseconds(400)
        }
    }
    /// A list that was clicked at stays where it is, so that nothing jumps away under the pointer.
    struct Anchor: Hashable {
        var surface: Hit.Surface
        /// The first row on the screen.
        var first: Int
    }

    /// Rows for one step of the wheel.
    private static let wheelStep = 3

    mutating func pointed(_ mouse: Mouse, at now: Instant) -> [SoftphoneCore.Command] {
        // Reports that were under way when it was given back are not for us.
        guard takesMouse, let hit = view(in: size, at: now).hit(row: mouse.row, column: mouse.column) else { return [] }
        if case .key(let key) = hit, mouse.action == .press {
            click = nil
            return pressed(key, at: now)
        }
        // The panel waits for its keys, and nothing else.
        guard !isShowingShutdown else { return [] }
        switch mouse.action {
        case .wheelUp, .wheelDown:
            click = nil
            guard let surface = hit.surface else { return [] }
            return wheeled(surface, mouse.action == .wheelUp ? .up : .down, at: now)
        case .press:
            let isSecond = click.map { $0.isFollowed(by: mouse, at: now) } ?? false
            click = isSecond ? nil : Click(row: mouse.row, column: mouse.column, at: now)
            return isSecond ? opened(hit, at: now) : selected(hit)
        }
    }

    mutating func giveOrTakeMouse(at now: Instant) {
        takesMouse.toggle()
        let key = keys.shown(.screen(.mouse)) ?? ":help"
        say(
            takesMouse
                ? "the mouse is ours: wheel, click, double click; with Shift it selects text"
                : "the mouse is the terminal's: it selects text; \(key) takes it again", at: now)
    }

    /// The first row of a list that is on the screen: where it was, if it was clicked at; else so that the selected one
    /// has as many before it as after it.
    func firstShown(_ surface: Hit.Surface, selected: Int, count: Int, room: Int) -> Int {
        let last = max(0, count - room)
        if let anchor, anchor.surface == surface, (anchor.first..<anchor.first + room).contains(selected) {
            return min(anchor.first, last)
        }
        return min(max(0, selected - room / 2), last)
    }

    // MARK: The wheel

    private mutating func wheeled(_ surface: Hit.Surface, _ key: Key, at now: Instant) -> [SoftphoneCore.Command] {
        anchor = nil
        switch (surface, mode) {
        case (.list, .detail): mode = .browsing
        case (.ladder, .browsing): focusLadder()
        // Whoever types goes on typing.
        case (.list, .prompt), (.list, .digits), (.ladder, .prompt), (.ladder, .digits), (.ladder, .search): return []
        default: break
        }
        if surface == .list {
            move(by: key == .up ? -Self.wheelStep : Self.wheelStep)
            return []
        }
        return (0..<Self.wheelStep).flatMap { _ in pressed(key, inside: surface, at: now) }
    }

    private mutating func pressed(
        _ key: Key, inside surface: Hit.Surface, at now: Instant
    ) -> [SoftphoneCore.Command] {
        if case .help(let help) = mode { return inHelp(key, help, at: now) }
        return moved(key, at: now)
    }

    // MARK: Clicks

    private mutating func selected(_ hit: Hit) -> [SoftphoneCore.Command] {
        if case .row(let surface, _, let first) = hit { anchor = Anchor(surface: surface, first: first) }
        switch (hit, mode) {
        case (.row(.list, let row, _), .browsing), (.row(.list, let row, _), .detail),
            (.row(.list, let row, _), .search):
            mode = .browsing
            choose(row)
        case (.surface(.list), .detail): mode = .browsing
        case (.surface(.ladder), .browsing): focusLadder()
        case (.row(.ladder, let row, _), .browsing):
            focusLadder()
            point(to: row)
        case (.row(.ladder, let row, _), .detail): point(to: row)
        case (.row(.pane, let row, _), .pane(let pane)):
            let rows = paneKeys(pane.kind)
            if rows.indices.contains(row) { open(Pane(pane.kind, selected: rows[row])) }
        case (.row(.help, let row, _), .help(let help)):
            mode = .help(Help(behind: help.behind, sought: help.sought, chosen: row))
        default: break
        }
        return []
    }

    /// What the first click has selected is opened by the second.
    private mutating func opened(_ hit: Hit, at now: Instant) -> [SoftphoneCore.Command] {
        guard case .row(let surface, _, _) = hit else { return [] }
        switch (surface, mode) {
        case (.list, .browsing), (.ladder, .detail), (.pane, .pane), (.help, .help):
            return pressed(.enter, inside: surface, at: now)
        default: return []
        }
    }

    private mutating func focusLadder() {
        guard let selectedUsage else { return }
        mode = .detail(Reading(selectedUsage.id))
        refreshSheet()
    }

    private mutating func point(to row: Int) {
        guard case .detail(var reading) = mode, sheet.entries.indices.contains(row) else { return }
        reading.cursor = row == sheet.entries.count - 1 ? nil : sheet.entries[row].serial
        mode = .detail(reading)
    }
}
