import SIPTransaction
import SansIO

/// Servers that asked to be left alone for a while: 503 with Retry-After (RFC 3261 §21.5.4).
struct PausedServers: Sendable {
    private var until: [Target: Instant] = [:]
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// What is over is forgotten when something new is learnt.
    mutating func pause(_ target: Target, for duration: Duration, at now: Instant) {
        until = until.filter { $0.value > now }
        guard until.count < limit || until[target] != nil else { return }
        until[target] = now + duration
    }
    func isPaused(_ target: Target, at now: Instant) -> Bool { until[target].map { now < $0 } ?? false }
    mutating func removeAll() { until = [:] }
}
