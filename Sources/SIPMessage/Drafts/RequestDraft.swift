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

    package func serialised() -> [UInt8] {
        let target = uri.sip?.requestText ?? uri.description
        return MessageWriter(startLine: "\(method) \(target) SIP/2.0", fields: fields, body: body).bytes
    }
}
