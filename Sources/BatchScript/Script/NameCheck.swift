import DialogUsage
import SoftphoneCore

/// The names that a script gives with `as`, so that one which nobody gives is found before anything is sent.
///
/// A line may name what a later line makes, because both may stand in a loop; so all files are looked through first.
package struct NameCheck: Hashable, Sendable {
    private var names: Set<String> = []
    /// Some name is made of variables, and may be any.
    private var isOpen = false

    init(_ sources: ScriptSources) {
        for text in sources.allTexts {
            for line in LogicalLine.lines(of: text) {
                let words = (try? StatementParser.words(of: StatementParser.withoutExpression(line.text))) ?? []
                for (word, name) in zip(words, words.dropFirst()) where word.isWord("as") {
                    if name.text.contains("${") { isOpen = true }
                    names.insert(name.text)
                }
            }
        }
    }

    /// nil when a usage can be called so; otherwise what to do about it.
    func complaint(about name: String) -> String? {
        if isOpen || names.contains(name) || name.contains("${") || Self.isIdentifier(name) { return nil }
        let meant = closest(to: name, among: names.sorted()).map { "; did you mean '\($0)'?" }
        return "no line gives the name '\(name)'" + (meant ?? "; 'as \(name)' behind the verb that makes it does")
    }

    /// `cis-4`, as we call usages that nobody has named.
    private static func isIdentifier(_ name: String) -> Bool {
        let parts = name.split(separator: "-", maxSplits: 1)
        return parts.count == 2 && UInt32(parts[1]) != nil && UsageKind.allCases.contains { $0.prefix == parts[0] }
    }

    /// What a path such as `call.c1.state` says of a usage, without the registrations, which go by their accounts.
    func complaint(aboutPath path: String) -> String? {
        let parts = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard let root = parts.first, ["call", "sub", "pub"].contains(root), parts.count == 3 else { return nil }
        return complaint(about: parts[1])
    }
}
