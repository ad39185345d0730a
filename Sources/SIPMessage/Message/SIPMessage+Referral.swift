/// The fields of REFER and of the requests it leads to.
extension SIPMessage {
    /// Throws where there are several, or one without exactly one tag of each side (RFC 3891 §3, §6.1).
    package func replaces() throws(SIPParseError) -> Replaces? {
        guard let entry = try single(.replaces) else { return nil }
        // One occurrence, one value: this field is no list, and a comma in it is no part of any value.
        do { return try Replaces(entry.value, in: bytes) } catch { throw error.inside(.replaces) }
    }

    /// Throws unless there is exactly one Refer-To with one value (RFC 3515 §2.4.2).
    package func referTarget() throws(SIPParseError) -> ReferTarget {
        guard let address = try referTo() else { throw SIPParseError(.missing, at: 0, in: .referTo) }
        return try ReferTarget(address)
    }

    /// Who sent us, as that was said: it is passed on octet by octet (RFC 3892 §2.2). nil where it is no address.
    package func referredBy() throws(SIPParseError) -> (address: NameAddress, text: String)? {
        guard let entry = try single(.referredBy) else { return nil }
        let text = bytes.unfoldedText(entry.value)
        return (try NameAddress(parsing: text), text)
    }

    /// Refer-Sub (RFC 4488 §4): whether a subscription is wanted, or was made. nil where nothing is said.
    package var wantsReferSubscription: Bool? {
        guard let value = value(.referSub) else { return nil }
        let word = value.prefix { $0 != ";" && $0 != " " && $0 != "\t" }
        if String(word).isCaselessly("false") { return false }
        return String(word).isCaselessly("true") ? true : nil
    }
}
