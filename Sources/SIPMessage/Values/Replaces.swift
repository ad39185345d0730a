/// The dialog that an INVITE is to take the place of (RFC 3891 §6.1), named as its receiver would be named in a request:
/// the to-tag is the receiver's own (§3).
package struct Replaces: Hashable, Sendable, CustomStringConvertible {
    package var callID: String
    package var toTag: String
    package var fromTag: String
    /// Only an early dialog is meant: a confirmed one is left alone (§7.1).
    package var isEarlyOnly: Bool

    package init(callID: String, toTag: String, fromTag: String, isEarlyOnly: Bool = false) {
        self.callID = callID
        self.toTag = toTag
        self.fromTag = fromTag
        self.isEarlyOnly = isEarlyOnly
    }
    /// Throws unless there is exactly one to-tag and one from-tag.
    package init(parsing text: some StringProtocol) throws(SIPParseError) {
        let bytes = Array(text.utf8)
        if bytes.count > MessageLimits.field { throw SIPParseError(.tooLong, at: 0) }
        do { self = try Replaces(ByteRange(0, bytes.count), in: bytes) } catch { throw error.inside(.replaces) }
    }

    init(_ range: ByteRange, in bytes: [UInt8]) throws(SIPParseError) {
        var whole = Scanner(range)
        whole.skipWhite(bytes.span)
        let start = whole.at
        while let byte = whole.peek(bytes.span), byte != UInt8(ascii: ";"), !byte.isLinearWhite { whole.at += 1 }
        var identifier = Scanner(at: start, end: whole.at)
        try identifier.callID(bytes.span)
        callID = bytes.text(ByteRange(start, whole.at))
        let parameters = try Parameters(remaining: &whole, in: bytes)
        toTag = try Self.only("to-tag", in: parameters, at: start)
        fromTag = try Self.only("from-tag", in: parameters, at: start)
        isEarlyOnly = parameters.has("early-only")
    }

    private static func only(_ name: String, in parameters: Parameters, at offset: Int) throws(SIPParseError) -> String
    {
        let found = parameters.all.filter { $0.name.isCaselessly(name) }
        guard found.count == 1, let value = found.first?.value, !value.isEmpty,
            value.utf8.allSatisfy(ByteClass.token.contains)
        else { throw SIPParseError(found.count > 1 ? .repeated : .parameter, at: offset) }
        return value
    }

    /// Whether this is that dialog. A tag of 0 is also no tag at all, as user agents of RFC 2543 had it (§6.1).
    package func names(callID: String, localTag: String, remoteTag: String?) -> Bool {
        self.callID == callID && toTag == localTag
            && (fromTag == remoteTag || (fromTag == "0" && (remoteTag ?? "").isEmpty))
    }

    package var description: String {
        "\(callID);to-tag=\(toTag);from-tag=\(fromTag)" + (isEarlyOnly ? ";early-only" : "")
    }
}
