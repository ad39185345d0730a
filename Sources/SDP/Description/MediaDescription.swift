/// One `m=` line and the lines that belong to it (RFC 8866 §5.14). Lines we have no use for are kept as they came.
package struct MediaDescription: Hashable, Sendable {
    /// `audio`, `video`, `message` …
    package var kind: String
    /// 0: refused, or ended (RFC 3264 §6, §8.2).
    package var port: UInt16
    /// How many ports follow each other; nil when the line does not say.
    package var portCount: Int?
    package var transport: String
    package var formats: [String]
    package var lines: [SDPLine]

    package init(
        kind: String, port: UInt16, portCount: Int? = nil, transport: String, formats: [String], lines: [SDPLine] = []
    ) {
        self.kind = kind
        self.port = port
        self.portCount = portCount
        self.transport = transport
        self.formats = formats
        self.lines = lines
    }

    init(parsing value: ArraySlice<UInt8>, line: Int) throws(SDPError) {
        let words = value.pieces(separatedBy: " ")
        guard words.count >= 4, words.allSatisfy({ !$0.isEmpty }) else {
            throw SDPError(.malformed, line: line, "m= needs a medium, a port, a protocol and a format")
        }
        guard words.count - 3 <= SDPLimits.formats else {
            throw SDPError(.tooLarge, line: line, "more than \(SDPLimits.formats) formats")
        }
        let ports = words[1].pieces(separatedBy: "/")
        guard ports.count <= 2, let port = SDPNumber.read(ports[0], in: 0...65_535) else {
            throw SDPError(.malformed, line: line, "the port of m= is not a number up to 65535")
        }
        var portCount: Int?
        if ports.count == 2 {
            guard let count = SDPNumber.read(ports[1], in: 1...65_535) else {
                throw SDPError(.malformed, line: line, "the number of ports of m= is not a number up to 65535")
            }
            portCount = count
        }
        self.init(
            kind: words[0].text, port: UInt16(port), portCount: portCount, transport: words[2].text,
            formats: words[3...].map(\.text))
    }

    var text: String {
        "\(kind) \(port)" + (portCount.map { "/\($0)" } ?? "") + " \(transport) " + formats.joined(separator: " ")
    }
}
