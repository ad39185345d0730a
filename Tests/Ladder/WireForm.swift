/// Whether octets of ours have the one form in which we write messages (RFC 3261 §7; SYN-030, SYN-031). Stricter than
/// any parser has to be: what is read leniently is still written properly.
package enum WireForm {
    /// What is wrong with a message that we sent; empty: nothing.
    package static func faults(in bytes: [UInt8]) -> [String] {
        let end: [UInt8] = [13, 10, 13, 10]
        guard let border = bytes.indices.first(where: { bytes[$0...].starts(with: end) }) else {
            return ["no empty line after the fields"]
        }
        let head = String(decoding: bytes[..<border], as: UTF8.self)
        let bodyCount = bytes.count - border - end.count
        var lines = head.split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init)
        var faults: [String] = []
        if lines.contains(where: { $0.utf8.contains { $0 == 13 || $0 == 10 || $0 == 0 } }) {
            faults.append("CR, LF or NUL inside a line")
        }
        let start = lines.removeFirst()
        if !isStartLine(start) { faults.append("start line: \(start)") }
        for line in lines where !isField(line) { faults.append("field: \(line)") }
        let lengths = lines.filter { $0.hasPrefix("Content-Length:") }
        if lengths != ["Content-Length: \(bodyCount)"] { faults.append("\(bodyCount) octets, but \(lengths)") }
        if bodyCount > 0, lines.count(where: { $0.hasPrefix("Content-Type: ") }) != 1 {
            faults.append("a body without Content-Type")
        }
        return faults
    }

    /// `METHOD uri SIP/2.0` or `SIP/2.0 200 phrase`, with one space between two elements.
    private static func isStartLine(_ line: String) -> Bool {
        let parts = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3 else { return false }
        if parts[0] == "SIP/2.0" { return parts[1].count == 3 && UInt16(parts[1]) != nil }
        return isToken(parts[0]) && !parts[1].isEmpty && parts[2] == "SIP/2.0"
    }

    /// `Name: value`, not folded.
    private static func isField(_ line: String) -> Bool {
        guard let colon = line.firstIndex(of: ":") else { return false }
        return isToken(line[..<colon]) && line[colon...].hasPrefix(": ")
    }

    private static func isToken(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 > 32 && $0 < 127 && !"()<>@,;:\\\"/[]?={}".utf8.contains($0) }
    }
}
