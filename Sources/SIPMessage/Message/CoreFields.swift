/// What a user agent wants to know of nearly every message, read in one pass as numbers and offsets. Nothing is
/// allocated unless there are more than four Vias.
package struct CoreFields: Sendable {
    package var from: NameAddressView?
    package var to: NameAddressView?
    package var callID = ByteRange.absent
    package var cSeq: CSeqView?
    /// The first Contact; `contactCount` says how many there are. nil for `*`.
    package var contact: NameAddressView?
    package var contactCount = 0
    package var isContactStar = false
    package var maxForwards: UInt32?
    package var contentLength: Int?
    package var expires: UInt32?
    package var event: EventView?
    /// The first digest challenge or credentials.
    package var digest: DigestView?
    package var viaCount = 0
    package var routeCount = 0
    package var recordRouteCount = 0
    /// Header fields that were read.
    package var count = 0

    private var firstVias = InlineArray<4, ViaView?>(repeating: nil)
    private var furtherVias: [ViaView] = []
    /// One bit for each field that may stand once and has been seen.
    private var seen: UInt64 = 0

    init() {}

    /// The n-th Via from the top; nil if there are not so many.
    package func via(_ index: Int) -> ViaView? {
        guard index >= 0, index < viaCount else { return nil }
        return index < firstVias.count ? firstVias[index] : furtherVias[index - firstVias.count]
    }

    mutating func read(_ entry: FieldEntry, _ bytes: Span<UInt8>) throws(SIPParseError) {
        switch entry.field {
        case .via: try readVias(entry.value, bytes)
        case .contact: try readContacts(entry.value, bytes)
        case .route: routeCount = try countRoutes(entry.value, after: routeCount, bytes)
        case .recordRoute: recordRouteCount = try countRoutes(entry.value, after: recordRouteCount, bytes)
        case .from:
            try once(entry)
            from = try NameAddressView(single: entry.value, bytes)
        case .to:
            try once(entry)
            to = try NameAddressView(single: entry.value, bytes)
        case .callID:
            try once(entry)
            var scanner = Scanner(entry.value)
            try scanner.callID(bytes)
            callID = entry.value
        case .cSeq:
            try once(entry)
            cSeq = try CSeqView(entry.value, bytes)
        case .maxForwards:
            try once(entry)
            maxForwards = UInt32(truncatingIfNeeded: try number(entry, upTo: UInt64(MessageLimits.maxForwards), bytes))
        case .contentLength:
            try once(entry)
            contentLength = Int(truncatingIfNeeded: try number(entry, upTo: 1 &<< 53, bytes))
        case .expires:
            try once(entry)
            var scanner = Scanner(entry.value)
            expires = scanner.deltaSeconds(bytes)
        case .event:
            try once(entry)
            event = try EventView(entry.value, bytes)
        case .wwwAuthenticate, .proxyAuthenticate, .authorization, .proxyAuthorization:
            if digest == nil { digest = try DigestView(entry.value, bytes) }
        default: return
        }
        count &+= 1
    }

    private mutating func once(_ entry: FieldEntry) throws(SIPParseError) {
        let bit = (1 as UInt64) &<< UInt64(entry.field.rawValue)
        if seen & bit != 0 { throw SIPParseError(.repeated, at: entry.value.lower) }
        seen |= bit
    }

    private mutating func readVias(_ value: ByteRange, _ bytes: Span<UInt8>) throws(SIPParseError) {
        var scanner = Scanner(value)
        repeat {
            if viaCount >= MessageLimits.listValues { throw SIPParseError(.tooManyValues, at: scanner.at) }
            let view = try ViaView(&scanner, bytes)
            if viaCount < firstVias.count { firstVias[viaCount] = view } else { furtherVias.append(view) }
            viaCount &+= 1
        } while try scanner.takeComma(bytes)
    }

    private mutating func readContacts(_ value: ByteRange, _ bytes: Span<UInt8>) throws(SIPParseError) {
        if value.count == 1, bytes[value.lower] == UInt8(ascii: "*") {
            isContactStar = true
            return
        }
        var scanner = Scanner(value)
        repeat {
            if contactCount >= MessageLimits.listValues { throw SIPParseError(.tooManyValues, at: scanner.at) }
            let view = try NameAddressView(&scanner, bytes)
            if contactCount == 0 { contact = view }
            contactCount &+= 1
        } while try scanner.takeComma(bytes)
    }

    /// Routes are read again when they are needed, by what then relies on them; here they must be sound.
    private func countRoutes(_ value: ByteRange, after count: Int, _ bytes: Span<UInt8>) throws(SIPParseError) -> Int {
        var scanner = Scanner(value)
        var count = count
        repeat {
            if count >= MessageLimits.listValues { throw SIPParseError(.tooManyValues, at: scanner.at) }
            _ = try NameAddressView(&scanner, bytes)
            count &+= 1
        } while try scanner.takeComma(bytes)
        return count
    }

    @inline(__always)
    private func number(_ entry: FieldEntry, upTo limit: UInt64, _ bytes: Span<UInt8>) throws(SIPParseError) -> UInt64 {
        var scanner = Scanner(entry.value)
        let number = try scanner.number(upTo: limit, bytes)
        guard scanner.isAtEnd else { throw SIPParseError(.number, at: scanner.at) }
        return number
    }
}

extension SIPMessage {
    /// Throws where one of the fields is malformed, or stands twice and may not.
    package func coreFields() throws(SIPParseError) -> CoreFields {
        var core = CoreFields()
        let span = bytes.span
        for entry in fields {
            do { try core.read(entry, span) } catch { throw error.inside(entry.field) }
        }
        return core
    }
}

extension CoreFields {
    /// A number that depends on everything that was read.
    package var checksum: UInt64 {
        var sum: UInt64 = UInt64(count)
        func mix(_ range: ByteRange) { sum = sum &* 31 &+ UInt64(range.start) &+ UInt64(range.end) &<< 16 }
        for index in 0..<viaCount {
            if let via = via(index) {
                mix(via.host)
                mix(via.branch)
                sum &+= UInt64(via.port)
            }
        }
        for address in [from, to, contact] {
            if let address {
                mix(address.uri.user)
                mix(address.uri.host)
                mix(address.tag)
            }
        }
        mix(callID)
        if let cSeq { sum &+= UInt64(cSeq.number) }
        sum &+= UInt64(maxForwards ?? 0) &+ UInt64(expires ?? 0) &+ UInt64(contentLength ?? 0)
        if let event { mix(event.package) }
        if let digest {
            mix(digest.nonce)
            mix(digest.response)
        }
        return sum
    }
}
