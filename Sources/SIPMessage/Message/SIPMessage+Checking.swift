/// Whether a message may be acted upon at all (RFC 3261 §8.1.1, §8.2, §16.3).
extension SIPMessage {
    /// What was read for it; throws the first of what is wrong with it. A request is then answered with the error's
    /// `suggestedStatus`, a response is dropped.
    @discardableResult
    package func checkedCoreFields() throws(SIPParseError) -> CoreFields {
        // Another version says so before anything else is judged by the rules of this one.
        if let fault { throw fault }
        if start.isRequest { try checkRequestURI() }
        let core = try coreFields()
        if core.viaCount == 0 { throw SIPParseError(.missing, at: 0, in: .via) }
        if core.from == nil { throw SIPParseError(.missing, at: 0, in: .from) }
        if core.to == nil { throw SIPParseError(.missing, at: 0, in: .to) }
        if !core.callID.isPresent { throw SIPParseError(.missing, at: 0, in: .callID) }
        guard let cSeq = core.cSeq else { throw SIPParseError(.missing, at: 0, in: .cSeq) }
        if start.isRequest, Method(cSeq.method, in: bytes.span) != start.method {
            throw SIPParseError(.methodMismatch, at: cSeq.method.lower, in: .cSeq)
        }
        if core.isContactStar { _ = try contacts() }
        return core
    }

    /// A Request-URI has no headers (§19.1.1).
    private func checkRequestURI() throws(SIPParseError) {
        let uri: URIView
        do {
            uri = try requestURIView()
        } catch {
            throw error.fault == .tooLong ? SIPParseError(.uriTooLong, at: error.offset) : error
        }
        if uri.headers.isPresent { throw SIPParseError(.uri, at: uri.headers.lower) }
    }
}
