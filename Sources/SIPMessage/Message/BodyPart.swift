/// A body, or one part of a multipart body (RFC 2046 §5.1, RFC 5621).
package struct BodyPart: Hashable, Sendable {
    /// nil where none is named: text/plain in US-ASCII then (RFC 2046 §5.2).
    package var contentType: MediaType?
    /// What Content-Disposition says, in lower case and without parameters; nil if it says nothing.
    package var disposition: String?
    /// Whether Content-Disposition says that whoever does not understand it may pass it over (RFC 3261 §20.11).
    package var isOptional = false
    package var contentID: String?
    package var body: [UInt8]
    /// Of a part that is multipart itself.
    package var parts: [BodyPart] = []

    /// This part, or all the parts in it that are no multipart themselves, in order.
    package var leaves: [BodyPart] { parts.isEmpty ? [self] : parts.flatMap(\.leaves) }
}

extension SIPMessage {
    /// The body taken apart. Held to 32 parts and four levels.
    package func bodyPart() throws(SIPParseError) -> BodyPart {
        var part = BodyPart(contentType: try contentType(), body: Array(body))
        let disposition = value(.contentDisposition)
        part.disposition = disposition.map(BodyPart.dispositionType)
        part.isOptional = disposition.map(BodyPart.isOptional) ?? false
        var reader = MultipartReader()
        part.parts = try reader.parts(of: part, depth: 1)
        return part
    }
}

extension BodyPart {
    static func dispositionType(_ value: String) -> String {
        String(value.prefix { $0 != ";" && $0 != " " }).lowercased()
    }
    package static func isOptional(_ value: String) -> Bool {
        value.split(separator: ";").dropFirst().contains { parameter in
            parameter.lowercased().filter { $0 != " " && $0 != "\t" } == "handling=optional"
        }
    }
}

/// Counts the parts over all levels.
struct MultipartReader {
    private var count = 0

    /// The parts of a part; none if it is not multipart. Goes one level deeper for each that is.
    mutating func parts(of whole: BodyPart, depth: Int) throws(SIPParseError) -> [BodyPart] {
        guard let type = whole.contentType, type.type.isCaselessly("multipart") else { return [] }
        if depth > MessageLimits.multipartDepth { throw SIPParseError(.tooManyValues, at: 0) }
        guard let boundary = type.parameters["boundary"], Self.isBoundary(boundary) else {
            throw SIPParseError(.multipart, at: 0)
        }
        var parts: [BodyPart] = []
        for piece in try Self.pieces(of: whole.body, boundary: Array(boundary.utf8)) {
            count += 1
            if count > MessageLimits.multipartParts { throw SIPParseError(.tooManyValues, at: piece.lowerBound) }
            var part = try Self.part(Array(whole.body[piece]))
            part.parts = try self.parts(of: part, depth: depth + 1)
            parts.append(part)
        }
        return parts
    }

    /// 1 to 70 characters, no space at the end (RFC 2046 §5.1.1).
    private static func isBoundary(_ text: String) -> Bool {
        (1...MessageLimits.multipartBoundary).contains(text.utf8.count) && text.last != " "
            && text.utf8.allSatisfy {
                ByteClass.word.contains($0) || $0 == 32 || $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "=")
            }
    }

    /// What stands between the delimiter lines. Preamble and epilogue are left out; the closing delimiter must be there.
    private static func pieces(of body: [UInt8], boundary: [UInt8]) throws(SIPParseError) -> [Range<Int>] {
        let dashes = [UInt8](repeating: UInt8(ascii: "-"), count: 2)
        let delimiter = dashes + boundary
        var pieces: [Range<Int>] = []
        var open: Int?
        var lineStart = 0
        while lineStart < body.count {
            let isDelimiter = body[lineStart...].starts(with: delimiter)
            if isDelimiter {
                let rest = lineStart + delimiter.count
                let isClose = body[rest...].starts(with: dashes)
                if let lineEnd = endOfDelimiterLine(body, from: isClose ? rest + 2 : rest) {
                    // The line end before a delimiter belongs to the delimiter.
                    if let open { pieces.append(open..<max(open, lineStart - 2)) }
                    if isClose { return pieces }
                    if pieces.count >= MessageLimits.multipartParts {
                        throw SIPParseError(.tooManyValues, at: lineStart)
                    }
                    open = lineEnd
                    lineStart = lineEnd
                    continue
                }
            }
            lineStart = nextLine(body, from: lineStart)
        }
        throw SIPParseError(.multipart, at: body.count)
    }

    /// After white space a CRLF, or the end of the body; nil if the line goes on and so is no delimiter.
    private static func endOfDelimiterLine(_ body: [UInt8], from start: Int) -> Int? {
        var at = start
        while at < body.count, body[at] == 32 || body[at] == 9 { at += 1 }
        if at == body.count { return at }
        guard at + 1 < body.count, body[at] == 13, body[at + 1] == 10 else { return nil }
        return at + 2
    }

    private static func nextLine(_ body: [UInt8], from start: Int) -> Int {
        var at = start
        while at + 1 < body.count {
            if body[at] == 13, body[at + 1] == 10 { return at + 2 }
            at += 1
        }
        return body.count
    }

    private static func part(_ bytes: [UInt8]) throws(SIPParseError) -> BodyPart {
        let section = try FieldSection(from: 0, bytes.span)
        if let fault = section.fault { throw fault }
        var part = BodyPart(contentType: nil, body: Array(bytes[section.end...]))
        for entry in section.fields {
            switch entry.field {
            case .contentType: part.contentType = try MediaType(entry.value, in: bytes)
            case .contentDisposition:
                let disposition = bytes.unfoldedText(entry.value)
                part.disposition = BodyPart.dispositionType(disposition)
                part.isOptional = BodyPart.isOptional(disposition)
            case .other where bytes.text(entry.name).isCaselessly("Content-ID"):
                part.contentID = bytes.unfoldedText(entry.value)
            default: break
            }
        }
        return part
    }
}
