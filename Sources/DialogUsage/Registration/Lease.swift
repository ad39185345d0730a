package import SansIO

/// Soft state that a server keeps for us until it runs out: a binding, a subscription, a publication.
package struct Lease: Hashable, Sendable {
    /// What the server granted, counted from its answer.
    package var granted: Duration
    package var refreshAt: Instant
    package var expiresAt: Instant

    /// Renews with a tenth of the time in hand, and at least five seconds where the lease is that long, so that a
    /// lost refresh can still be repeated. `jitter`, from 0 to 1, takes up to another tenth, so that many clients
    /// that began together do not come back together.
    package init(granted: Duration, jitter: Double = 0, at now: Instant) {
        self.granted = granted
        let margin = max(granted / 10, min(.seconds(5), granted / 2))
        refreshAt = now + (granted - margin - granted / 10 * jitter)
        expiresAt = now + granted
    }
}

/// How long to wait after failure number `attempt` (from 1): what the server says, though a server that says a time of
/// nothing again and again is asked less and less often (H-086); else the back-off.
package func pause(after retryAfter: Duration?, attempt: Int, jitter: Double) -> Duration {
    guard let retryAfter else { return backOff(attempt: attempt, jitter: jitter) }
    return max(retryAfter, .seconds(1 << min(max(attempt - 1, 0), 10)))
}

/// How long to wait before trying again after failure number `attempt` (from 1), as RFC 5626 §4.5 has it: doubling
/// from 60 s up to 30 min, of which a random half is taken off so that clients do not return in step.
package func backOff(attempt: Int, jitter: Double) -> Duration {
    let steps = min(max(attempt - 1, 0), 6)
    let upper = min(Duration.seconds(60 << steps), .seconds(1800))
    return upper * (0.5 + 0.5 * jitter)
}
