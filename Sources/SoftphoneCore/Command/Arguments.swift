import DialogUsage

/// The words of one line, put in the places that its row of the table has for them.
package struct Arguments: Hashable, Sendable {
    package let spec: CommandSpec
    /// The parameters given, by name.
    private(set) var values: [String: Word] = [:]
    /// Of the parameter that can be repeated, every word.
    private(set) var repeated: [Word] = []
    /// The options given; a flag has its own word as value.
    private(set) var options: [String: [Word]] = [:]
    /// Where something that is missing would stand.
    private let endColumn: Int

    /// Sorts `words`, the verb included, into the places of `spec`.
    init(_ words: [Word], for spec: CommandSpec) throws(CommandError) {
        self.spec = spec
        endColumn = words.last?.endColumn ?? 1
        var rest = words.dropFirst(spec.words.count)
        try takeParameters(from: &rest)
        try takeOptions(from: &rest)
        for parameter in spec.parameters {
            if let word = values[parameter.name] { try Self.checkChoice(word, of: parameter) }
        }
        for option in spec.options {
            guard let parameter = option.value else { continue }
            for word in all(option.word) { try Self.checkChoice(word, of: parameter) }
        }
    }

    /// Where there are only a few words to choose from, it is one of them.
    private static func checkChoice(_ word: Word, of parameter: Parameter) throws(CommandError) {
        guard case .choice(let words) = parameter.kind, !words.contains(word.text) else { return }
        let remedy =
            closest(to: word.text, among: words).map { "did you mean '\($0)'?" }
            ?? "write \(words.joined(separator: " or "))"
        throw CommandError("'\(word.text)' is not possible here; \(remedy)", column: word.column)
    }

    private mutating func takeParameters(from rest: inout ArraySlice<Word>) throws(CommandError) {
        for (index, parameter) in spec.parameters.enumerated() {
            let required = spec.parameters[index...].count { !$0.isOptional }
            guard let word = rest.first, !isOption(word) else {
                guard parameter.isOptional else { throw missing(parameter.name, before: rest.first) }
                continue
            }
            if parameter.isOptional {
                let before = rest.prefix { !isOption($0) }.count
                guard before > required, parameter.kind.looksLike(word) else { continue }
            }
            values[parameter.name] = word
            rest = rest.dropFirst()
            guard parameter.isRepeated else { continue }
            repeated = [word] + rest.prefix { !isOption($0) }
            rest = rest.dropFirst(repeated.count - 1)
        }
    }

    private mutating func takeOptions(from rest: inout ArraySlice<Word>) throws(CommandError) {
        while let word = rest.popFirst() {
            guard !word.isQuoted, let option = spec.options.first(where: { $0.word == word.text }) else {
                throw unexpected(word)
            }
            guard option.isRepeatable || options[option.word] == nil else {
                throw CommandError("'\(option.word)' is given twice; keep one of them", column: word.column)
            }
            guard let value = option.value else {
                options[option.word] = [word]
                continue
            }
            guard let given = rest.popFirst() else {
                throw CommandError(
                    "'\(option.word)' needs a \(value.name); write \(option.word) \(value.name)", column: endColumn)
            }
            options[option.word, default: []].append(given)
        }
    }

    private func isOption(_ word: Word) -> Bool { spec.options.contains { word.isWord($0.word) } }

    private func missing(_ name: String, before word: Word?) -> CommandError {
        CommandError(
            "\(spec.word) needs \(name); usage: \(spec.grammar)", column: word?.column ?? endColumn)
    }

    private func unexpected(_ word: Word) -> CommandError {
        let family = CommandSpec.all.filter { $0.words.starts(with: spec.words) && $0.words.count > spec.words.count }
        let candidates = spec.options.map(\.word) + family.map { $0.words[spec.words.count] }
        if let meant = closest(to: word.text, among: candidates) {
            return CommandError(
                "'\(word.text)' means nothing after \(spec.word); did you mean '\(meant)'?", column: word.column)
        }
        return CommandError("'\(word.text)' is too much; usage: \(spec.grammar)", column: word.column)
    }

    // MARK: Reading

    func required(_ name: String) throws(CommandError) -> Word {
        guard let word = values[name] else { throw missing(name, before: nil) }
        return word
    }
    func word(_ name: String) -> Word? { values[name] }
    func option(_ word: String) -> Word? { options[word]?.first }
    /// Of an option that may be repeated.
    func all(_ word: String) -> [Word] { options[word] ?? [] }
    /// Of a parameter that can be repeated.
    func words(_ name: String) -> [Word] { values[name] == nil ? [] : repeated }
    var usages: [Word] {
        let parameters = spec.parameters.filter(\.kind.isNamedUsage).flatMap { parameter in
            parameter.isRepeated ? words(parameter.name) : word(parameter.name).map { [$0] } ?? []
        }
        let values = spec.options.filter { $0.value?.kind.isNamedUsage == true }.flatMap { all($0.word) }
        return parameters + values
    }
    func has(_ flag: String) -> Bool { options[flag] != nil }
}

extension Parameter.Kind {
    fileprivate var isNamedUsage: Bool {
        if case .usage(let kinds) = self { !kinds.isEmpty && !kinds.contains(.clientRegistration) } else { false }
    }

    /// Whether a word can be meant for an optional parameter of this kind; if not, it is taken for the next one.
    func looksLike(_ word: Word) -> Bool {
        switch self {
        case .account, .contact, .newName: !word.isQuoted && word.text.first?.isLetter == true
        case .usage:
            // A file is none, where one may follow.
            !word.isQuoted && word.text.first?.isLetter == true && !word.text.contains("/")
                && !word.text.hasSuffix(".wav")
        case .status: word.text.count == 3 && word.text.allSatisfy { $0.isASCII && $0.isNumber }
        case .choice(let words): !word.isQuoted && words.contains(word.text)
        case .peer, .sipURI, .text, .event, .duration, .digits, .method, .path, .percentage, .presence, .groups: true
        }
    }
}
