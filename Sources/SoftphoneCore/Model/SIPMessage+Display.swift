import SIPMessage
import SansIO

/// A message as people see it: never raw, never with a secret.
extension SIPMessage {
    /// `INVITE (sdp, auth)`, `180 Ringing`.
    var ladderSummary: String {
        var marks: [String] = []
        if !body.isEmpty, let type = (try? contentType()).flatMap({ $0 }) {
            marks.append(visible(type.subtype.split(separator: "+").first.map(String.init) ?? type.subtype))
        }
        if value(.authorization) != nil || value(.proxyAuthorization) != nil { marks.append("auth") }
        if method == .notify, isRequest, let state = value(.subscriptionState) {
            marks.append(visible(String(state.prefix { $0 != ";" })))
        }
        let line = isRequest ? visible(method.description) : "\(status?.description ?? "?") \(visible(reasonPhrase))"
        if status == 401 || status == 407, let algorithms = challengedAlgorithms { return "\(line) [\(algorithms)]" }
        return marks.isEmpty ? line : "\(line) (\(marks.joined(separator: ", ")))"
    }

    /// In the order of the challenges (RFC 8760 §2.4); nil when there is no digest challenge.
    private var challengedAlgorithms: String? {
        let name: FieldName = status == 407 ? .proxyAuthenticate : .wwwAuthenticate
        let algorithms = (try? challenges(name))?.compactMap { challenge -> String? in
            guard challenge.scheme.lowercased() == "digest" else { return nil }
            return challenge.parameters["algorithm"] ?? "MD5"
        }
        guard let algorithms, !algorithms.isEmpty else { return nil }
        return visible(algorithms.prefix(4).joined(separator: ", "))
    }

    /// The whole message, every line made harmless, credentials masked.
    var harmlessText: String {
        var lines = [visible(startLine)]
        for (name, value) in allFields { lines.append("\(visible(name)): \(Self.masked(value, of: name))") }
        lines.append("")
        if !body.isEmpty {
            lines += bodyText.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
                .map { visible($0) }
        }
        return lines.joined(separator: "\n")
    }

    /// As it went, with credentials masked.
    var maskedBytes: [UInt8] {
        var head = startLine + "\r\n"
        for (name, value) in allFields { head += "\(name): \(Self.masked(value, of: name))\r\n" }
        return Array((head + "\r\n").utf8) + Array(body)
    }

    private var startLine: String {
        String(decoding: bytes.prefix { $0 != 0x0D && $0 != 0x0A }, as: UTF8.self)
    }

    /// A digest response can be tried against guessed passwords by whoever reads it.
    private static func masked(_ value: String, of name: String) -> String {
        let field = FieldName(name)
        guard field == .authorization || field == .proxyAuthorization else { return visible(value) }
        guard value.lowercased().hasPrefix("digest") else { return "‹redacted›" }
        return value.split(separator: ",", omittingEmptySubsequences: false).map { part in
            guard let equals = part.firstIndex(of: "="),
                part[..<equals].lowercased().hasSuffix("response")
            else { return visible(part) }
            return visible(part[...equals]) + "‹redacted›"
        }.joined(separator: ",")
    }
}
