import DialogUsage
import SIPMessage
import SansIO
import SoftphoneCore

extension StartRecord {
    func write(into object: inout JSONObject) {
        object["type"] = "start"
        object["t"] = .text(time)
        object["mono"] = .integer(0)
        object["app"] = .text(application)
        object["seed"] = seed.map { .text(String($0)) } ?? .null
        object["file"] = .text(file)
        if let sandbox { object["sandbox"] = .text(sandbox) }
    }
}

extension StepRecord {
    func write(into object: inout JSONObject) {
        object["line"] = .optional(line)
        if let file { object["file"] = .text(file) }
        if let turn { object["turn"] = .integer(turn) }
        if let label { object["label"] = .text(label) }
        object["verb"] = .text(verb)
        object["status"] = .text(status.rawValue)
        if let code { object["code"] = .integer(code) }
        object["dur_ms"] = .integer(Int(duration.inMilliseconds))
        if let account { object["account"] = .text(account) }
        if let usage { object["usage"] = .text(usage) }
        object["statement"] = .text(statement)
        if !text.isEmpty { object["text"] = .text(text) }
    }
}

extension Happening {
    func write(into object: inout JSONObject) {
        object["event"] = .text(name)
        if let usage { object["usage"] = .text(usage.description) }
        if let alias { object["name"] = .text(alias) }
        if let account { object["account"] = .text(account) }
        for field in fields {
            // A message has a type of its own; the record's must stay what it is.
            let name = object[field.name] == nil ? field.name : "event_" + field.name
            object[name] = field.value.json
        }
    }
}

extension FieldValue {
    fileprivate var json: JSONValue {
        switch self {
        case .text(let text): .text(text)
        case .integer(let number): .integer(number)
        case .number(let number): .decimal(number, digits: 3)
        case .flag(let flag): .bool(flag)
        }
    }
}

extension Verdict {
    func write(into object: inout JSONObject) {
        object["status"] = exit == .success ? "pass" : "fail"
        object["exit"] = .integer(Int(exit.rawValue))
        object["ok"] = .integer(passed)
        object["failed"] = .integer(failed)
        object["abandoned"] = .list(abandoned.map(JSONValue.text))
        object["elapsed_ms"] = .integer(Int(elapsed.inMilliseconds))
        if let reason { object["reason"] = .text(reason) }
    }
}

extension ShutdownReport.Row {
    func write(into object: inout JSONObject, name: String?) {
        object["kind"] = .text(id.kind.rawValue)
        object["usage"] = .text(id.description)
        object["name"] = .optional(name)
        object["account"] = .optional(account)
        object["peer"] = .text(peer)
        object["result"] = .text(outcome.result)
        object["cause"] = .optional(outcome.cause)
        object["status"] = .optional(outcome.status.map { Int($0.value) })
        object["sent"] = .integer(requestsSent)
        object["last_answer_ms_ago"] = .optional(peerSilentFor.map { Int($0.inMilliseconds) })
        if outcome == .notifyMissing { object["final_notify"] = .bool(false) }
        object["dur_ms"] = .integer(Int(duration.inMilliseconds))
        if let consequence { object["consequence"] = .text(consequence) }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    package init(stringLiteral value: String) { self = .text(value) }
    package init(integerLiteral value: Int) { self = .integer(value) }
}
