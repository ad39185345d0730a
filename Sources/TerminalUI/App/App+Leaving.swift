import DialogUsage
import SansIO
import SoftphoneCore

/// Keys of the shutdown panel, and Ctrl-C (`shutdown.md`, S7 and section 10).
extension App {
    /// In a field it clears the field; else once is graceful, twice is force, three times leaves everything as it is.
    mutating func interrupted(at now: Instant) -> [SoftphoneCore.Command] {
        switch mode {
        case .prompt, .digits, .help, .detail, .log, .messages:
            if interrupts == 0, !isShowingShutdown {
                mode = .browsing
                return []
            }
        case .browsing: break
        }
        interrupts += 1
        switch interrupts {
        case 1:
            if case .asked = leaving { return [] }
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
        if case .armed = leaving {
            switch key {
            case .escape:
                leaving = .no
                interrupts = 0
                say("staying", at: now)
                return []
            case .enter:
                leaving = .asked
                return [.shutdown(ShutdownRequest(.graceful))]
            default: break
            }
        }
        switch key {
        case .character("!"):
            leaving = .asked
            return [.shutdown(ShutdownRequest(.force(bestEffort: false)))]
        case .character("s"):
            guard let blocker = model.blockers.first else { return [] }
            return [.adjust(.skip(UsageName(name(of: blocker.id))))]
        case .character("n"): return [.adjust(.skipGroup)]
        case .character("+"): return [.adjust(.extend(by: .seconds(10)))]
        case .character("i"): return [.adjust(.noDeadline)]
        case .escape:
            guard model.shutdown?.canCancel == true else {
                say("too late to stay: the others have been told", isFault: true, at: now)
                return []
            }
            leaving = .no
            interrupts = 0
            return [.adjust(.cancel)]
        default: return []
        }
    }

    func name(of id: AnyUsageID) -> String { model.usages.first { $0.id == id }?.name ?? id.description }
}
