/// The octets of an XML document made ready for a parser that must not be surprised: UTF-8 without byte order mark and
/// without XML declaration, and certainly without a document type declaration (XML 1.0 §4.3.3; H-032, H-033, H-035).
struct MarkupText: Hashable, Sendable {
    let utf8: [UInt8]

    init(_ octets: [UInt8], limits: DocumentLimits) throws(DocumentError) {
        guard octets.count <= limits.octets else { throw .tooLong(octets: octets.count) }
        var text = try Self.decoded(octets)
        text = try Self.withoutDeclaration(text)
        try Self.refuseDeclarations(text)
        utf8 = text
    }

    private static func decoded(_ octets: [UInt8]) throws(DocumentError) -> [UInt8] {
        if octets.starts(with: [0xEF, 0xBB, 0xBF]) { return try checked(Array(octets.dropFirst(3))) }
        if octets.starts(with: [0xFE, 0xFF]) { return try fromUTF16(octets.dropFirst(2), bigEndian: true) }
        if octets.starts(with: [0xFF, 0xFE]) { return try fromUTF16(octets.dropFirst(2), bigEndian: false) }
        return try checked(octets)
    }

    private static func checked(_ octets: [UInt8]) throws(DocumentError) -> [UInt8] {
        guard String(validating: octets, as: UTF8.self) != nil else { throw .encoding("this is not UTF-8") }
        guard !octets.contains(0) else { throw .encoding("it contains NUL") }
        return octets
    }

    private static func fromUTF16(_ octets: ArraySlice<UInt8>, bigEndian: Bool) throws(DocumentError) -> [UInt8] {
        guard octets.count.isMultiple(of: 2) else { throw .encoding("UTF-16 with half a character") }
        var units: [UInt16] = []
        units.reserveCapacity(octets.count / 2)
        var index = octets.startIndex
        while index < octets.endIndex {
            let (first, second) = (UInt16(octets[index]), UInt16(octets[index + 1]))
            units.append(bigEndian ? first << 8 | second : second << 8 | first)
            index += 2
        }
        guard let text = String(validating: units, as: UTF16.self) else { throw .encoding("this is not UTF-16") }
        return try checked(Array(text.utf8))
    }

    /// `<?xml version="1.0" encoding="UTF-8"?>` has done its work once we know the encoding.
    private static func withoutDeclaration(_ text: [UInt8]) throws(DocumentError) -> [UInt8] {
        guard text.starts(with: Array("<?xml".utf8)), text.count > 5, isSpace(text[5]) else { return text }
        guard let end = text.firstIndex(of: UInt8(ascii: ">")) else {
            throw .syntax(line: 1, "the XML declaration has no end")
        }
        let declaration = String(decoding: text[...end], as: UTF8.self).lowercased()
        if let place = declaration.firstRange(of: "encoding") {
            let value = declaration[place.upperBound...].drop { $0 != "\"" && $0 != "'" }.dropFirst()
                .prefix { $0 != "\"" && $0 != "'" }
            guard ["utf-8", "utf-16", "us-ascii"].contains(value) else {
                throw .encoding("only UTF-8 and UTF-16 are read")
            }
        }
        return Array(text[(end + 1)...])
    }

    /// `<!` begins a comment, a CDATA section, or a declaration; declarations are refused wherever they stand.
    private static func refuseDeclarations(_ text: [UInt8]) throws(DocumentError) {
        let cdata = Array("[CDATA[".utf8)
        var index = 0
        while index + 1 < text.count {
            guard text[index] == UInt8(ascii: "<"), text[index + 1] == UInt8(ascii: "!") else {
                index += 1
                continue
            }
            let rest = text[(index + 2)...]
            if rest.starts(with: [0x2D, 0x2D]) {
                index = end(of: [0x2D, 0x2D, 0x3E], in: text, from: index + 4)
            } else if rest.starts(with: cdata) {
                index = end(of: [0x5D, 0x5D, 0x3E], in: text, from: index + 9)
            } else {
                throw .documentType
            }
        }
    }
    private static func end(of mark: [UInt8], in text: [UInt8], from start: Int) -> Int {
        var index = start
        while index + mark.count <= text.count {
            if text[index..<(index + mark.count)].elementsEqual(mark) { return index + mark.count }
            index += 1
        }
        return text.count
    }
    private static func isSpace(_ octet: UInt8) -> Bool { octet == 0x20 || (0x09...0x0D).contains(octet) }
}
