extension CommandSpec {
    /// The words of a line that name usages which something must have given a name: not registrations, which go by
    /// their accounts.
    package static func usagesNamed(in words: [Word]) -> [Word] {
        guard let spec = try? matching(words), let given = try? Arguments(words, for: spec) else { return [] }
        return given.usages.filter { $0.text != "all" }
    }

    /// The row that a line begins with: the one of most words.
    static func matching(_ words: [Word]) throws(CommandError) -> CommandSpec {
        guard let first = words.first else { throw CommandError("there is no command in this line", column: 1) }
        var best: CommandSpec?
        for spec in all where spec.words.count <= words.count && spec.words.count > best?.words.count ?? 0 {
            if spec.isBegun(by: words) { best = spec }
        }
        if let best { return best }
        let family = all.filter { first.isWord($0.words[0]) }
        guard !family.isEmpty else { throw unknown(first) }
        throw incomplete(family, words)
    }

    /// What follows the first word may look like the option it would be on a command line: `shutdown --plan`.
    private func isBegun(by given: [Word]) -> Bool {
        zip(words, given).enumerated().allSatisfy { index, pair in
            pair.1.isWord(pair.0) || (index > 0 && pair.1.isWord("--" + pair.0))
        }
    }

    private static func unknown(_ word: Word) -> CommandError {
        let verbs = all.map { $0.words[0] }
        if let meant = closest(to: word.text, among: verbs) {
            return CommandError("unknown verb '\(word.text)'; did you mean '\(meant)'?", column: word.column)
        }
        return CommandError("unknown verb '\(word.text)'; '?' lists them all", column: word.column)
    }

    /// `account` or `account ad`: the first word is known, the second is missing or wrong.
    private static func incomplete(_ family: [CommandSpec], _ words: [Word]) -> CommandError {
        let seconds = family.compactMap { $0.words.count > 1 ? $0.words[1] : nil }
        let choice = seconds.joined(separator: ", ")
        guard words.count > 1 else {
            return CommandError("\(words[0].text) needs one of: \(choice)", column: words[0].endColumn)
        }
        if let meant = closest(to: words[1].text, among: seconds) {
            return CommandError(
                "'\(words[1].text)' means nothing after \(words[0].text); did you mean '\(meant)'?",
                column: words[1].column)
        }
        return CommandError(
            "'\(words[1].text)' means nothing after \(words[0].text); it takes one of: \(choice)",
            column: words[1].column)
    }
}
