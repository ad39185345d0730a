import DialogUsage
import SansIO

/// What a shutdown would do if it began now: the groups in their order, who is in them, and how long each could hold
/// up the next one.
struct PlanView {
    private let forecast: ShutdownForecast
    private let names: (AnyUsageID) -> String

    init(_ forecast: ShutdownForecast, names: @escaping (AnyUsageID) -> String) {
        self.forecast = forecast
        self.names = names
    }

    func draw(_ frame: inout Frame, _ area: Area, first: Int) {
        frame.box(area, title: "If we left now")
        frame.answer(.surface(.page), area)
        let lines = lines(width: area.inner.width)
        let last = min(max(0, first), max(0, lines.count - area.inner.height))
        for (offset, line) in lines.dropFirst(last).enumerated() {
            frame.line(line.text, in: area, row: area.row + 1 + offset, style: line.style)
        }
    }

    /// The furthest that can be scrolled.
    func lastFirst(width: Int, height: Int) -> Int { max(0, lines(width: width).count - height) }

    func lines(width: Int) -> [(text: String, style: Style)] {
        let total = Words.count(forecast.count, "usage")
        guard !forecast.groups.isEmpty else {
            return [("Nothing is alive: we would be gone in \(Words.tenths(forecast.longest)) at most.", .plain)]
        }
        let patience =
            forecast.giveUp > .zero ? "gives up after \(Words.short(forecast.giveUp)) s" : "has no deadline"
        var lines: [(String, Style)] = [
            ("\(total) would be told, group after group. The shutdown \(patience).", .plain), ("", .plain),
            (Self.row("group", "count", "at most") + "  usages", Looks.heading),
        ]
        for group in forecast.groups {
            let row = Self.row(
                "\(group.group.rawValue) \(group.group.title)", "\(group.usages.count)", Words.tenths(group.longest))
            lines.append((row + "  " + list(group.usages, in: width - Width.of(row) - 2), .plain))
        }
        lines += [(Self.row("all", "\(forecast.count)", Words.tenths(forecast.longest)), .bold), ("", .plain)]
        let notes = [
            "\"At most\" is when nobody answers; who answers ends in the time of one round trip.",
            "Registrations go last: what the others say goodbye with comes back over them.",
            "Nothing has been ended. Q leaves in this order, Esc stays.",
        ]
        return lines + notes.flatMap { Words.wrapped($0, to: width) }.map { ($0, .plain) }
    }

    /// As many names as there is room for, and how many more there are.
    private func list(_ usages: [AnyUsageID], in width: Int) -> String {
        var text = ""
        for (index, usage) in usages.enumerated() {
            let next = (text.isEmpty ? "" : text + " ") + names(usage)
            let left = usages.count - index - 1
            guard Width.of(next) + (left > 0 ? Width.of(" +\(left)") : 0) <= width else {
                return text.isEmpty ? "+\(left + 1)" : text + " +\(left + 1)"
            }
            text = next
        }
        return text
    }

    private static func row(_ group: String, _ count: String, _ time: String) -> String {
        Width.pad(group, to: 28) + Width.pad(count, to: 6, rightAligned: true)
            + Width.pad(time, to: 12, rightAligned: true)
    }
}
