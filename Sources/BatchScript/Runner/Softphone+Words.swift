import DialogUsage
import SIPMessage
import SoftphoneCore

extension Command {
    static func graceful(giveUp: Duration) -> Command { .shutdown(ShutdownRequest(.graceful, giveUp: giveUp)) }
    static var forceBestEffort: Command { .shutdown(ShutdownRequest(.force(bestEffort: true))) }
}

extension ShutdownRequest {
    /// `or-refuse`: may change nothing.
    var onlyTests: Bool { if case .ifIdle(_, orRefuse: true) = mode { true } else { false } }
}

extension Statement {
    /// The shutdown this line asks for; nil for every other line.
    var shutdown: ShutdownRequest? {
        if case .command(.shutdown(let request)) = action { request } else { nil }
    }
    /// Whether the program is over when this line is.
    var endsEverything: Bool {
        guard let shutdown, !isAsynchronous else { return false }
        return !shutdown.onlyTests
    }
    var isCall: Bool {
        switch action {
        case .command(.call), .command(.answer): true
        case .command, .wait, .refuse, .assert, .sleep, .set, .assign, .print, .flushEvents, .label, .leave, .open,
            .dump, .disturb:
            false
        }
    }
    /// Whether it makes sense when everything is over.
    var onlyLooksBack: Bool {
        switch action {
        case .assert, .print, .set, .assign, .flushEvents, .label, .leave, .open, .dump, .disturb: true
        case .command, .wait, .refuse, .sleep: false
        }
    }
    /// The account it names, for its record.
    var account: String? {
        guard case .command(let command) = action else { return nil }
        switch command {
        case .addAccount(let settings): return settings.name
        case .useAccount(let name), .removeAccount(let name, _): return name
        case .saveAccount(let name): return name
        case .register(let account, _, _, _, _), .fetchBindings(let account), .reap(let account): return account
        case .call(_, _, let naming), .message(_, _, _, let naming), .subscribe(_, _, _, _, let naming),
            .publish(_, _, let naming), .options(_, let naming):
            return naming.account
        case .unregister, .answer, .ring, .reject, .hangUp, .hold, .resume, .mute, .unmute, .dtmf, .transfer,
            .redirect, .cancel, .play, .renew, .conference, .split, .record, .stopRecording,
            .acceptTransfer, .denyTransfer, .setTransfers, .unsubscribe, .refresh,
            .unpublish, .addContact, .removeContact, .reload, .fault, .shutdown, .planShutdown, .adjust:
            return nil
        }
    }
}

extension CommandResult {
    /// A call is answered to a script when it rings; a line that expects a final answer waits on.
    func usageStillCalling(_ statement: Statement?) -> AnyUsageID? {
        guard let expectation = statement?.expectation, !expectation.isProvisional,
            case .succeeded(let success) = self, success.status?.isProvisional == true
        else { return nil }
        return success.usage
    }
}

extension Happening {
    /// What this says about the final answer of a call that a line waits for; nil: nothing.
    func finalAnswer(expecting expectation: Expectation?) -> Outcome? {
        let code: Int
        switch (name, self["status"]) {
        case ("call.connected", .integer(let status)): code = status
        case ("call.connected", _): code = 200
        case ("call.ended", .integer(let status)): code = status
        case ("call.ended", _): return .failed(.failed, "the call ended without a final answer")
        default: return nil
        }
        if let expectation, !expectation.isMet(by: code) {
            var outcome = Outcome.failed(.failed, "expected \(expectation), got \(code)")
            outcome.code = code
            return outcome
        }
        return Outcome(status: .ok, code: code, text: self["reason"]?.description ?? "", usage: usage?.description)
    }
}
