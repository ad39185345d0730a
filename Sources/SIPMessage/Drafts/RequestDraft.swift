/// A request of ours, before it is on the wire.
package struct RequestDraft: Hashable, Sendable {
    package var method: Method
    package var uri: AnyURI
    package var fields: FieldList
    package var body: [UInt8]

    package init(method: Method, uri: AnyURI, fields: FieldList = FieldList(), body: [UInt8] = []) {
        self.method = method
        self.uri = uri
        self.fields = fields
        self.body = body
    }

    /// The same without body and without all other fields.
    package func keeping(_ names: [FieldName]) -> RequestDraft {
        var kept = RequestDraft(method: method, uri: uri)
        for entry in fields.entries where names.contains(entry.name) { kept.fields.append(entry.name, entry.value) }
        return kept
    }

    /// The Request-URI as the request line has it: without headers (RFC 3261 §19.1.1).
    package var requestURI: String { uri.sip?.requestText ?? uri.description }

    package func serialised() -> [UInt8] {
        MessageWriter(startLine: "\(method) \(requestURI) SIP/2.0", fields: fields, body: body).bytes
    }
}
