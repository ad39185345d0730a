import DialogUsage
import SansIO

/// What shutdown would do, before anybody does it.
extension Softphone {
    /// Said as one event for each group, for scripts and their readers, and as a whole in the answer.
    mutating func planShutdown(_ giveUp: Duration?, _ order: ShutdownPlan?, _ request: RequestID, at now: Instant) {
        let forecast = core.shutdownForecast(
            giveUp: giveUp ?? configuration.giveUp, plan: order ?? configuration.plan)
        for (place, group) in forecast.groups.enumerated() {
            happened(
                "shutdown.plan",
                fields: [
                    "place": .integer(place + 1), "phase": .integer(group.group.rawValue),
                    "kind": .text(group.group.title), "count": .integer(group.usages.count),
                    "usages": .text(nameList(group.usages)),
                    "longest_ms": .integer(Int(group.longest.inMilliseconds)),
                ], at: now)
        }
        let count = forecast.count
        let what = count == 0 ? "nothing to end" : "\(count) usage\(count == 1 ? "" : "s") to end"
        let text = "\(what), \(forecast.longest.scriptText) at most"
        say(.completed(request, .succeeded(.init(text: text, forecast: forecast))))
    }

    private func nameList(_ usages: [AnyUsageID]) -> String {
        let shown = usages.prefix(Self.mostNamed).map { names[$0] ?? $0.description }
        return (shown + (usages.count > shown.count ? ["…"] : [])).joined(separator: " ")
    }
    private static let mostNamed = 16
}
