/// Any URI: a SIP one taken apart, another kept as it is. Behind one pointer: a call has a dozen of them, mostly the same.
package indirect enum AnyURI: Hashable, Sendable, CustomStringConvertible {
    case sip(SIPURI)
    case other(scheme: String, rest: String)

    package init(parsing text: some StringProtocol) throws(SIPParseError) {
        let bytes = Array(text.utf8)
        if bytes.count > MessageLimits.uri { throw SIPParseError(.tooLong, at: 0) }
        let view = try URIView(ByteRange(0, bytes.count), in: bytes.span)
        self = AnyURI(view, in: bytes)
    }

    init(_ view: URIView, in bytes: [UInt8]) {
        switch view.scheme {
        case .sip, .sips: self = .sip(SIPURI(view, in: bytes))
        case .other:
            let colon = Int(view.colon)
            self = .other(
                scheme: bytes.text(ByteRange(view.whole.lower, colon)),
                rest: bytes.text(ByteRange(colon + 1, view.whole.upper)))
        }
    }

    package var description: String {
        switch self {
        case .sip(let uri): uri.description
        case .other(let scheme, let rest): "\(scheme):\(rest)"
        }
    }
    package var sip: SIPURI? {
        if case .sip(let uri) = self { uri } else { nil }
    }
    package var scheme: String {
        switch self {
        case .sip(let uri): uri.isSecure ? "sips" : "sip"
        case .other(let scheme, _): scheme
        }
    }

    /// By the rules of RFC 3261 §19.1.4 for SIP and of RFC 3966 §4 for tel, octet by octet after the scheme for others.
    package func isEquivalent(to other: AnyURI) -> Bool {
        switch (self, other) {
        case (.sip(let a), .sip(let b)): a.isEquivalent(to: b)
        case (.other(let a, let rest), .other(let b, let otherRest)):
            if let number = tel, let theirs = other.tel {
                number.isEquivalent(to: theirs)
            } else {
                a.isCaselessly(b) && rest == otherRest
            }
        case (.sip, .other), (.other, .sip): false
        }
    }
}
