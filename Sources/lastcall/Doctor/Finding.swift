import BatchScript

/// One thing that was looked at, and what to do about it.
struct Finding: Hashable, Sendable {
    enum Verdict: String, Hashable, Sendable {
        case good = "ok"
        /// It works, but there is something to know.
        case doubtful = "warn"
        case bad = "fail"
    }
    var subject: String
    var verdict: Verdict
    var text: String
    /// nil: there is nothing to do.
    var remedy: String?
    /// With which code a program ends on it.
    var exit = ExitCode.success

    static func good(_ subject: String, _ text: String) -> Finding {
        Finding(subject: subject, verdict: .good, text: text)
    }
    static func doubtful(_ subject: String, _ text: String, _ remedy: String) -> Finding {
        Finding(subject: subject, verdict: .doubtful, text: text, remedy: remedy)
    }
    static func bad(_ subject: String, _ text: String, _ remedy: String, _ exit: ExitCode) -> Finding {
        Finding(subject: subject, verdict: .bad, text: text, remedy: remedy, exit: exit)
    }

    /// For people: a line, and the remedy below it.
    var lines: [String] {
        let margin = String(repeating: " ", count: 5)
        return ["\(verdict.rawValue.padding(to: 5))\(subject): \(text)"] + (remedy.map { ["\(margin)→ \($0)"] } ?? [])
    }
    var record: JSONObject {
        JSONObject([
            "check": .text(subject), "verdict": .text(verdict.rawValue), "text": .text(text),
            "remedy": .optional(remedy),
        ])
    }
}
