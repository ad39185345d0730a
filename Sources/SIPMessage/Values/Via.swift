/// One value of Via: where a response goes next (RFC 3261 §20.42).
package struct Via: Hashable, Sendable, CustomStringConvertible {
    /// As it stands there: `UDP`, `TCP`, or any other token.
    package var transport: String
    /// sent-by; an IPv6 address without its brackets.
    package var host: String
    package var port: UInt16?
    package var parameters: Parameters

    /// What a branch that identifies a transaction begins with (§8.1.1.7).
    package static let magicCookie = "z9hG4bK"

    package init(transport: String, host: String, port: UInt16?, parameters: Parameters = Parameters()) {
        self.transport = transport
        self.host = host
        self.port = port
        self.parameters = parameters
    }
    /// One value and nothing after it.
    package init(parsing text: some StringProtocol) throws(SIPParseError) {
        let bytes = Array(text.utf8)
        if bytes.count > MessageLimits.field { throw SIPParseError(.tooLong, at: 0) }
        var scanner = Scanner(at: 0, end: bytes.count)
        let view = try ViaView(&scanner, bytes.span)
        scanner.skipWhite(bytes.span)
        guard scanner.isAtEnd else { throw SIPParseError(.token, at: scanner.at) }
        self = Via(view, in: bytes)
    }
    init(_ view: ViaView, in bytes: [UInt8]) {
        transport = bytes.text(view.transport)
        host = view.isIPv6 ? SIPURI.withoutThirdColon(bytes.text(view.host)) : bytes.text(view.host)
        port = view.port == 0 ? nil : view.port
        parameters = Parameters(reading: view.parameters, in: bytes)
    }

    package var branch: String? {
        get { parameters["branch"] }
        set { if let newValue { parameters.set("branch", newValue) } else { parameters.remove("branch") } }
    }
    /// Without brackets, however it came (RFC 5118 §4.5).
    package var received: String? {
        get {
            guard let text = parameters["received"] else { return nil }
            return text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : text
        }
        set { if let newValue { parameters.set("received", newValue) } else { parameters.remove("received") } }
    }
    /// Whether the sender asks for symmetric responses, and the port that a server has filled in (RFC 3581).
    package var rport: (present: Bool, value: UInt16?) {
        get {
            guard let text = parameters["rport"] else { return (false, nil) }
            return (true, UInt16(text))
        }
        set {
            if newValue.present {
                parameters.set("rport", newValue.value.map { "\($0)" })
            } else {
                parameters.remove("rport")
            }
        }
    }

    package var description: String {
        var text = "SIP/2.0/"
        text += transport
        text += host.utf8.contains(UInt8(ascii: ":")) ? " [\(host)]" : " " + host
        if let port { text += ":\(port)" }
        text += parameters.headerText
        return text
    }
}
