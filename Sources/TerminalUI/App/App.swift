import DialogUsage
package import SansIO
package import SoftphoneCore

/// The application on the screen: a model, an `update` that is the only place where it changes, and a pure `view`.
///
/// It knows the softphone only by the model it is given and speaks to it only in commands, the same ones that scripts
/// use. It reads no clock: the time comes with each call.
package struct App: Sendable {
    package internal(set) var model = SoftphoneModel(now: .zero)
    package internal(set) var mode = Mode.browsing
    package internal(set) var leaving = Leaving.no
    /// The third Ctrl-C: leave everything where it is.
    package internal(set) var isAbandoned = false
    package var theme = Theme.dark
    /// Of the screen, as it was last told.
    var size = Size(columns: 80, rows: 24)
    var selected = 0
    var selectedID: AnyUsageID?
    var list = UsageList(SoftphoneModel(now: .zero))
    /// What the list is to show, and what is looked for in it; empty: nothing in particular.
    var filter = ""
    var sought = ""
    /// Groups of which only the heading is shown.
    var closed: Set<ShutdownGroup> = []
    /// What the next verb is for, if it can be done to several.
    var marked: Set<AnyUsageID> = []
    /// Where one was before the prompt.
    var behind = Mode.browsing
    /// The newest message that was seen in each conversation.
    var readUpTo: [String: Int] = [:]
    /// The end of the newest call that was seen among those that were.
    var seenCallsUntil: Instant?
    /// The messages of what is selected or looked at.
    var sheet = LadderSheet()
    /// The last click, and the list it was made at.
    var click: Click?
    var anchor: Anchor?
    /// Subscriptions that have been lost in the last seconds, so that it is said once of each server.
    var lost: [AnyUsageID: Lost] = [:]
    /// Clicks and the wheel are ours, and not the terminal's.
    package var takesMouse = true
    /// It is of an earlier model.
    var isSheetOld = false
    /// One pane takes the place of both.
    var isZoomed = false
    /// The user has moved the selection.
    var hasChosen = false
    /// To be selected as soon as it is in the list.
    var wanted: AnyUsageID?
    var notice: Notice?
    /// Which key does what.
    package var keys: KeyMap
    var history: [String] = []
    var historyAt = 0
    var interrupts = 0
    /// Ctrl-C was pressed more than once, so that the end is not a graceful one.
    package var isInterrupted: Bool { interrupts > 1 }
    /// Since when each incoming call has been on the screen: keys typed before it was seen are not for it.
    var incomingSince: [AnyUsageID: Instant] = [:]

    /// Keys that come so soon after a call arrived were meant for something else.
    static let settle = Duration.milliseconds(300)
    static let armedFor = Duration.milliseconds(500)
    static let noticeFor = Duration.seconds(6)
    static let longestHistory = 200

    package init(keys: KeyMap = KeyMap()) { self.keys = keys }

    /// What the message changes, and what the softphone is to do about it.
    package mutating func update(_ message: AppMessage, at now: Instant) -> [SoftphoneCore.Command] {
        defer { refreshSheet() }
        switch message {
        case .key(let key):
            anchor = nil
            return pressed(key, at: now)
        case .mouse(let mouse): return pointed(mouse, at: now)
        case .resized(let size):
            self.size = size
            return []
        case .model(let model):
            take(model, at: now)
            return []
        case .completed(_, .succeeded(let success)):
            // What somebody has just made is what the next key is for, unless they have chosen something themselves.
            if !hasChosen { wanted = success.usage }
            // The panel has said what its keys lead to.
            if isShowingShutdown, success.text == "done" { return [] }
            if let forecast = success.forecast { mode = .plan(forecast, first: 0) }
            say(success.text.isEmpty ? "done" : success.text, at: now)
            return []
        case .completed(_, .failed(let failure)):
            if leaving == .asked, model.shutdown == nil { leaving = .no }
            say(failure.text, isFault: true, at: now)
            return []
        case .happened(let happening):
            announce(happening, at: now)
            return []
        }
    }

    /// Time has passed: a shutdown that was armed begins.
    package mutating func elapsed(at now: Instant) -> [SoftphoneCore.Command] {
        if let notice, notice.until <= now { self.notice = nil }
        guard case .armed(let until) = leaving, until <= now else { return [] }
        leaving = .asked
        return [.shutdown(ShutdownRequest(.graceful))]
    }

    /// How long the screen stays as it is if nothing happens; nil: for ever.
    package func redrawsAfter(at now: Instant) -> Duration? {
        if isShowingShutdown || model.isArmed { return .milliseconds(100) }
        let isPane = if case .pane = mode { true } else { false }
        let hasMovingParts = !model.usages.isEmpty || notice != nil || isPane
        guard hasMovingParts else { return nil }
        // On the next full second of the clock that the countdowns are read from.
        return .milliseconds(1000 - (now.nanoseconds / 1_000_000) % 1000)
    }

    var isShowingShutdown: Bool { leaving != .no || model.shutdown.map { $0.stage != .idleWait } ?? false }
    /// What a key is for: what is looked at, else what is selected in the list.
    var selectedUsage: UsageRow? {
        switch mode {
        case .detail(let reading): model.usages[reading.usage]
        case .pane(let pane): usage(behind: pane)
        case .browsing, .prompt, .search, .digits, .help, .plan: list.usage(at: selected)
        }
    }
    /// The newest call that rings here.
    var incoming: CallRow? { model.calls.last { $0.state == .incoming } }

    func presence(of subscription: AnyUsageID) -> PresenceRow? { model.presence.row(of: subscription) }

    mutating func say(_ text: String, isFault: Bool = false, at now: Instant) {
        notice = Notice(text: text, isFault: isFault, until: now + Self.noticeFor)
    }

    private mutating func take(_ model: SoftphoneModel, at now: Instant) {
        if self.model.leftovers.isEmpty, let leftover = model.leftovers.first {
            say("an earlier run left \(leftover.account) registered; :reap removes that", isFault: true, at: now)
        }
        let old = self.model
        self.model = model
        shutdownWentOn(from: old, at: now)
        isSheetOld = true
        marked = marked.filter { model.usages.index(of: $0) != nil }
        listAgain()
        if let id = wanted, let index = list.index(of: id) {
            select(index)
        } else if let id = selectedID, let index = list.index(of: id) {
            selected = index
        } else {
            if case .detail(let reading) = mode, reading.usage == selectedID {
                say("\(reading.usage) has ended", at: now)
            }
            select(min(max(0, selected), list.rowCount - 1))
        }
        wanted = nil
        noteSeen()
        let ringing = Set(model.calls.filter { $0.state == .incoming }.map(\.id))
        incomingSince = incomingSince.filter { ringing.contains($0.key) }
        for id in ringing where incomingSince[id] == nil { incomingSince[id] = now }
    }
}
