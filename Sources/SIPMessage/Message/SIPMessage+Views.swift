/// The header fields by their offsets: for those who look at many messages and keep little of each.
extension SIPMessage {
    package func toView() throws(SIPParseError) -> NameAddressView { try nameAddressView(.to) }
    package func fromTag() throws(SIPParseError) -> String? { tag(try nameAddressView(.from)) }
    package func toTag() throws(SIPParseError) -> String? { tag(try nameAddressView(.to)) }
    private func tag(_ view: NameAddressView) -> String? { view.tag.isPresent ? text(view.tag) : nil }
    package func cSeqView() throws(SIPParseError) -> CSeqView {
        let entry = try mandatory(.cSeq)
        do { return try CSeqView(entry.value, bytes.span) } catch { throw error.inside(.cSeq) }
    }
    package func callIDRange() throws(SIPParseError) -> ByteRange { try callIDRange(in: try mandatory(.callID)) }

    package func topViaView() throws(SIPParseError) -> ViaView {
        guard let entry = first(.via) else { throw SIPParseError(.missing, at: 0, in: .via) }
        var scanner = Scanner(entry.value)
        do { return try ViaView(&scanner, bytes.span) } catch { throw error.inside(.via) }
    }

    package func viaViews() throws(SIPParseError) -> [ViaView] {
        var views: [ViaView] = []
        for entry in fields where entry.field == .via {
            do throws(SIPParseError) {
                var scanner = Scanner(entry.value)
                repeat {
                    if views.count >= MessageLimits.listValues { throw SIPParseError(.tooManyValues, at: scanner.at) }
                    views.append(try ViaView(&scanner, bytes.span))
                } while try scanner.takeComma(bytes.span)
            } catch { throw error.inside(.via) }
        }
        return views
    }

    /// The text of a piece that a view of this message names.
    package func text(_ range: ByteRange) -> String { bytes.text(range) }
    /// The same without quotes and with quoted-pairs resolved.
    package func unquotedText(_ range: ByteRange) -> String { bytes.unquotedText(range) }

    func nameAddressViews(_ field: KnownField) throws(SIPParseError) -> [NameAddressView] {
        var views: [NameAddressView] = []
        for entry in fields where entry.field == field {
            do throws(SIPParseError) {
                var scanner = Scanner(entry.value)
                repeat {
                    if views.count >= MessageLimits.listValues { throw SIPParseError(.tooManyValues, at: scanner.at) }
                    views.append(try NameAddressView(&scanner, bytes.span))
                } while try scanner.takeComma(bytes.span)
            } catch { throw error.inside(field) }
        }
        return views
    }

    func nameAddressView(_ field: KnownField) throws(SIPParseError) -> NameAddressView {
        let entry = try mandatory(field)
        do { return try NameAddressView(single: entry.value, bytes.span) } catch { throw error.inside(field) }
    }

    func callIDRange(in entry: FieldEntry) throws(SIPParseError) -> ByteRange {
        var scanner = Scanner(entry.value)
        try scanner.callID(bytes.span)
        return entry.value
    }

    func first(_ field: KnownField) -> FieldEntry? { fields.first { $0.field == field } }

    /// The field where it stands once; nil where it does not stand.
    func single(_ field: KnownField) throws(SIPParseError) -> FieldEntry? {
        var found: FieldEntry?
        for entry in fields where entry.field == field {
            if found != nil { throw SIPParseError(.repeated, at: entry.value.lower, in: field) }
            found = entry
        }
        return found
    }
    func mandatory(_ field: KnownField) throws(SIPParseError) -> FieldEntry {
        guard let entry = try single(field) else { throw SIPParseError(.missing, at: 0, in: field) }
        return entry
    }
}

extension NameAddressView {
    /// The whole of a field that holds one value.
    @inline(__always) init(single range: ByteRange, _ bytes: Span<UInt8>) throws(SIPParseError) {
        var scanner = Scanner(range)
        self = try NameAddressView(&scanner, bytes)
        guard scanner.isAtEnd else { throw SIPParseError(.address, at: scanner.at) }
    }
}

extension Scanner {
    /// After a value of a list: true at a comma, false at the end, an error at anything else.
    @inline(__always) mutating func takeComma(_ bytes: Span<UInt8>) throws(SIPParseError) -> Bool {
        skipWhite(bytes)
        if isAtEnd { return false }
        guard take(UInt8(ascii: ","), bytes) else { throw SIPParseError(.token, at: at) }
        return true
    }

    /// word ["@" word] (RFC 3261 §25.1).
    @inline(__always) mutating func callID(_ bytes: Span<UInt8>) throws(SIPParseError) {
        let start = at
        at = bytes.endOfRun(of: .word, from: at, to: end)
        guard at > start else { throw SIPParseError(.token, at: at, in: .callID) }
        if take(UInt8(ascii: "@"), bytes) {
            let second = at
            at = bytes.endOfRun(of: .word, from: at, to: end)
            guard at > second else { throw SIPParseError(.token, at: at, in: .callID) }
        }
        guard isAtEnd else { throw SIPParseError(.token, at: at, in: .callID) }
    }
}
