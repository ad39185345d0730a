/// A telephone number as a URI (RFC 3966).
package struct TelURI: Hashable, Sendable, CustomStringConvertible {
    /// As it was written, visual separators and all.
    package var number: String
    package var parameters: Parameters

    package init(parsing text: some StringProtocol) throws(SIPParseError) {
        guard case .other(let scheme, let rest) = try AnyURI(parsing: text), scheme.isCaselessly("tel"),
            let uri = TelURI(rest)
        else { throw SIPParseError(.uri, at: 0) }
        self = uri
    }

    /// What follows `tel:`.
    init?(_ rest: String) {
        var pieces = rest.split(separator: ";", omittingEmptySubsequences: false)
        number = String(pieces.removeFirst())
        parameters = Parameters()
        let digits = number.hasPrefix("+") ? number.dropFirst() : Substring(number)
        let allowed = number.hasPrefix("+") ? "0123456789" : "0123456789ABCDEFabcdef*#"
        guard digits.contains(where: allowed.contains),
            digits.allSatisfy({ allowed.contains($0) || Self.separators.contains($0) })
        else { return nil }
        for piece in pieces {
            let pair = piece.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = pair.first, !name.isEmpty, !parameters.has(String(name)),
                name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })
            else { return nil }
            parameters.append(String(name), pair.count > 1 ? String(pair[1]) : nil)
        }
    }

    private static let separators = "-.()"

    package var description: String { "tel:\(number)\(parameters.uriText)" }

    /// `+` and a number that is good everywhere; else it needs a context.
    package var isGlobal: Bool { number.hasPrefix("+") }
    /// Without what only helps the eye.
    package var digits: String { number.filter { !Self.separators.contains($0) }.lowercased() }

    /// Visual separators, the case of letters and the order of parameters mean nothing (§4).
    package func isEquivalent(to other: TelURI) -> Bool { digits == other.digits && significant == other.significant }

    private var significant: [String] {
        parameters.all.map { name, value in
            // An extension is a number too, and a context may be one.
            let isNumber = name.isCaselessly("ext") || value?.hasPrefix("+") == true
            let text = value.map { isNumber ? $0.filter { !Self.separators.contains($0) } : $0 }
            return "\(name)=\(text ?? "")".lowercased()
        }.sorted()
    }

    /// The same number at a gateway (RFC 3261 §19.1.6): equal numbers become equal URIs. A local number without context
    /// is one of the gateway's own.
    package func sip(at host: String, port: UInt16? = nil, isSecure: Bool = false) -> SIPURI {
        var texts = significant.map { $0.hasSuffix("=") ? String($0.dropLast()) : $0 }
        if !isGlobal, !parameters.has("phone-context") { texts.append("phone-context=\(host.lowercased())") }
        let user = ([digits] + texts.sorted()).joined(separator: ";")
        var uri = SIPURI(user: SIPURI.escapingUser(user), host: host, port: port, isSecure: isSecure)
        uri.parameters.set("user", "phone")
        return uri
    }
}

extension AnyURI {
    package var tel: TelURI? {
        if case .other(let scheme, let rest) = self, scheme.isCaselessly("tel") { TelURI(rest) } else { nil }
    }
}
