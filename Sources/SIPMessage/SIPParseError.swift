/// Why a message, or a part of one, cannot be read; and where.
package struct SIPParseError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Fault: Hashable, Sendable {
        case notSIP, unterminatedHeader, startLine, version, statusCode, fieldLine, lineEnd
        case tooLong, uriTooLong, tooManyFields, tooManyValues
        case missing, repeated
        case quotedString, parameter, host, port, escape, uri, address, number, token, multipart
        case methodMismatch
        case contentLength, incompleteBody
    }

    package var fault: Fault
    /// Octets from the beginning of the message, or of the text given, to where reading stopped.
    package var offset: Int
    var knownField: KnownField?

    /// A message on a stream of which so many octets came, and no more in time.
    package static func unfinished(at offset: Int) -> SIPParseError { SIPParseError(.incompleteBody, at: offset) }

    init(_ fault: Fault, at offset: Int, in field: KnownField? = nil) {
        self.fault = fault
        self.offset = offset
        knownField = field
    }

    /// The field it is in, if it is in one that has a name of its own.
    package var field: FieldName? { knownField.map { FieldName($0) } }

    /// What a request with this fault is answered with; nil where the octets are no request that can be answered.
    package var suggestedStatus: StatusCode? {
        switch fault {
        case .notSIP, .unterminatedHeader, .statusCode: nil
        case .version: 505
        case .uriTooLong: 414
        case .startLine, .fieldLine, .lineEnd, .tooLong, .tooManyFields, .tooManyValues, .missing, .repeated,
            .quotedString, .parameter, .host, .port, .escape, .uri, .address, .number, .token, .multipart,
            .methodMismatch, .contentLength, .incompleteBody:
            400
        }
    }

    package var description: String {
        let place = knownField.map { " in \($0.name)" } ?? ""
        return "\(Self.words(fault))\(place), at octet \(offset)"
    }

    func inside(_ field: KnownField) -> SIPParseError {
        var error = self
        if error.knownField == nil { error.knownField = field }
        return error
    }

    private static func words(_ fault: Fault) -> String {
        switch fault {
        case .notSIP: "not a SIP message"
        case .unterminatedHeader: "no empty line after the header section"
        case .startLine: "malformed start line"
        case .version: "SIP version other than 2.0"
        case .statusCode: "status code outside 100 to 699"
        case .fieldLine: "line that is no header field"
        case .lineEnd: "CR or LF that ends no line"
        case .tooLong: "longer than the limit"
        case .uriTooLong: "Request-URI longer than the limit"
        case .tooManyFields: "more header fields than the limit"
        case .tooManyValues: "more values than the limit"
        case .missing: "mandatory field missing"
        case .repeated: "given more than once"
        case .quotedString: "quoted string that is not closed"
        case .parameter: "malformed parameter"
        case .host: "malformed host"
        case .port: "port outside 1 to 65535"
        case .escape: "malformed % escape"
        case .uri: "malformed URI"
        case .address: "malformed address"
        case .number: "malformed number, or out of range"
        case .token: "malformed value"
        case .multipart: "malformed multipart body"
        case .methodMismatch: "CSeq names another method than the request line"
        case .contentLength: "malformed or missing Content-Length"
        case .incompleteBody: "body shorter than Content-Length"
        }
    }
}
