import DialogUsage
import SIPMessage
import SansIO
import SoftphoneCore

/// Keys, and rows of the help, that stand for a verb of the command table.
extension App {
    /// Why a verb cannot be done now to what is selected; nil: it can.
    func obstacle(to verb: Verb) -> String? {
        // The key that begins a recording ends it.
        if verb == .record, model.obstacle(to: .stop, selected: selectedUsage) == nil { return nil }
        return model.obstacle(to: verb, selected: selectedUsage)
    }

    /// Does a verb to what is selected, or says why not; one that needs more words opens the prompt.
    mutating func perform(_ verb: Verb, at now: Instant) -> [SoftphoneCore.Command] {
        if let commands = commandsForMarked(verb, at: now) { return commands }
        // What is done to a row of a pane is never done to something else because that is the only one.
        if case .pane(let pane) = mode, pane.kind == .contacts || pane.kind == .accounts, selectedUsage == nil,
            [.unsubscribe, .unregister, .refresh].contains(verb)
        {
            say(
                pane.kind == .accounts ? "this account is not registered" : "nobody is watched here", isFault: true,
                at: now)
            return []
        }
        if let obstacle = obstacle(to: verb) {
            say(obstacle, isFault: true, at: now)
            return []
        }
        switch verb {
        case .shutdown, .shutdownGraceful:
            leaving = .armed(until: now + Self.armedFor)
            return []
        case .shutdownIfIdle where model.usages.allSatisfy(\.id.kind.isSoftState):
            // No call holds it up, so that it is a shutdown like any other: one can still stay.
            leaving = .armed(until: now + Self.armedFor)
            return []
        case .shutdownIfIdle:
            return [.shutdown(ShutdownRequest(.ifIdle(ignoringSoftState: true, orRefuse: false), giveUp: .zero))]
        case .shutdownForce:
            leaving = .asked
            return [.shutdown(ShutdownRequest(.force(bestEffort: false)))]
        case .dtmf:
            beginDigits()
            return []
        case .answer, .reject, .redirect: return ringingCommand(verb, at: now)
        case .hold, .resume, .mute, .unmute, .hangUp, .record, .stop, .split: return callCommand(verb)
        case .conference:
            // The same key takes a call out again.
            if let call = selectedCall, selectedUsage?.call != nil, call.conference != nil {
                return callCommand(.split)
            }
            return [.conference([])]
        case .unsubscribe, .unpublish, .unregister, .refresh: return usageCommand(verb)
        case .register: return [.register(account: selectedAccount?.name, expires: nil, alias: nil)]
        default:
            guard let spec = CommandSpec.spec(of: verb) else { return [] }
            guard spec.isComplete else {
                mode = .prompt(LineEditor(prefilled(spec)), fault: nil)
                return []
            }
            return run(spec.word, at: now)
        }
    }

    /// In the bar of an incoming call four keys are for it and for nothing else.
    mutating func ringingCommand(_ verb: Verb, at now: Instant) -> [SoftphoneCore.Command] {
        guard let call = incoming else { return [] }
        guard let since = incomingSince[call.id], now - since >= Self.settle else {
            say("a call has just come in; press again if you mean it", at: now)
            return []
        }
        let name = call.alias ?? call.id.description
        switch verb {
        case .answer: return [.answer(UsageName(name), CallOptions(), alias: nil)]
        case .hangUp: return [.reject(UsageName(name), 603)]
        case .transfer, .redirect:
            mode = .prompt(LineEditor("redirect \(name) "), fault: nil)
            return []
        default: return [.reject(UsageName(name), 486)]
        }
    }

    /// What a verb's line begins with when its key is pressed.
    private func prefilled(_ spec: CommandSpec) -> String {
        let peer = selectedPeer ?? selectedUsage.map(\.summary.peer) ?? ""
        switch spec.verb {
        case .subscribe: return "subscribe presence " + (selectedPeer.map { "\($0) " } ?? "")
        case .call, .options: return spec.word + " " + (selectedPeer.map { "\($0) " } ?? "")
        case .publish: return "publish presence "
        case .transfer where selectedCall != nil:
            return "transfer \(selectedCall.map { $0.alias ?? $0.id.description } ?? "") "
        case .transferAttended where selectedCall != nil:
            let call = selectedCall.map { $0.alias ?? $0.id.description } ?? ""
            let others = model.calls.filter {
                $0.id != selectedCall?.id && ($0.state == .connected || $0.state == .held)
            }
            guard others.count == 1, let other = others.first, let selectedCall else {
                return "transfer attended \(call) "
            }
            // Who was called first is sent to whom one has just asked (RFC 5589 §7).
            let isLater = selectedCall.since > other.since
            let name = other.alias ?? other.id.description
            return isLater ? "transfer attended \(name) \(call)" : "transfer attended \(call) \(name)"
        case .message where peer.hasPrefix("sip") && selectedUsage?.id.kind != .clientRegistration:
            return "message \(peer) \""
        default: return spec.word + " "
        }
    }

    var selectedCall: CallRow? { model.selectedCall(selectedUsage) }

    /// Hold, mute and recording are turned back by the same key.
    private func callCommand(_ verb: Verb) -> [SoftphoneCore.Command] {
        guard let call = selectedCall else { return [] }
        let name = UsageName(call.alias ?? call.id.description)
        switch verb {
        case .hold: return call.state == .held ? [.resume(name)] : [.hold(name)]
        case .resume: return [.resume(name)]
        case .mute: return call.isMuted ? [.unmute(name)] : [.mute(name)]
        case .unmute: return [.unmute(name)]
        case .record: return call.recording == nil ? [.record(name, file: nil)] : [.stopRecording(name)]
        case .stop: return [.stopRecording(name)]
        case .split: return [.split(name)]
        default: return [.hangUp(.one(name), reason: nil)]
        }
    }

    private func usageCommand(_ verb: Verb) -> [SoftphoneCore.Command] {
        let kinds: [UsageKind] =
            switch verb {
            case .unsubscribe: [.clientSubscription]
            case .unpublish: [.clientPublication]
            case .unregister: [.clientRegistration]
            default: [.clientRegistration, .clientSubscription]
            }
        guard let name = model.selectedUsage(among: kinds, selectedUsage).map({ UsageName($0.name) }) else { return [] }
        switch verb {
        case .unsubscribe: return [.unsubscribe(name)]
        case .unpublish: return [.unpublish(name)]
        case .unregister: return [.unregister(name)]
        default: return [.refresh(name)]
        }
    }
}
