import DialogUsage
import SIPMessage
import SansIO
import SoftphoneCore

/// Keys that stand for a verb of the command table.
extension App {
    /// The verb that this key stands for in the command table, done to what is selected; one that needs more words
    /// opens the prompt.
    mutating func command(for character: Character, at now: Instant) -> [SoftphoneCore.Command] {
        guard let spec = CommandSpec.spec(forKey: character) else {
            say("no key \(character) here; ? lists those there are", at: now)
            return []
        }
        switch spec.verb {
        case .shutdown, .shutdownGraceful:
            leaving = .armed(until: now + Self.armedFor)
            return []
        case .shutdownIfIdle:
            return [.shutdown(ShutdownRequest(.ifIdle(ignoringSoftState: true, orRefuse: false), giveUp: .zero))]
        case .shutdownForce:
            leaving = .asked
            return [.shutdown(ShutdownRequest(.force(bestEffort: false)))]
        case .dtmf:
            beginDigits(at: now)
            return []
        case .answer, .reject: return ringingCommand(spec.verb, at: now)
        case .hold, .resume, .mute, .unmute, .hangUp: return callCommand(spec.verb, at: now)
        case .unsubscribe, .unpublish, .unregister, .refresh: return usageCommand(spec.verb, at: now)
        case .register: return [.register(account: nil, expires: nil, alias: nil)]
        default:
            guard spec.isComplete else {
                mode = .prompt(LineEditor(prefilled(spec)), fault: nil)
                return []
            }
            return run(spec.word, at: now)
        }
    }

    private mutating func ringingCommand(_ verb: Verb, at now: Instant) -> [SoftphoneCore.Command] {
        guard let call = incoming else {
            say("no call rings here", isFault: true, at: now)
            return []
        }
        guard let since = incomingSince[call.id], now - since >= Self.settle else {
            say("a call has just come in; press again if you mean it", at: now)
            return []
        }
        let name = UsageName(call.alias ?? call.id.description)
        return verb == .answer ? [.answer(name, CallOptions(), alias: nil)] : [.reject(name, 486)]
    }

    /// What a verb's line begins with when its key is pressed.
    private func prefilled(_ spec: CommandSpec) -> String {
        let peer = selectedUsage.map(\.summary.peer) ?? ""
        switch spec.verb {
        case .subscribe: return "subscribe presence "
        case .publish: return "publish presence "
        case .transfer where selectedCall != nil:
            return "transfer \(selectedCall.map { $0.alias ?? $0.id.description } ?? "") "
        case .message where peer.hasPrefix("sip") && selectedUsage?.id.kind != .clientRegistration:
            return "message \(peer) \""
        default: return spec.word + " "
        }
    }

    var selectedCall: CallRow? {
        let calls = model.calls.filter { $0.state != .ended }
        if let id = selectedUsage?.id, let call = calls.first(where: { $0.id == id }) { return call }
        return calls.count == 1 ? calls.first : nil
    }

    private mutating func callCommand(_ verb: Verb, at now: Instant) -> [SoftphoneCore.Command] {
        guard let call = selectedCall else {
            let text = model.calls.contains { $0.state != .ended } ? "select the call first" : "there is no call"
            say(text, isFault: true, at: now)
            return []
        }
        let name = UsageName(call.alias ?? call.id.description)
        switch verb {
        case .hold: return call.state == .held ? [.resume(name)] : [.hold(name)]
        case .resume: return [.resume(name)]
        case .mute: return call.isMuted ? [.unmute(name)] : [.mute(name)]
        case .unmute: return [.unmute(name)]
        default: return [.hangUp(.one(name), reason: nil)]
        }
    }

    private mutating func usageCommand(_ verb: Verb, at now: Instant) -> [SoftphoneCore.Command] {
        let kinds: [UsageKind] =
            switch verb {
            case .unsubscribe: [.clientSubscription]
            case .unpublish: [.clientPublication]
            case .unregister: [.clientRegistration]
            default: [.clientRegistration, .clientSubscription]
            }
        let live = model.usages.filter { kinds.contains($0.id.kind) }
        let chosen =
            selectedUsage.flatMap { kinds.contains($0.id.kind) ? $0 : nil } ?? (live.count == 1 ? live[0] : nil)
        guard let chosen else {
            say(live.isEmpty ? "there is none" : "select the one you mean first", isFault: true, at: now)
            return []
        }
        let name = UsageName(chosen.name)
        switch verb {
        case .unsubscribe: return [.unsubscribe(name)]
        case .unpublish: return [.unpublish(name)]
        case .unregister: return [.unregister(name)]
        default: return [.refresh(name)]
        }
    }
}
