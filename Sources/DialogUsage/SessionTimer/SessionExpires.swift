package import SIPMessage
import SansIO

/// Session-Expires as it is said (RFC 4028 §4).
package struct SessionExpires: Hashable, Sendable, CustomStringConvertible {
    /// By the roles in the one transaction that it is said in: the sender of the request is the UAC.
    package enum Refresher: String, Hashable, Sendable { case uac, uas }
    package var interval: Duration
    package var refresher: Refresher?

    package init(_ interval: Duration, refresher: Refresher? = nil) {
        self.interval = interval
        self.refresher = refresher
    }

    package var description: String {
        "\(interval.inMilliseconds / 1000)" + (refresher.map { ";refresher=\($0.rawValue)" } ?? "")
    }
}

extension SIPMessage {
    /// nil: not there, or nothing that could be read; then there is no session timer (RFC 4028 §4).
    package var sessionExpiry: SessionExpires? {
        guard let seconds = try? sessionExpires(), let text = value(.sessionExpires) else { return nil }
        let parameters = text.split(separator: ";").dropFirst().map { part in
            part.split(separator: "=", maxSplits: 1).map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
        }
        let refresher = parameters.first { $0.first == "refresher" }?.last
        return SessionExpires(.seconds(Int64(seconds)), refresher: refresher.flatMap(SessionExpires.Refresher.init))
    }
    /// What Min-SE says; 90 s where it says nothing (§5).
    package var leastSessionInterval: Duration? { (try? minSE()).flatMap { $0 }.map { .seconds(Int64($0)) } }
    package var supportsSessionTimer: Bool { optionTags(.supported).contains(SessionTimer.optionTag) }
}
