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
        if case .armed = leaving { return pressedWhileArmed(key, at: now) }
        if key == .character("!") { return forced() }
        guard let shutdown = model.shutdown else { return [] }
        switch key {
        case .character("s"):
            guard let blocking else { return [] }
            let name = name(of: blocking.id)
            return adjusted(.skip(UsageName(name)), "\(name) is skipped", at: now)
        case .character("n"): return adjusted(.skipGroup, "the group is skipped", at: now)
        case .character("+"): return adjusted(.extend(by: .seconds(10)), "10 s more", at: now)
        case .character("i"): return adjusted(.noDeadline, "there is no deadline any more", at: now)
        case .escape:
            guard shutdown.canCancel else {
                say("too late to stay: the others have been told", isFault: true, at: now)
                return []
            }
            leaving = .no
            interrupts = 0
            return adjusted(.cancel, "staying", at: now)
        default: return []
        }
    }

    /// What it leads to is said at once; a refusal takes its place.
    private mutating func adjusted(
        _ adjustment: Adjustment, _ text: String, at now: Instant
    ) -> [SoftphoneCore.Command] {
        say(text, at: now)
        return [.adjust(adjustment)]
    }

    /// Half a second in which nothing has happened yet.
    private mutating func pressedWhileArmed(_ key: Key, at now: Instant) -> [SoftphoneCore.Command] {
        switch key {
        case .escape:
            leaving = .no
            interrupts = 0
            say("staying", at: now)
            return []
        case .enter:
            leaving = .asked
            return [.shutdown(ShutdownRequest(.graceful))]
        case .character("!"): return forced()
        default: return []
        }
    }

    private mutating func forced() -> [SoftphoneCore.Command] {
        leaving = .asked
        return [.shutdown(ShutdownRequest(.force(bestEffort: false)))]
    }

    func name(of id: AnyUsageID) -> String { model.usages.first { $0.id == id }?.name ?? id.description }
}
