extension CommandSpec {
    /// What the last word of `line` can become, the whole word each time. A line that ends in a blank has an empty last
    /// word.
    package static func completions(of line: String, knowing vocabulary: Vocabulary) -> [String] {
        guard var words = try? ScriptLine.words(of: line) else { return [] }
        var begun = ""
        if line.last?.isWhitespace == false, let last = words.popLast() {
            guard !last.isQuoted else { return [] }
            begun = last.text
        }
        let candidates = candidates(after: words, knowing: vocabulary)
        var seen: Set<String> = []
        return candidates.filter { $0.hasPrefix(begun) && $0 != begun && seen.insert($0).inserted }
    }

    private static func candidates(after words: [Word], knowing vocabulary: Vocabulary) -> [String] {
        let family = all.filter { spec in
            spec.words.count > words.count && zip(spec.words, words).allSatisfy { $1.isWord($0) }
        }
        var candidates = family.map { $0.words[words.count] }
        guard !words.isEmpty, let spec = try? matching(words) else { return candidates }
        let rest = words.dropFirst(spec.words.count)
        if let last = rest.last, let value = spec.options.first(where: { last.isWord($0.word) })?.value {
            return value.kind.words(knowing: vocabulary)
        }
        if !rest.contains(where: { word in spec.options.contains { word.isWord($0.word) } }) {
            // Optional parameters may have been passed over: what stands at this place or after it can come.
            for (index, parameter) in spec.parameters.enumerated() where index >= rest.count || parameter.isRepeated {
                // A usage that is named already is not named twice.
                let given = parameter.kind.isUsage ? rest.map(\.text) : []
                candidates += parameter.kind.words(knowing: vocabulary).filter { !given.contains($0) }
                if !parameter.isOptional { return candidates }
            }
        }
        candidates += spec.options.filter { option in
            option.isRepeatable || !rest.contains { $0.isWord(option.word) }
        }.map(\.word)
        return candidates
    }
}

extension Parameter.Kind {
    fileprivate var isUsage: Bool { if case .usage = self { true } else { false } }

    fileprivate func words(knowing vocabulary: Vocabulary) -> [String] {
        switch self {
        case .peer: vocabulary.contacts + vocabulary.peers
        case .account: vocabulary.accounts
        case .contact: vocabulary.contacts
        case .usage(let kinds):
            vocabulary.usages.filter { kinds.isEmpty || kinds.contains($0.kind) }.map(\.name)
        case .event: ["presence", "message-summary", "dialog", "presence.winfo"]
        case .presence: PublishedState.words.map(\.word)
        case .choice(let words): words
        case .method: ["REGISTER", "INVITE", "SUBSCRIBE", "PUBLISH", "MESSAGE", "OPTIONS", "BYE", "NOTIFY"]
        case .sipURI, .text, .newName, .duration, .digits, .status, .path, .percentage, .groups: []
        }
    }
}
