/// The header fields as values. Each throws where the field is malformed; those that are mandatory throw where it is
/// missing, the others answer nil or nothing.
extension SIPMessage {
    package func from() throws(SIPParseError) -> NameAddress { try nameAddress(.from) }
    package func to() throws(SIPParseError) -> NameAddress { try nameAddress(.to) }
    package func referTo() throws(SIPParseError) -> NameAddress? {
        first(.referTo) == nil ? nil : try nameAddress(.referTo)
    }

    package func callID() throws(SIPParseError) -> String {
        bytes.text(try callIDRange(in: try mandatory(.callID)))
    }
    package func cSeq() throws(SIPParseError) -> CSeq {
        let view = try cSeqView()
        return CSeq(number: view.number, method: Method(view.method, in: bytes.span))
    }

    package func vias() throws(SIPParseError) -> [Via] { try viaViews().map { Via($0, in: bytes) } }
    package func topVia() throws(SIPParseError) -> Via { Via(try topViaView(), in: bytes) }

    package func routes() throws(SIPParseError) -> [NameAddress] { try nameAddresses(.route) }
    package func recordRoutes() throws(SIPParseError) -> [NameAddress] { try nameAddresses(.recordRoute) }
    package func paths() throws(SIPParseError) -> [NameAddress] { try nameAddresses(.path) }
    package func serviceRoutes() throws(SIPParseError) -> [NameAddress] { try nameAddresses(.serviceRoute) }

    package func contacts() throws(SIPParseError) -> Contacts {
        var isStar = false
        for entry in fields where entry.field == .contact && bytes.isStar(entry.value) { isStar = true }
        guard isStar else {
            let addresses = try nameAddresses(.contact)
            return addresses.isEmpty ? .none : .addresses(addresses)
        }
        // A star stands alone (§10.2.2).
        let entry = try mandatory(.contact)
        guard fields.filter({ $0.field == .contact }).count == 1 else {
            throw SIPParseError(.repeated, at: entry.value.lower, in: .contact)
        }
        return .star
    }

    /// 0 to 255 (§20.22).
    package func maxForwards() throws(SIPParseError) -> UInt32? {
        guard let entry = try single(.maxForwards) else { return nil }
        return UInt32(try number(entry, upTo: UInt64(MessageLimits.maxForwards)))
    }
    package func contentLength() throws(SIPParseError) -> Int? { try Frame.contentLength(fields, bytes.span).get() }
    /// RFC 3262 §7.1: 1 to 2^32-1.
    package func rseq() throws(SIPParseError) -> UInt32? {
        guard let entry = try single(.rseq) else { return nil }
        let read = UInt32(truncatingIfNeeded: try number(entry, upTo: UInt64(UInt32.max)))
        guard read > 0 else { throw SIPParseError(.number, at: entry.value.lower, in: .rseq) }
        return read
    }

    package func expires() throws(SIPParseError) -> UInt32? { try seconds(.expires) }
    package func minExpires() throws(SIPParseError) -> UInt32? { try seconds(.minExpires) }
    /// The interval; a comment or parameters after it are passed over (§20.33).
    package func retryAfter() throws(SIPParseError) -> UInt32? { try seconds(.retryAfter) }
    /// RFC 4028 §4: the interval alone.
    package func sessionExpires() throws(SIPParseError) -> UInt32? { try seconds(.sessionExpires) }
    package func minSE() throws(SIPParseError) -> UInt32? { try seconds(.minSE) }

    package func event() throws(SIPParseError) -> EventType? {
        guard let entry = try single(.event) else { return nil }
        do { return try EventType(entry.value, in: bytes) } catch { throw error.inside(.event) }
    }
    package func subscriptionState() throws(SIPParseError) -> SubscriptionState? {
        guard let entry = try single(.subscriptionState) else { return nil }
        do { return try SubscriptionState(entry.value, in: bytes) } catch { throw error.inside(.subscriptionState) }
    }
    package func contentType() throws(SIPParseError) -> MediaType? {
        guard let entry = try single(.contentType) else { return nil }
        do { return try MediaType(entry.value, in: bytes) } catch { throw error.inside(.contentType) }
    }

    /// One for each occurrence: these fields are never comma lists (§7.3.1).
    package func challenges(_ name: FieldName) throws(SIPParseError) -> [Challenge] {
        var challenges: [Challenge] = []
        for entry in fields where matches(entry, name) {
            do { challenges.append(try Challenge(entry.value, in: bytes)) } catch { throw error.inside(entry.field) }
        }
        return challenges
    }
    package func credentials(_ name: FieldName) throws(SIPParseError) -> [Credentials] {
        var credentials: [Credentials] = []
        for entry in fields where matches(entry, name) {
            do { credentials.append(try Credentials(entry.value, in: bytes)) } catch { throw error.inside(entry.field) }
        }
        return credentials
    }

    package func authenticationInfo() throws(SIPParseError) -> AuthenticationInfo? {
        guard let entry = try single(.authenticationInfo) else { return nil }
        do { return try AuthenticationInfo(entry.value, in: bytes) } catch { throw error.inside(.authenticationInfo) }
    }

    private func nameAddress(_ field: KnownField) throws(SIPParseError) -> NameAddress {
        NameAddress(try nameAddressView(field), in: bytes)
    }
    private func nameAddresses(_ field: KnownField) throws(SIPParseError) -> [NameAddress] {
        try nameAddressViews(field).map { NameAddress($0, in: bytes) }
    }
    private func seconds(_ field: KnownField) throws(SIPParseError) -> UInt32? {
        guard let entry = try single(field) else { return nil }
        var scanner = Scanner(entry.value)
        guard let seconds = scanner.deltaSeconds(bytes.span), scanner.isAtSecondsEnd(bytes.span) else {
            throw SIPParseError(.number, at: entry.value.lower, in: field)
        }
        return seconds
    }
    private func number(_ entry: FieldEntry, upTo limit: UInt64) throws(SIPParseError) -> UInt64 {
        var scanner = Scanner(entry.value)
        guard let number = try? scanner.number(upTo: limit, bytes.span), scanner.isAtEnd else {
            throw SIPParseError(.number, at: entry.value.lower, in: entry.field)
        }
        return number
    }
}

/// What Contact says.
package enum Contacts: Hashable, Sendable {
    case none
    /// `*`: every binding, in a REGISTER that removes them (RFC 3261 §10.2.2).
    case star
    case addresses([NameAddress])
}

extension [UInt8] {
    func isStar(_ range: ByteRange) -> Bool { range.count == 1 && self[range.lower] == UInt8(ascii: "*") }
}

extension Scanner {
    /// Whether an interval ends here: at the end, or before a comment or parameters.
    @inline(__always) mutating func isAtSecondsEnd(_ bytes: Span<UInt8>) -> Bool {
        skipWhite(bytes)
        guard let byte = peek(bytes) else { return true }
        return byte == UInt8(ascii: ";") || byte == UInt8(ascii: "(")
    }
}
