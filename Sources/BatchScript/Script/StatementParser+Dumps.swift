import SoftphoneCore

/// `dump state|ladder|pcap` and `snapshot`.
extension StatementParser {
    private static let dumps = ["state", "ladder", "pcap"]

    func dump() throws(ScriptFault) -> Dump {
        let words = try expandedWords()
        guard words.count > 1 else {
            throw ScriptFault("dump takes one of: \(Self.dumps.joined(separator: ", "))", offset: line.text.count)
        }
        let given = words.dropFirst(2).map(\.text)
        if words[1].text != "state", words.count > 2, let complaint = facts.names?.complaint(about: self.words[2].text)
        {
            throw ScriptFault(complaint, offset: words[2].column - 1)
        }
        switch words[1].text {
        case "state":
            guard given.count <= 1 else { throw unexpected(words[3], "the end of the line") }
            return .state(file: given.first)
        case "ladder":
            guard let usage = given.first else {
                throw ScriptFault("dump ladder takes the name of a usage", offset: line.text.count)
            }
            guard given.count <= 2 else { throw unexpected(words[4], "the end of the line") }
            return .ladder(usage: usage, file: given.count > 1 ? given[1] : nil)
        case "pcap":
            guard given.count > 1 else {
                throw ScriptFault("dump pcap takes the name of a usage and a file", offset: line.text.count)
            }
            guard given.count == 2 else { throw unexpected(words[4], "the end of the line") }
            return .capture(usage: given[0], file: given[1])
        default:
            let meant = closest(to: words[1].text, among: Self.dumps).map { "did you mean '\($0)'?" }
            throw ScriptFault(
                "'\(words[1].text)' cannot be dumped; "
                    + (meant ?? "write one of: \(Self.dumps.joined(separator: ", "))"),
                offset: words[1].column - 1)
        }
    }

    func snapshot() throws(ScriptFault) -> Dump {
        let words = try expandedWords()
        guard words.count > 1 else { throw ScriptFault("snapshot takes a file", offset: line.text.count) }
        guard words.count == 2 else { throw unexpected(words[2], "the end of the line") }
        return .screen(file: words[1].text)
    }
}
