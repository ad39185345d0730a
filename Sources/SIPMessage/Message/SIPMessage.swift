/// A SIP message as it came: the octets, and an index of where everything in them stands. Typed values are read when
/// asked for.
///
/// A message exists as soon as its start line and header section can be told apart. What else may be wrong with it is
/// said by `checkedCoreFields`, so that a faulty request can be answered.
package struct SIPMessage: Sendable, Hashable, CustomStringConvertible {
    /// How the end of a body is known (RFC 3261 §18.3).
    package enum Framing: Hashable, Sendable {
        /// The body ends with the datagram or at Content-Length, whichever is first; what follows is dropped.
        case datagram
        /// Content-Length is mandatory.
        case stream
    }

    /// Behind one pointer, because a message is handed on and kept in many places, and never changes.
    final class Content: Sendable {
        let bytes: [UInt8]
        let trailingOctets: Int
        let start: StartLine
        let fields: [FieldEntry]
        let bodyStart: Int
        let hasFolds: Bool
        let fault: SIPParseError?

        init(
            _ bytes: [UInt8], trailingOctets: Int, _ start: StartLine, _ section: FieldSection, fault: SIPParseError?
        ) {
            self.bytes = bytes
            self.trailingOctets = trailingOctets
            self.start = start
            fields = section.fields
            bodyStart = section.end
            hasFolds = section.hasFolds
            self.fault = fault
        }
    }
    let content: Content

    /// The message alone: without empty lines before it and without octets after its body.
    package var bytes: [UInt8] { content.bytes }
    /// Octets of the datagram after the body; they are no part of any message.
    package var trailingOctets: Int { content.trailingOctets }
    var start: StartLine { content.start }
    var fields: [FieldEntry] { content.fields }
    var bodyStart: Int { content.bodyStart }
    /// A value goes on in a further line, so that lines cannot be copied as they stand.
    var hasFolds: Bool { content.hasFolds }
    /// The first thing that was wrong when the message was indexed or framed.
    var fault: SIPParseError? { content.fault }

    package init(parsing bytes: [UInt8], from framing: Framing = .datagram) throws(SIPParseError) {
        if framing == .datagram, bytes.count > MessageLimits.datagram { throw SIPParseError(.tooLong, at: bytes.count) }
        if bytes.count > MessageLimits.headerSection + MessageLimits.body {
            throw SIPParseError(.tooLong, at: bytes.count)
        }
        let whole = Self.withoutLeadingLines(bytes)
        let lineEnd = try MessageIndex.endOfStartLine(whole.span)
        let start = try StartLine(ByteRange(0, lineEnd), whole.span)
        let section = try FieldSection(from: lineEnd &+ 2, whole.span)
        let frame = Frame(section.fields, bodyStart: section.end, framing, whole)
        content = Content(
            frame.end < whole.count ? Array(whole[..<frame.end]) : whole, trailingOctets: whole.count - frame.end,
            start, section, fault: start.fault ?? section.fault ?? frame.fault)
    }

    /// Empty lines before the start line are ignored (§7.5).
    private static func withoutLeadingLines(_ bytes: [UInt8]) -> [UInt8] {
        guard let first = bytes.first, first == 13 || first == 10 else { return bytes }
        return Array(bytes.drop { $0 == 13 || $0 == 10 })
    }

    package static func == (a: SIPMessage, b: SIPMessage) -> Bool { a.bytes == b.bytes }
    package func hash(into hasher: inout Hasher) { hasher.combine(bytes) }

    /// The text as it is; for a screen or a log it must go through `visible`.
    package var description: String { String(decoding: bytes, as: UTF8.self) }

    package var isRequest: Bool { start.isRequest }
    package var isResponse: Bool { !start.isRequest }

    /// Of the request line; for a response the method that CSeq names, `.other("")` if it names none.
    package var method: Method {
        if start.isRequest { return start.method }
        return (try? cSeq().method) ?? .other("")
    }
    /// nil for a request, and for a response with a code that is none.
    package var status: StatusCode? { StatusCode(exactly: Int(start.status)) }
    package var statusText: String { bytes.text(start.statusText) }
    package var reasonPhrase: String { bytes.text(start.reason) }
    package var version: String { bytes.text(start.version) }

    /// The Request-URI as it stands there, be it one or not.
    package var requestURIText: String { bytes.text(start.target) }
    package func requestURI() throws(SIPParseError) -> AnyURI { AnyURI(try requestURIView(), in: bytes) }
    package func requestURIView() throws(SIPParseError) -> URIView {
        guard start.target.isPresent else { throw SIPParseError(.startLine, at: 0) }
        return try URIView(start.target, in: bytes.span)
    }

    package var body: ArraySlice<UInt8> { bytes[bodyStart...] }
    package var bodyText: String { String(decoding: body, as: UTF8.self) }
}
