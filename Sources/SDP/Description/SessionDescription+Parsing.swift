extension SessionDescription {
    /// Reads a description (RFC 8866 §5, §9). Lines end in CRLF or in LF alone.
    ///
    /// Numbers and addresses that would be acted upon are checked here (H-008, H-095); lines of a known letter that we
    /// have no use for are only kept. A letter that RFC 8866 does not know refuses the whole (§5).
    package init(parsing bytes: [UInt8]) throws(SDPError) {
        guard bytes.count <= SDPLimits.bytes else {
            throw SDPError(.tooLarge, "longer than \(SDPLimits.bytes) octets")
        }
        let lines = try Self.split(bytes)
        guard lines.first?.isOf("v") == true, lines.first?.value.isExactly("0") == true else {
            throw SDPError(.malformed, line: 1, "a description begins with v=0")
        }
        guard lines.count > 1, lines[1].isOf("o"), let origin = Origin(parsing: lines[1].value) else {
            throw SDPError(.malformed, line: 2, "o= needs a name, two numbers, two types and an address")
        }
        self.init(origin: origin, lines: [])
        let firstSection = lines.firstIndex { $0.isOf("m") } ?? lines.count
        self.lines.reserveCapacity(firstSection - 2)
        for (index, line) in lines.enumerated().dropFirst(2) { try take(line, number: index + 1) }
        try checkWhole()
    }

    private static func split(_ bytes: [UInt8]) throws(SDPError) -> [SDPLine] {
        var pieces = bytes[...].pieces(separatedBy: "\n").map { piece in piece.last == 13 ? piece.dropLast() : piece }
        while pieces.last?.isEmpty == true { pieces.removeLast() }
        guard pieces.count <= SDPLimits.lines else {
            throw SDPError(.tooLarge, "more than \(SDPLimits.lines) lines")
        }
        var lines: [SDPLine] = []
        lines.reserveCapacity(pieces.count)
        for (index, piece) in pieces.enumerated() {
            guard piece.count <= SDPLimits.lineBytes else {
                throw SDPError(.tooLarge, line: index + 1, "longer than \(SDPLimits.lineBytes) octets")
            }
            guard piece.count >= 2, let letter = piece.first, piece[piece.startIndex + 1] == UInt8(ascii: "="),
                Self.isKnown(letter), piece.allSatisfy({ $0 != 0 && $0 != 13 })
            else { throw SDPError(.malformed, line: index + 1, "not a letter of RFC 8866, an equals sign and a text") }
            lines.append(SDPLine(letter: letter, in: bytes, at: piece.startIndex + 2..<piece.endIndex))
        }
        return lines
    }
    private static func isKnown(_ letter: UInt8) -> Bool {
        let letters: StaticString = "vosiuepcbtrzkam"
        for offset in 0..<letters.utf8CodeUnitCount where letters.utf8Start[offset] == letter { return true }
        return false
    }

    private mutating func take(_ line: SDPLine, number: Int) throws(SDPError) {
        switch line.letter {
        case UInt8(ascii: "m"):
            guard media.count < SDPLimits.mediaSections else {
                throw SDPError(.tooLarge, line: number, "more than \(SDPLimits.mediaSections) m= lines")
            }
            media.append(try MediaDescription(parsing: line.value, line: number))
            return
        case UInt8(ascii: "v"), UInt8(ascii: "o"):
            throw SDPError(.malformed, line: number, "v= and o= stand once, at the beginning")
        case UInt8(ascii: "s"), UInt8(ascii: "t"):
            guard media.isEmpty else { throw SDPError(.malformed, line: number, "s= and t= stand before m=") }
        case UInt8(ascii: "c"):
            guard Connection(parsing: line.value) != nil else {
                throw SDPError(.malformed, line: number, "c= needs a network, a kind of address and an address")
            }
        case UInt8(ascii: "a"):
            guard line.attribute?.name.isEmpty == false else {
                throw SDPError(.malformed, line: number, "a= without a name")
            }
        default: break
        }
        if media.isEmpty { lines.append(line) } else { media[media.count - 1].lines.append(line) }
    }

    private func checkWhole() throws(SDPError) {
        guard lines.first("s") != nil else { throw SDPError(.missing, "s= is missing") }
        try Self.checkAttributes(of: lines)
        for section in media { try Self.checkAttributes(of: section.lines) }
        for section in media where !section.isRefused && connection(of: section) == nil {
            throw SDPError(.missing, "no c= for the \(section.kind) section (RFC 8866 §5.7)")
        }
    }

    private static func checkAttributes(of lines: [SDPLine]) throws(SDPError) {
        guard lines.count(where: { $0.isOf("a") }) <= SDPLimits.attributes else {
            throw SDPError(.tooLarge, "more than \(SDPLimits.attributes) attributes in one section")
        }
    }
}
