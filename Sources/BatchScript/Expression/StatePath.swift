import DialogUsage
import SoftphoneCore

/// The paths that `assert` and `where` may name, checked before anything is sent.
enum StatePath {
    /// What a path can begin with.
    static let roots = ["call", "last", "presence", "pub", "received", "reg", "sent", "sub", "usages"]

    /// What may stand at the end of a path about one usage.
    private static let ends: [String: [String]] = [
        "call": [
            "state", "rtp.sent", "rtp.received", "rtp.loss", "rtp.jitter", "mos", "muted", "recording", "conference",
            "digits", "duration", "peer", "codec", "playing",
        ],
        "sub": ["state", "body"], "pub": ["state"], "reg": ["state"],
    ]

    /// Whether a word is written as a path: a root, a point, and something.
    static func isPath(_ word: String) -> Bool {
        guard let point = word.firstIndex(of: "."), word.index(after: point) < word.endIndex else { return false }
        return roots.contains(String(word[..<point]))
    }

    /// nil when the word can name a value; otherwise what to do about it.
    static func complaint(about word: String) -> String? {
        let parts = word.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard let root = parts.first, roots.contains(root) else { return unknownRoot(parts.first ?? word, of: word) }
        guard parts.count > 1, !parts.contains("") else {
            return "'\(word)' is incomplete; an example is \(example(of: root))"
        }
        if root == "last" { return complaint(aboutResponse: word) }
        if root == "usages" { return complaint(aboutKind: parts[1]) }
        guard let ends = ends[root] else { return nil }
        let rest = parts.dropFirst(2)
        guard !rest.isEmpty else { return "'\(word)' is incomplete; an example is \(example(of: root))" }
        if ends.contains(where: { word.hasSuffix("." + $0) }) { return nil }
        let end = rest.joined(separator: ".")
        let suggestion = closest(to: end, among: ends).map { "did you mean '\($0)'?" }
        return "a \(root) has no '\(end)'; " + (suggestion ?? "it has \(ends.joined(separator: ", "))")
    }

    private static func unknownRoot(_ root: String, of word: String) -> String {
        let suggestion = closest(to: root, among: roots).map { "did you mean '\($0)'?" }
        return "nothing is known under '\(word)'; "
            + (suggestion ?? "paths begin with \(roots.joined(separator: ", "))")
    }

    private static func complaint(aboutResponse path: String) -> String? {
        let known = ["last.response.status", "last.response.reason", "last.response.header(\"NAME\")"]
        if known.contains(path) || (path.hasPrefix("last.response.header(") && path.hasSuffix(")") && path.count > 22) {
            return nil
        }
        return "nothing is known under '\(path)'; there are \(known.joined(separator: ", "))"
    }

    private static func complaint(aboutKind kind: String) -> String? {
        let names = ["total"] + UsageKind.allCases.map(\.rawValue)
        if names.contains(kind) || UsageKind.allCases.contains(where: { $0.prefix == kind }) { return nil }
        let suggestion = closest(to: kind, among: names).map { "did you mean '\($0)'?" }
        return "there is no kind of usage '\(kind)'; " + (suggestion ?? "kinds are \(names.joined(separator: ", "))")
    }

    private static func example(of root: String) -> String {
        switch root {
        case "usages": "usages.total"
        case "sent", "received": "\(root).REGISTER"
        case "reg": "reg.alice.state"
        case "last": "last.response.status"
        case "presence": "presence.bob@example.com"
        default: "\(root).NAME.\(ends[root]?.first ?? "state")"
        }
    }
}
