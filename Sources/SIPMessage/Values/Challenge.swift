/// What a server asks credentials with: WWW-Authenticate, Proxy-Authenticate (RFC 7616 §3.3).
package struct Challenge: Hashable, Sendable {
    package var scheme: String
    package var realm: String
    package var nonce: String
    package var opaque: String?
    package var algorithm: String?
    package var qop: [String]
    package var stale: Bool
    /// The server would rather have the user's name hashed (RFC 7616 §3.4.4).
    package var userhash: Bool
    package var domain: String?
    /// All of them, quotes resolved.
    package var parameters: Parameters

    package init(parsing text: some StringProtocol) throws(SIPParseError) {
        let bytes = Array(text.utf8)
        try self.init(ByteRange(0, bytes.count), in: bytes)
    }
    init(_ range: ByteRange, in bytes: [UInt8]) throws(SIPParseError) {
        let (scheme, parameters) = try Parameters.authentication(range, in: bytes)
        self.scheme = scheme
        self.parameters = parameters
        realm = parameters["realm"] ?? ""
        nonce = parameters["nonce"] ?? ""
        opaque = parameters["opaque"]
        algorithm = parameters["algorithm"]
        qop = (parameters["qop"] ?? "").split(whereSeparator: { $0 == "," || $0 == " " }).map(String.init)
        stale = parameters["stale"]?.isCaselessly("true") ?? false
        userhash = parameters["userhash"]?.isCaselessly("true") ?? false
        domain = parameters["domain"]
    }
}

extension Parameters {
    /// A scheme and a comma list of `name=value`, as authentication fields have them. A scheme whose rest does not have
    /// that form, as of a scheme we do not know, has no parameters; a Digest one is then malformed.
    static func authentication(
        _ range: ByteRange, in bytes: [UInt8]
    ) throws(SIPParseError) -> (scheme: String, parameters: Parameters) {
        let span = bytes.span
        var scanner = Scanner(range)
        scanner.skipWhite(span)
        let scheme = bytes.text(try scanner.token(span))
        do throws(SIPParseError) {
            return (scheme, try Parameters(commaList: &scanner, in: bytes))
        } catch {
            if scheme.isCaselessly("Digest") { throw error }
            return (scheme, Parameters())
        }
    }

    /// `name=value, …` to the end, each name once.
    init(commaList scanner: inout Scanner, in bytes: [UInt8]) throws(SIPParseError) {
        self.init()
        let span = bytes.span
        repeat {
            scanner.skipWhite(span)
            let name = try scanner.token(span)
            let value = try scanner.value(span)
            guard value.isPresent, count < MessageLimits.authenticationParameters, !has(bytes.text(name)) else {
                throw SIPParseError(.parameter, at: scanner.at)
            }
            append(bytes.text(name), bytes.unquotedText(value))
            scanner.skipWhite(span)
        } while scanner.take(UInt8(ascii: ","), span)
        guard scanner.isAtEnd else { throw SIPParseError(.parameter, at: scanner.at) }
    }
}
