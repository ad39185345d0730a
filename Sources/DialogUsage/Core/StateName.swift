import SansIO

/// The name of a state as its machine's enum has it, with the names of the enums and the Booleans it carries, such as
/// `unsubscribing.unanswered(notified: true)`. Times, statuses and outcomes are left out: states that differ in them alone
/// are one state. For those who count states; nothing is decided by it.
package func nameOfState(_ state: Any) -> String {
    let mirror = Mirror(reflecting: state)
    guard mirror.displayStyle == .enum, let payload = mirror.children.first, let name = payload.label else {
        return "\(state)"
    }
    guard name != "ended" else { return name }
    let inner = Mirror(reflecting: payload.value)
    let carried = inner.displayStyle == .tuple ? Array(inner.children) : [payload]
    let parts = carried.compactMap { part(of: $0.value, labelled: $0.label == name ? nil : $0.label) }
    return ([name] + parts).joined(separator: ".")
}

private func part(of value: Any, labelled label: String?) -> String? {
    switch value {
    case let flag as Bool: return "\(label.map { $0.hasPrefix(".") ? "" : "\($0): " } ?? "")\(flag)"
    case is UsageOutcome, is Failure, is SessionClosing: return nil
    default: break
    }
    switch Mirror(reflecting: value).displayStyle {
    case .enum: return "\(type(of: value))".contains("StatusCode") ? nil : nameOfState(value)
    case .optional: return Mirror(reflecting: value).children.isEmpty ? "none" : "some"
    default: return nil
    }
}

extension UsageCore {
    /// nil when there is no such usage.
    package func stateName(of id: AnyUsageID) -> String? {
        switch id.kind {
        case .clientRegistration: registrations[any: id].map { nameOfState($0.usage.state) }
        case .clientPublication: publications[any: id].map { nameOfState($0.usage.state) }
        case .clientSubscription: subscriptions[any: id].map { nameOfState($0.usage.state) }
        case .serverSubscription: watchers[any: id].map { nameOfState($0.usage.state) }
        case .clientPagerMessage: pagers[any: id].map { nameOfState($0.usage.state) }
        case .clientInviteSession: callers[any: id].map { nameOfState($0.usage.state) }
        case .serverInviteSession: callees[any: id].map { nameOfState($0.usage.state) }
        case .clientOutOfDialogRequest, .serverOutOfDialogRequest, .serverPagerMessage, .serverRegistration,
            .serverPublication:
            records[id].map { _ in "unanswered" }
        }
    }
    /// The change of a session that is under way in its dialog, beside its phase.
    package func modificationName(of id: AnyUsageID) -> String? {
        guard id.kind == .clientInviteSession || id.kind == .serverInviteSession else { return nil }
        return leg(sessionID(id)).map { nameOfState($0.modification.state) }
    }
}
