import DialogUsage
import SansIO
import SoftphoneCore

/// Keys of the shutdown panel, and Ctrl-C (`shutdown.md`, S7 and section 10).
extension App {
    /// In a field it clears the field; else once is graceful, twice is force, three times leaves everything as it is.
    mutating func interrupted(at now: Instant) -> [SoftphoneCore.Command] {
        switch mode {
        case .prompt, .digits:
            if !isShowingShutdown {
                mode = .browsing
                return []
            }
        case .browsing, .help, .detail, .log, .messages: break
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
            return [.adjust(.skip(UsageName(name(of: blocking.id))))]
        case .character("n"): return [.adjust(.skipGroup)]
        case .character("+"): return [.adjust(.extend(by: .seconds(10)))]
        case .character("i"): return [.adjust(.noDeadline)]
        case .escape:
            guard shutdown.canCancel else {
                say("too late to stay: the others have been told", isFault: true, at: now)
                return []
            }
            leaving = .no
            interrupts = 0
            return [.adjust(.cancel)]
        default: return []
        }
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
