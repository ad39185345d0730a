package import DialogUsage
import SIPMessage
package import SansIO
import SoftphoneCore

/// The report of a shutdown for people: the same after a script and after the terminal was left.
package enum ReportText {
    /// The whole report, for whoever has just left the terminal: a row for each usage, then what it comes to.
    ///
    /// - Parameters:
    ///   - names: what the user called a usage, by its identifier.
    ///   - isKept: there will be a receipt for the next start.
    ///   - clock: the time of day where the user is, for how long others go on believing in what was abandoned.
    package static func farewell(
        _ report: ShutdownReport, names: [AnyUsageID: String], verdict: Verdict, isKept: Bool,
        clock: (Instant) -> String
    ) -> [String] {
        let ended = report.usages.count { $0.outcome.result == "ended" }
        let counts = [counted(ended, "usage") + " ended"] + leftovers(verdict)
        let title = report.isClean ? "Left in order" : "Left, but not in order"
        let line = padded("\(title): \(counts.joined(separator: ", "))", to: 58) + "  exit \(verdict.exit.rawValue)"
        let rows = kinds(of: report).flatMap { alike in
            alike.prefix(mostAlike).flatMap { row in
                Self.rows(for: row, name: names[row.id], until: row.believedUntil.map(clock), indent: 2)
            } + summary(of: alike.dropFirst(mostAlike))
        }
        let canReap = isKept && report.usages.contains { $0.binding != nil }
        return rows + (canReap ? ["  The next start offers to remove what is still registered: reap"] : []) + [line]
    }

    /// What ended alike, in the order of the shutdown: who has ten thousand subscriptions does not read them all.
    private static func kinds(of report: ShutdownReport) -> [[ShutdownReport.Row]] {
        var places: [String: Int] = [:]
        var kinds: [[ShutdownReport.Row]] = []
        for row in report.inPhaseOrder {
            let place = places["\(row.id.kind.rawValue) \(row.outcome.result)", default: kinds.count]
            if place == kinds.count { kinds.append([]) }
            places["\(row.id.kind.rawValue) \(row.outcome.result)"] = place
            kinds[place].append(row)
        }
        return kinds
    }
    private static func summary(of more: ArraySlice<ShutdownReport.Row>) -> [String] {
        guard let first = more.first else { return [] }
        return ["  " + padded("\(first.id.kind.rawValue) \(more.count) more", to: 30) + " " + first.outcome.result]
    }
    /// So many usages of a kind that ended alike have a row of their own.
    private static let mostAlike = 10

    /// `       ClientSubscription s1         abandoned  no answer to 5 requests`, and on lines of their own how long the server
    /// has been silent and what it goes on believing; so that no line is longer than a narrow terminal.
    static func rows(
        for row: ShutdownReport.Row, name: String?, until: String? = nil, indent: Int = 7
    ) -> [String] {
        // An account has one registration, and is how everybody calls it.
        let account = row.id.kind == .clientRegistration ? row.account : nil
        let title = "\(row.id.kind.rawValue) \(visibleLine(name ?? account ?? row.id.description))"
        let space = String(repeating: " ", count: indent)
        let line = space + padded(title, to: 30) + " " + padded(row.outcome.result, to: 11)
        let lines = [(line + details(of: row)).trimmingEnd]
        let rest = aftermath(of: row) + (until.map { ["until \($0)"] } ?? [])
        return lines + enumerated(rest.map(visibleLine), indent: space + "    ")
    }

    /// With commas between them, and broken behind one where a line becomes longer than a narrow terminal.
    private static func enumerated(_ parts: [String], indent: String) -> [String] {
        var lines: [String] = []
        for part in parts {
            if let last = lines.last, last.count + part.count + 3 <= narrow {
                lines[lines.count - 1] = "\(last), \(part)"
            } else {
                if let last = lines.last { lines[lines.count - 1] = last + "," }
                lines.append(indent + part)
            }
        }
        return lines
    }
    private static let narrow = 80

    private static func details(of row: ShutdownReport.Row) -> String {
        var parts: [String] = []
        switch row.outcome {
        case .local(let status), .endedByPeer(let status): parts += status.map { [String($0.value)] } ?? []
        case .neverSent: parts.append("nothing had been sent")
        case .neverEstablished: parts.append("never established")
        case .notifyMissing: parts.append("200, but no final NOTIFY")
        case .refused(let status): parts.append("refused with \(status.value)")
        case .undelivered(let count): parts.append(counted(count, "message") + " never sent")
        case .peerUnresponsive: parts.append("no answer to \(requests(row))")
        case .transportFailed: parts.append("the server cannot be reached")
        case .gaveUp: parts.append("given up after \(requests(row))")
        case .skipped: parts.append("skipped")
        case .forced: parts.append("forced")
        }
        return parts.joined(separator: ", ")
    }

    private static func aftermath(of row: ShutdownReport.Row) -> [String] {
        guard row.outcome.result == "abandoned" else { return [] }
        let silence = row.peerSilentFor.map { "server silent \(decimalText($0.inSeconds, digits: 1)) s" }
        return [silence, row.consequence].compactMap { $0 }
    }

    private static func requests(_ row: ShutdownReport.Row) -> String { counted(row.requestsSent, "request") }

    /// `FAIL  13 ok, 0 failed, 1 usage abandoned                    exit 7`
    static func verdict(_ verdict: Verdict) -> String {
        var parts = ["\(verdict.passed) ok", "\(verdict.failed) failed"]
        parts += leftovers(verdict)
        let word = verdict.exit == .success ? "PASS" : "FAIL"
        let line = padded("\(word)  \(parts.joined(separator: ", "))", to: 60) + "exit \(verdict.exit.rawValue)"
        return verdict.reason.map { line + "\n      " + visibleLine($0) } ?? line
    }

    private static func leftovers(_ verdict: Verdict) -> [String] {
        var parts: [String] = []
        if !verdict.abandoned.isEmpty { parts.append(counted(verdict.abandoned.count, "usage") + " abandoned") }
        if verdict.refused > 0 { parts.append("\(verdict.refused) refused") }
        if verdict.undelivered > 0 { parts.append("\(verdict.undelivered) undelivered") }
        return parts
    }

    /// `       4 ClientSubscription    2  at most 2700 ms  s1 csub-2`: a line of `shutdown plan`; nil for other events.
    static func planned(_ happening: Happening) -> String? {
        guard happening.name == "shutdown.plan" else { return nil }
        let text = { (field: String) in happening[field]?.description ?? "" }
        return "       \(text("phase")) " + padded(text("kind"), to: 24) + padded(left: text("count"), to: 5)
            + "  at most \(text("longest_ms")) ms  \(visibleLine(text("usages")))"
    }

    static func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}

extension StepRecord {
    /// `  4  register alice                    ok   200      0.11 s`, in at most 80 columns where the answer is short
    var progressLine: String {
        let number = line.map(String.init) ?? "end"
        let place = file.map { "\($0):\(number)" } ?? number
        let result =
            status == .ok && duration == .zero && text.isEmpty ? "" : "\(decimalText(duration.inSeconds, digits: 2)) s"
        let answer = code.map(String.init) ?? ""
        let said = text.hasPrefix(answer) ? text : "\(answer) \(text)"
        let line =
            padded(left: place, to: 3) + "  " + padded(shortened(visibleLine(statement), to: 40), to: 42)
            + padded(status.rawValue, to: 8) + " " + padded(visibleLine(said), to: 15)
        return (line + " " + padded(left: result, to: 8)).trimmingEnd
    }
}

func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
}
func padded(left text: String, to width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
}
extension String {
    var trimmingEnd: String {
        var text = self
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
