package import SansIO

/// A SIP or SIPS URI (RFC 3261 §19.1).
package struct SIPURI: Hashable, Sendable, CustomStringConvertible {
    package var isSecure: Bool
    /// As it stands in the URI, escapes included.
    package var user: String?
    package var password: String?
    /// An IPv6 address stands here without its brackets.
    package var host: String
    package var port: UInt16?
    /// Values are escaped as they came. In names, escapes of ordinary characters are resolved: `%6C%72` is `lr`.
    package var parameters: Parameters
    package var headers: Parameters

    /// `user` must be escaped: `escapingUser` makes it so.
    package init(
        user: String?, host: String, port: UInt16? = nil, isSecure: Bool = false, parameters: Parameters = Parameters()
    ) {
        self.isSecure = isSecure
        self.user = user
        password = nil
        self.host = host
        self.port = port
        self.parameters = parameters
        headers = Parameters()
    }

    package init(parsing text: some StringProtocol) throws(SIPParseError) {
        guard case .sip(let uri) = try AnyURI(parsing: text) else { throw SIPParseError(.uri, at: 0) }
        self = uri
    }

    /// Of a view that is of scheme sip or sips.
    init(_ view: URIView, in bytes: [UInt8]) {
        isSecure = view.scheme == .sips
        user = bytes.optionalText(view.user)
        password = bytes.optionalText(view.password)
        host = view.isIPv6 ? Self.withoutThirdColon(bytes.text(view.host)) : bytes.text(view.host)
        port = view.port == 0 ? nil : view.port
        parameters = Self.pairs(view.parameters, separator: UInt8(ascii: ";"), bytes)
        headers = Self.pairs(view.headers, separator: UInt8(ascii: "&"), bytes)
    }

    package var description: String {
        var text = ""
        write(to: &text)
        return text
    }
    /// Behind what is there already: most addresses are written into a field, and every text of its own costs.
    func write(to text: inout String) {
        text.reserveCapacity(text.utf8.count + (user?.utf8.count ?? 0) + host.utf8.count + 40)
        text += isSecure ? "sips:" : "sip:"
        if let user {
            text += user
            if let password { text += ":" + password }
            text += "@"
        }
        if host.utf8.contains(UInt8(ascii: ":")) { text += "[\(host)]" } else { text += host }
        if let port {
            text += ":"
            text += String(port)
        }
        if !parameters.isEmpty { text += parameters.uriText }
        guard !headers.isEmpty else { return }
        for (index, header) in headers.all.enumerated() {
            text += "\(index == 0 ? "?" : "&")\(header.name)=\(header.value ?? "")"
        }
    }

    /// For a request line, which carries no headers (§19.1.1).
    var requestText: String {
        guard !headers.isEmpty else { return description }
        var bare = self
        bare.headers = Parameters()
        return bare.description
    }

    /// The user part with its escapes resolved, once.
    package var userDecoded: String? { user?.unescaped }

    /// Parameter values with their escapes resolved, once.
    package var parametersDecoded: Parameters {
        Parameters(parameters.all.map { ($0.name, $0.value?.unescaped) })
    }

    /// What the transport parameter asks for; nil where there is none, or one that we do not speak.
    package var transport: TransportProtocol? {
        parameters["transport"].flatMap { TransportProtocol(rawValue: $0.lowercased()) }
    }

    private static func pairs(_ range: ByteRange, separator: UInt8, _ bytes: [UInt8]) -> Parameters {
        var parameters = Parameters()
        guard range.isPresent else { return parameters }
        for piece in bytes[range.bounds].split(separator: separator) {
            let name = piece.prefix { $0 != UInt8(ascii: "=") }
            let value = piece.endIndex > name.endIndex ? piece[(name.endIndex + 1)...] : nil
            parameters.append(
                String(decoding: name, as: UTF8.self).normalisedEscapes,
                value.map { String(decoding: $0, as: UTF8.self) })
        }
        return parameters
    }

    /// RFC 5118 §4.10: the third colon of `2001:db8:::192.0.2.1` is an old error of the grammar and means nothing.
    static func withoutThirdColon(_ host: String) -> String {
        guard let colons = host.utf8.firstRange(of: ":::".utf8) else { return host }
        return String(host[..<colons.lowerBound]) + "::" + String(host[colons.upperBound...])
    }
}
