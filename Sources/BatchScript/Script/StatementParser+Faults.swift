import SansIO
import SoftphoneCore

/// `fault drop|delay|blackhole|reset`: what `--allow-faults` allows.
extension StatementParser {
    private static let networkFaults = ["drop", "delay", "blackhole", "reset"]

    /// nil: it is one of the sandbox, or none.
    func networkFault() throws(ScriptFault) -> NetworkFault? {
        guard words.count > 1, !words[1].isQuoted else { return nil }
        let kind = words[1].text
        let isOurs = Self.networkFaults.contains(kind) || (kind == "clear" && !facts.hasSandbox && facts.allowsFaults)
        guard isOurs else { return nil }
        guard facts.allowsFaults else {
            throw ScriptFault("'fault \(kind)' needs --allow-faults", offset: words[0].column - 1)
        }
        let given = Array(try expandedWords().dropFirst(2))
        switch kind {
        case "drop":
            let direction = try self.direction(given.first)
            let method = given.count > 1 && given[1].text != "all" ? given[1].text.uppercased() : nil
            if given.count > 3 { throw unexpected(given[3], "the end of the line") }
            guard given.count > 2 else { return .drop(direction, method: method, count: 1) }
            guard let count = Int(given[2].text), (1...1_000_000).contains(count) else {
                throw ScriptFault("'\(given[2].text)' is no number of requests", offset: given[2].column - 1)
            }
            return .drop(direction, method: method, count: count)
        case "delay":
            let direction = try self.direction(given.first)
            guard given.count > 1 else { throw ScriptFault("a duration is missing", offset: line.text.count) }
            if given.count > 3 { throw unexpected(given[3], "the end of the line") }
            return .delay(
                direction, try Self.duration(given[1]), share: given.count > 2 ? try share(given[2]) : 1)
        case "blackhole":
            guard let host = given.first else {
                throw ScriptFault("fault blackhole takes an address or a name", offset: line.text.count)
            }
            if given.count > 1 { throw unexpected(given[1], "the end of the line") }
            return .blackhole(host: host.text)
        default:
            if let more = given.first { throw unexpected(more, "the end of the line") }
            return kind == "reset" ? .reset : .clear
        }
    }

    private func direction(_ word: Word?) throws(ScriptFault) -> NetworkFault.Direction {
        guard let word, let direction = NetworkFault.Direction(rawValue: word.text) else {
            throw ScriptFault(
                "first comes the direction: out or in", offset: word.map { $0.column - 1 } ?? line.text.count)
        }
        return direction
    }

    private func share(_ word: Word) throws(ScriptFault) -> Double {
        let isPercent = word.text.hasSuffix("%")
        guard let number = Double(isPercent ? String(word.text.dropLast()) : word.text),
            (0...1).contains(isPercent ? number / 100 : number)
        else { throw ScriptFault("'\(word.text)' is no share; write 0.3 or 30%", offset: word.column - 1) }
        return isPercent ? number / 100 : number
    }
}
