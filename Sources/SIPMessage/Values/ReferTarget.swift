/// Where a REFER sends its recipient, and how: a Refer-To value taken apart (RFC 3515 §2.1, RFC 3261 §19.1.5).
///
/// Header fields in the URI were chosen by somebody else. Those that say who we are, where answers go or what the
/// message is are passed over; so is a body.
package struct ReferTarget: Hashable, Sendable {
    /// The URI to send to: without method and header fields, which no Request-URI may have (§19.1.1).
    package var uri: AnyURI
    package var method: Method
    package var replaces: Replaces?
    /// What else may be put into the request.
    package var fields: FieldList

    static let harmless: [KnownField] = [.subject, .acceptContact, .rejectContact, .requestDisposition, .inReplyTo]

    package init(_ address: NameAddress) throws(SIPParseError) {
        method = .invite
        fields = FieldList()
        uri = address.uri
        guard case .sip(var target) = address.uri else { return }
        if let word = target.parameters["method"] { method = Method(word.unescaped.uppercased()) }
        target.parameters.remove("method")
        let headers = target.headers
        target.headers = Parameters()
        uri = .sip(target)
        for (name, value) in headers.all {
            let field = FieldName(name.unescaped)
            let text = (value ?? "").unescaped
            // A line break in it would begin a field of the sender's choice (H-009).
            guard text.utf8.allSatisfy({ $0 >= 32 && $0 != 127 }) else {
                throw SIPParseError(.escape, at: 0, in: .referTo)
            }
            if field == .replaces {
                guard replaces == nil else { throw SIPParseError(.repeated, at: 0, in: .replaces) }
                replaces = try Replaces(parsing: text)
            } else if Self.harmless.contains(field.known) {
                fields.append(field, text)
            }
        }
    }

    /// What a Refer-To says that asks for an INVITE to `uri`, in the place of that dialog if there is one: its
    /// separators are escaped, since it stands in a URI (RFC 3891 §4).
    package static func asking(_ uri: AnyURI, replacing replaces: Replaces?) -> NameAddress {
        guard case .sip(var target) = uri else { return NameAddress(uri: uri) }
        target.parameters.remove("method")
        target.headers = Parameters()
        if let replaces { target.headers.set("Replaces", replaces.description.escaped(but: .uriHeader)) }
        return NameAddress(uri: .sip(target))
    }
}
