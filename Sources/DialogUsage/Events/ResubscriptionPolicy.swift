import SansIO

/// When a subscription that the notifier has ended is begun anew, in a dialog of its own (RFC 6665 §4.1.3). On by default.
package struct ResubscriptionPolicy: Hashable, Sendable {
    /// After `probation` and `giveup` without a `retry-after`.
    package var pause: Duration
    /// Reasons after which a new SUBSCRIBE goes out at once, and those after which it waits; after all others none does.
    package var atOnce: Set<String>
    package var afterPause: Set<String>
    /// Statuses to a refresh after which a new one goes out at once: the server has forgotten us.
    package var afterStatus: Set<UInt16>

    package init(
        pause: Duration = .seconds(60), atOnce: Set<String> = ["deactivated", "timeout"],
        afterPause: Set<String> = ["probation", "giveup"], afterStatus: Set<UInt16> = [481]
    ) {
        self.pause = pause
        self.atOnce = atOnce
        self.afterPause = afterPause
        self.afterStatus = afterStatus
    }

    /// What the RFC recommends.
    package static let standard = ResubscriptionPolicy()
    /// The application decides.
    package static let never = ResubscriptionPolicy(atOnce: [], afterPause: [], afterStatus: [])

    /// How long to wait after this end; nil: for ever. A `retry-after` means something after the reasons that allow for it;
    /// without a reason it may be tried again too, after the time it gives (§4.1.3).
    package func wait(after reason: String?, retryAfter: Duration?) -> Duration? {
        guard let reason else { return afterPause.isEmpty ? nil : retryAfter }
        let known = reason.lowercased()
        if atOnce.contains(known) { return .zero }
        return afterPause.contains(known) ? retryAfter ?? pause : nil
    }
}
