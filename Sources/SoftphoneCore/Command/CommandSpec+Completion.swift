import DialogUsage

extension CommandSpec {
    /// What the last word of `line` can become, the whole word each time. A line that ends in a blank has an empty last
    /// word.
    ///
    /// - Parameter most: no more than so many are wanted.
    package static func completions(
        of line: String, knowing vocabulary: some Vocabulary, most: Int = .max
    ) -> [String] {
        guard var words = try? ScriptLine.words(of: line) else { return [] }
        var begun = ""
        if line.last?.isWhitespace == false, let last = words.popLast() {
            guard !last.isQuoted else { return [] }
            begun = last.text
        }
        var completions = Completions(begun: begun, most: most)
        for source in sources(after: words) {
            switch source {
            case .words(let words): completions.take(words)
            case .accounts: completions.take(vocabulary.accounts)
            case .usages(let kinds, let given): completions.take(vocabulary.usages(of: kinds), but: given)
            case .contacts: completions.take(vocabulary.contacts)
            case .peers:
                completions.take(vocabulary.contacts)
                completions.take(vocabulary.peers)
            }
        }
        return completions.words
    }

    /// Where a word can come from.
    fileprivate enum Source {
        case words([String])
        case accounts, contacts, peers
        /// A usage that is named already is not named twice.
        case usages(Set<UsageKind>, given: [String])
    }

    private static func sources(after words: [Word]) -> [Source] {
        let family = all.filter { spec in
            spec.words.count > words.count && zip(spec.words, words).allSatisfy { $1.isWord($0) }
        }
        var sources = [Source.words(family.map { $0.words[words.count] })]
        guard !words.isEmpty, let spec = try? matching(words) else { return sources }
        let rest = words.dropFirst(spec.words.count)
        if let last = rest.last, let value = spec.options.first(where: { last.isWord($0.word) })?.value {
            return [value.kind.source(given: [])]
        }
        if !rest.contains(where: { word in spec.options.contains { word.isWord($0.word) } }) {
            // Optional parameters may have been passed over: what stands at this place or after it can come.
            for (index, parameter) in spec.parameters.enumerated() where index >= rest.count || parameter.isRepeated {
                sources.append(parameter.kind.source(given: rest.map(\.text)))
                if !parameter.isOptional { return sources }
            }
        }
        let options = spec.options.filter { option in
            option.isRepeatable || !rest.contains { $0.isWord(option.word) }
        }
        return sources + [.words(options.map(\.word))]
    }
}

/// Those that fit what has been begun, each once.
private struct Completions {
    let begun: String
    let most: Int
    private(set) var words: [String] = []
    private var seen: Set<String> = []

    init(begun: String, most: Int) {
        self.begun = begun
        self.most = most
    }

    mutating func take(_ candidates: some Sequence<String>, but given: [String] = []) {
        for word in candidates {
            guard words.count < most else { return }
            guard word.hasPrefix(begun), word != begun, !given.contains(word), seen.insert(word).inserted else {
                continue
            }
            words.append(word)
        }
    }
}

extension Parameter.Kind {
    fileprivate func source(given: [String]) -> CommandSpec.Source {
        switch self {
        case .peer: .peers
        case .account: .accounts
        case .contact: .contacts
        case .usage(let kinds): .usages(kinds, given: given)
        case .event: .words(["presence", "message-summary", "dialog", "presence.winfo"])
        case .presence: .words(PublishedState.words.map(\.word))
        case .choice(let words): .words(words)
        case .method:
            .words(["REGISTER", "INVITE", "SUBSCRIBE", "PUBLISH", "MESSAGE", "OPTIONS", "BYE", "NOTIFY"])
        case .sipURI, .text, .newName, .duration, .digits, .status, .path, .percentage, .groups: .words([])
        }
    }
}
