import DialogUsage
import SansIO
import SoftphoneCore

/// Which events a `wait`, an `expect` or a `refuse` is about.
package struct EventFilter: Hashable, Sendable {
    /// Any of these.
    package var names: [String]
    /// Of this usage only: its name, its identifier, or its account's name.
    package var usage: String?
    package var condition: Expression?

    /// Fields of the event come before the paths of the state: `body` is the body of this NOTIFY.
    func matches(_ happening: Happening, in source: some StateSource) -> Bool {
        guard names.contains(happening.name) else { return false }
        if let usage, !happening.isOf(usage) { return false }
        guard let condition else { return true }
        let answer = try? condition.isTrue(in: EventSource(happening: happening, state: source))
        return answer ?? false
    }

    var description: String {
        names.joined(separator: " or ") + (usage.map { " of \($0)" } ?? "")
    }
}

/// The fields of one event, with the state behind them.
private struct EventSource<State: StateSource>: StateSource {
    let happening: Happening
    let state: State

    func value(at path: String) -> ScriptValue? {
        happening[path].map(ScriptValue.init) ?? state.value(at: path)
    }
    func account(of usage: AnyUsageID) -> String? { state.account(of: usage) }
    func content(of dump: Dump) -> FileContent? { state.content(of: dump) }
    func blockers(at now: Instant) -> [String] { state.blockers(at: now) }
}
