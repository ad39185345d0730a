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

    /// The Request-URI as the request line has it: without headers (RFC 3261 §19.1.1).
    package var requestURI: String { uri.sip?.requestText ?? uri.description }

    package func serialised() -> [UInt8] {
        MessageWriter(startLine: "\(method) \(requestURI) SIP/2.0", fields: fields, body: body).bytes
    }
}
