/// The status line of a `message/sipfrag` body, which tells how a referred request fares (RFC 3515 §2.4.5, RFC 3420).
package struct SipfragStatus: Hashable, Sendable, CustomStringConvertible {
    package static let contentType = "message/sipfrag"

    package var status: Int
    package var reason: String

    /// The whole body that says no more than this (RFC 3515 §2.4.5).
    package init(_ status: StatusCode, reason: String? = nil) {
        self.status = Int(status.value)
        self.reason = reason ?? status.defaultReason
    }
    package var octets: [UInt8] { Array("\(self)\r\n".utf8) }
    package var description: String { "SIP/2.0 \(status) \(reason)" }
    package var code: StatusCode? { StatusCode(exactly: status) }

    /// nil when the body does not begin with a status line.
    package init?(parsing octets: [UInt8]) {
        let line = octets.prefix(1_024).prefix { $0 != 0x0D && $0 != 0x0A }
        let parts = String(decoding: line, as: UTF8.self).split(separator: " ", maxSplits: 2)
        guard parts.count >= 2, parts[0].uppercased() == "SIP/2.0", parts[1].count == 3, let status = Int(parts[1]),
            (100...699).contains(status)
        else { return nil }
        self.status = status
        reason = parts.count > 2 ? String(parts[2]) : ""
    }
}
