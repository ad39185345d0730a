import DialogUsage
import SansIO
import SoftphoneCore

/// Keys of the shutdown panel, and Ctrl-C (`shutdown.md`, S7 and section 10).
extension App {
    /// In a field it clears the field; else once is graceful, twice is force, three times leaves everything as it is.
    mutating func interrupted(at now: Instant) -> [SoftphoneCore.Command] {
        switch mode {
        case .prompt, .search, .digits:
            if !isShowingShutdown {
                mode = .browsing
                return []
            }
        case .browsing, .help, .detail, .pane, .plan: break
        }
        // A shutdown that was asked for in another way was the first.
        if isShowingShutdown { interrupts = max(1, interrupts) }
        interrupts += 1
        switch interrupts {
        case 1:
            leaving = .armed(until: now + Self.armedFor)
            return []
        case 2:
            leaving = .asked
            return [.shutdown(ShutdownRequest(.force(bestEffort: true)))]
        default:
            isAbandoned = true
            return []
        }
    }

    mutating func pressedWhileLeaving(_ key: Key, at now: Instant) -> [SoftphoneCore.Command] {
        guard let action = keys.leavingAction(of: key) else { return [] }
        if action == .leaveForce { return forced() }
        if case .armed = leaving { return whileArmed(action, at: now) }
        guard let shutdown = model.shutdown else { return [] }
        switch action {
        case .leaveSkip:
            guard let blocking else { return [] }
            let name = name(of: blocking.id)
            return adjusted(.skip(UsageName(name)), "\(name) is skipped", at: now)
        case .leaveSkipGroup: return adjusted(.skipGroup, "the group is skipped", at: now)
        case .leaveExtend: return adjusted(.extend(by: .seconds(10)), "10 s more", at: now)
        case .leaveWait: return adjusted(.noDeadline, "there is no deadline any more", at: now)
        case .leaveStay:
            guard shutdown.canCancel else {
                say(Self.tooLateToStay, isFault: true, at: now)
                return []
            }
            leaving = .no
            interrupts = 0
            return adjusted(.cancel, "staying", at: now)
        default: return []
        }
    }
    static let tooLateToStay = "too late to stay: others have been told that we leave"

    /// What it leads to is said at once; a refusal takes its place.
    private mutating func adjusted(
        _ adjustment: Adjustment, _ text: String, at now: Instant
    ) -> [SoftphoneCore.Command] {
        say(text, at: now)
        return [.adjust(adjustment)]
    }

    /// Half a second in which nothing has happened yet.
    private mutating func whileArmed(_ action: ScreenAction, at now: Instant) -> [SoftphoneCore.Command] {
        switch action {
        case .leaveStay:
            leaving = .no
            interrupts = 0
            say("staying", at: now)
            return []
        case .leaveNow:
            leaving = .asked
            return [.shutdown(ShutdownRequest(.graceful))]
        default: return []
        }
    }

    /// What was said of the state that was: a second for whoever has not read it yet, and no more.
    mutating func shutdownWentOn(from old: SoftphoneModel, at now: Instant) {
        guard isShowingShutdown, let said = notice.map({ $0.until - Self.noticeFor }) else { return }
        let isSame =
            old.shutdown?.stage == model.shutdown?.stage && old.blockers.map(\.id) == model.blockers.map(\.id)
        if !isSame { notice?.until = min(said + Self.noticeFor, max(now, said + .seconds(1))) }
    }

    private mutating func forced() -> [SoftphoneCore.Command] {
        leaving = .asked
        return [.shutdown(ShutdownRequest(.force(bestEffort: false)))]
    }

    func name(of id: AnyUsageID) -> String { model.usages[id]?.name ?? id.description }
}
