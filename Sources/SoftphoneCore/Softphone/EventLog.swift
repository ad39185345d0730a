import SansIO

/// The log that screens show, bounded.
struct EventLog: Sendable {
    private(set) var lines: [LogLine] = []
    let most: Int
    let longest: Int

    init(limits: SoftphoneConfiguration.Limits) {
        most = limits.logLines
        longest = limits.logText
    }

    mutating func note(_ text: String, _ level: LogLine.Level = .note, at now: Instant) {
        let shortened = text.count > longest ? text.prefix(longest) + "…" : text[...]
        lines.append(LogLine(at: now, level: level, text: visible(shortened)))
        if lines.count > most { lines.removeFirst(lines.count - most) }
    }
}
