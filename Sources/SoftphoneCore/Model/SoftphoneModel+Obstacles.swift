package import DialogUsage

/// Why something cannot be done now: said in the help, in the key bar, and when its key is pressed all the same.
extension SoftphoneModel {
    /// nil when it can be done.
    /// - Parameter selected: what the verb would be done to.
    package func obstacle(to verb: Verb, selected: UsageRow? = nil) -> String? {
        switch verb {
        case .accountAdd, .contactAdd, .reload, .transfers: nil
        case .contactRemove: presence.contains { $0.name != nil } ? nil : "there is no contact; contact add makes one"
        case .accountUse, .accountRemove, .accountSave, .fetchBindings: accounts.isEmpty ? Self.noAccount : nil
        case .register, .call, .options, .message, .subscribe, .publish:
            shutdown != nil ? "we are leaving: nothing new is begun" : accounts.isEmpty ? Self.noAccount : nil
        case .answer, .ring, .reject, .redirect: calls.contains { $0.state == .incoming } ? nil : "no call rings here"
        case .cancel:
            calls.contains { $0.id.kind == .clientInviteSession && $0.isBeingSetUp }
                ? nil : "no call of ours is being set up"
        case .hangUp, .play, .reinvite, .update, .hold, .resume, .mute, .unmute, .dtmf, .transfer, .transferAttended,
            .split, .record, .stop:
            obstacle(to: verb, selectedCall: selectedCall(selected))
        case .conference:
            Self.connected(calls).count > 1 ? nil : "a conference needs two calls that are connected"
        case .acceptTransfer, .denyTransfer:
            transferRequests.isEmpty ? "nobody asks us to call somebody" : nil
        case .unsubscribe: obstacle(among: [.clientSubscription], "there is no subscription", selected)
        case .unpublish: obstacle(among: [.clientPublication], "nothing is published", selected)
        case .unregister: obstacle(among: [.clientRegistration], "we are not registered", selected)
        case .refresh:
            obstacle(among: [.clientRegistration, .clientSubscription], "there is nothing to refresh", selected)
        case .faultCrash, .faultRestart, .faultSilence, .faultRefuse, .faultLose, .faultClear:
            sandbox == nil ? "faults need the domain that --sandbox brings" : nil
        case .reap: leftovers.isEmpty ? "no earlier run has left anything behind" : nil
        case .shutdown, .shutdownGraceful, .shutdownPlan, .shutdownIfIdle, .shutdownForce: nil
        case .shutdownExtend, .shutdownWait, .shutdownSkip, .shutdownSkipGroup, .shutdownCancel:
            shutdown == nil ? "no shutdown is under way" : nil
        }
    }
    private static let noAccount = "there is no account; account add makes one"

    private static func connected(_ calls: [CallRow]) -> [CallRow] {
        calls.filter { $0.state == .connected || $0.state == .held }
    }

    /// The call that a verb is meant for: the selected one, or the only one.
    package func selectedCall(_ selected: UsageRow?) -> CallRow? {
        let live = calls.filter { $0.state != .ended }
        if let id = selected?.id, let call = live.first(where: { $0.id == id }) { return call }
        return live.count == 1 ? live.first : nil
    }

    /// The usage of some kinds that a verb is meant for, likewise.
    package func selectedUsage(among kinds: [UsageKind], _ selected: UsageRow?) -> UsageRow? {
        if let selected, kinds.contains(selected.id.kind) { return selected }
        let live = kinds.map { usages.range(of: $0) }.filter { !$0.isEmpty }
        return live.count == 1 && live[0].count == 1 ? usages[live[0].lowerBound] : nil
    }

    private func obstacle(to verb: Verb, selectedCall call: CallRow?) -> String? {
        guard let call else {
            return calls.contains { $0.state != .ended } ? "select the call first" : "there is no call"
        }
        if verb == .hangUp { return call.state == .ending ? "it is ending" : nil }
        guard call.state == .connected || call.state == .held else { return "the call is not connected" }
        switch verb {
        case .resume: return call.state == .held ? nil : "the call is not held"
        case .unmute: return call.isMuted ? nil : "the call is not muted"
        case .transfer: return call.transfer == nil ? nil : "it is being transferred"
        case .transferAttended:
            return Self.connected(calls).count > 1 ? nil : "there is no other call to transfer it to; call first"
        case .split: return call.conference != nil ? nil : "the call is in no conference"
        case .record: return call.recording == nil ? nil : "the call is being recorded"
        case .stop:
            return call.recording != nil || call.playing != nil ? nil : "nothing is recorded or played in the call"
        default: return nil
        }
    }

    private func obstacle(among kinds: [UsageKind], _ none: String, _ selected: UsageRow?) -> String? {
        if selectedUsage(among: kinds, selected) != nil { return nil }
        return kinds.contains { !usages.range(of: $0).isEmpty } ? "select the one you mean first" : none
    }
}
