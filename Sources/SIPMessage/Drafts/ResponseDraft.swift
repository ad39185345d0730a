/// A response of ours, before it is on the wire.
package struct ResponseDraft: Hashable, Sendable {
    package var status: StatusCode
    /// nil: the phrase of the registry.
    package var reason: String?
    package var fields: FieldList
    package var body: [UInt8]

    package init(status: StatusCode, reason: String? = nil, fields: FieldList = FieldList(), body: [UInt8] = []) {
        self.status = status
        self.reason = reason
        self.fields = fields
        self.body = body
    }

    /// The response to a request: every Via, From, To, Call-ID and CSeq as they came (RFC 3261 §8.2.6.2). To gets our
    /// tag unless it has one, or this is a 100.
    package init(_ status: StatusCode, to request: SIPMessage, toTag: String? = nil, reason: String? = nil) {
        self.init(status: status, reason: reason)
        for value in request.values(.via) { fields.append(.via, value) }
        if let from = request.value(.from) { fields.append(.from, from) }
        if let to = request.value(.to) {
            let needsTag = status != 100 && (try? request.toView())?.tag.isPresent != true
            fields.append(.to, needsTag ? toTag.map { "\(to);tag=\($0)" } ?? to : to)
        }
        if let callID = request.value(.callID) { fields.append(.callID, callID) }
        if let cSeq = request.value(.cSeq) { fields.append(.cSeq, cSeq) }
        if status == 100, let timestamp = request.value(.timestamp) { fields.append(.timestamp, timestamp) }
    }

    /// Of the request, as CSeq names it.
    package var method: Method? { fields.first(.cSeq)?.split(separator: " ").last.map { Method($0) } }

    package func serialised() -> [UInt8] {
        MessageWriter(
            startLine: "SIP/2.0 \(status) \(reason ?? status.defaultReason)", fields: fields, body: body
        ).bytes
    }
}
