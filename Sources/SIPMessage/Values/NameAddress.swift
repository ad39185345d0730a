/// A URI with a name for people and parameters of the field: From, To, Contact, Route, Refer-To.
package struct NameAddress: Hashable, Sendable, CustomStringConvertible {
    /// Quotes and quoted-pairs resolved; nil where there is none.
    package var displayName: String?
    package var uri: AnyURI
    package var parameters: Parameters

    package init(uri: AnyURI, displayName: String? = nil, parameters: Parameters = Parameters()) {
        self.displayName = displayName
        self.uri = uri
        self.parameters = parameters
    }
    package init(_ uri: SIPURI, displayName: String? = nil, tag: String? = nil) {
        self.init(uri: .sip(uri), displayName: displayName)
        self.tag = tag
    }
    /// One value and nothing after it.
    package init(parsing text: some StringProtocol) throws(SIPParseError) {
        let bytes = Array(text.utf8)
        if bytes.count > MessageLimits.field { throw SIPParseError(.tooLong, at: 0) }
        var scanner = Scanner(at: 0, end: bytes.count)
        let view = try NameAddressView(&scanner, bytes.span)
        scanner.skipWhite(bytes.span)
        guard scanner.isAtEnd else { throw SIPParseError(.address, at: scanner.at) }
        self = NameAddress(view, in: bytes)
    }

    init(_ view: NameAddressView, in bytes: [UInt8]) {
        let name = view.displayName.isPresent ? bytes.unquotedText(view.displayName) : ""
        displayName = name.isEmpty ? nil : name
        uri = AnyURI(view.uri, in: bytes)
        parameters = Parameters(reading: view.parameters, in: bytes)
    }

    package var tag: String? {
        get { parameters["tag"] }
        set { if let newValue { parameters.set("tag", newValue) } else { parameters.remove("tag") } }
    }

    /// Always with angle brackets, so that no parameter can change sides.
    package var description: String {
        var text = displayName.map { $0.quoted + " <" } ?? "<"
        switch uri {
        case .sip(let uri): uri.write(to: &text)
        case .other: text += uri.description
        }
        text += ">"
        if !parameters.isEmpty { text += parameters.headerText }
        return text
    }
}

extension Parameters {
    /// Header parameters that have been read before, from their first `;` on.
    init(reading range: ByteRange, in bytes: [UInt8]) {
        self.init()
        guard range.isPresent else { return }
        var scanner = Scanner(range)
        while let parameter = try? scanner.parameter(bytes.span) {
            append(
                bytes.text(parameter.name), parameter.value.isPresent ? bytes.unquotedText(parameter.value) : nil)
        }
    }
}
