import DialogUsage
import SansIO
import SoftphoneCore

/// Keys while one usage and its messages are looked at.
extension App {
    mutating func read(_ key: Key, _ reading: Reading, at now: Instant) -> [SoftphoneCore.Command] {
        switch reading.page {
        case .ladder: return readLadder(key, reading, at: now)
        case .message(let first):
            switch key {
            case .left: leaf(reading, by: -1)
            case .right: leaf(reading, by: 1)
            default:
                return scrolled(key, by: first, last: lastFirst(of: messageLines(reading, at: now))) {
                    Self.turned(reading, to: $0.map { .message(first: $0) } ?? .ladder)
                }
            }
        case .difference(let first):
            return scrolled(key, by: first, last: lastFirst(of: differenceLines(reading))) {
                Self.turned(reading, to: $0.map { .difference(first: $0) } ?? .ladder)
            }
        }
        return []
    }

    private mutating func readLadder(_ key: Key, _ reading: Reading, at now: Instant) -> [SoftphoneCore.Command] {
        switch key {
        case .escape: mode = reading.origin.map(Mode.pane) ?? .browsing
        case .up: go(reading, by: -1)
        case .down: go(reading, by: 1)
        case .pageUp: go(reading, by: -10)
        case .pageDown: go(reading, by: 10)
        case .home: go(reading, by: -sheet.entries.count)
        case .end: go(reading, by: sheet.entries.count)
        case .enter: if cursor(of: reading) != nil { mode = Self.turned(reading, to: .message(first: 0)) }
        case .character(" "): mark(reading)
        case .character(let character): look(character, at: now)
        default: break
        }
        return []
    }

    mutating func widen(at now: Instant) {
        var reading: Reading
        switch mode {
        case .detail(let shown): reading = shown
        case .browsing, .prompt, .search, .digits, .help, .pane, .plan:
            guard let selectedUsage else { return say("select the usage first whose messages you mean", at: now) }
            reading = Reading(selectedUsage.id)
        }
        reading.scope = reading.scope.wider
        mode = .detail(reading)
    }

    private static func turned(_ reading: Reading, to page: Reading.Page) -> Mode {
        var reading = reading
        reading.page = page
        return .detail(reading)
    }

    /// The index of the message under the cursor.
    func cursor(of reading: Reading) -> Int? {
        guard let last = sheet.entries.indices.last else { return nil }
        guard let serial = reading.cursor else { return last }
        // The ladder has forgotten it: the oldest there is.
        return sheet.index(of: serial) ?? (serial < sheet.entries[0].serial ? 0 : last)
    }

    private mutating func go(_ reading: Reading, by count: Int) {
        guard let at = cursor(of: reading) else { return }
        let last = sheet.entries.count - 1
        let next = min(max(0, at + count), last)
        var reading = reading
        reading.cursor = next == last ? nil : sheet.entries[next].serial
        mode = .detail(reading)
    }

    private mutating func leaf(_ reading: Reading, by count: Int) {
        go(reading, by: count)
        if case .detail(let moved) = mode { mode = Self.turned(moved, to: .message(first: 0)) }
    }

    private mutating func mark(_ reading: Reading) {
        guard let at = cursor(of: reading) else { return }
        var reading = reading
        reading.mark(sheet.entries[at].serial)
        if reading.marks.count == 2 { reading.page = .difference(first: 0) }
        mode = .detail(reading)
    }

    /// What the ladder of the selected usage, or of the one that is looked at, shows.
    mutating func refreshSheet() {
        let (scope, focus): (LadderSheet.Scope, AnyUsageID?) =
            if case .detail(let reading) = mode { (reading.scope, reading.usage) } else { (.usage, selectedUsage?.id) }
        // Between two models there is nothing new to read.
        guard isSheetOld || sheet.scope != scope || sheet.focus != focus else { return }
        sheet = focus.map { model.ladderSheet(scope, of: $0, reusing: sheet) } ?? LadderSheet()
        isSheetOld = false
    }
}
