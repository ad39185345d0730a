package import SIPMessage
import SansIO

/// Why a subscription that we wanted is no more.
package enum SubscriptionLoss: Hashable, Sendable, CustomStringConvertible {
    /// NOTIFY said so (RFC 6665 §4.1.3).
    case terminated(reason: TerminationReason?, retryAfter: Duration?)
    /// A refresh was told that there is no such subscription (§4.1.2.2).
    case gone(StatusCode)
    /// Its time ran out, and no refresh succeeded.
    case lapsed
    /// We asked for a new one in its place, and that failed for now.
    case notRenewed(Failure)

    package var description: String {
        switch self {
        case .terminated(nil, _): "terminated"
        case .terminated(let reason?, _): "terminated: \(reason)"
        case .gone(let status): "\(status): no such subscription"
        case .lapsed: "it ran out"
        case .notRenewed(let failure): "\(failure)"
        }
    }
}

/// The `reason` of a NOTIFY `terminated` (RFC 6665 §4.1.3).
package enum TerminationReason: Hashable, Sendable, CustomStringConvertible {
    case deactivated, probation, rejected, timeout, giveup, noresource, invariant
    case other(String)

    package init(_ token: String) {
        let known: [TerminationReason] = [
            .deactivated, .probation, .rejected, .timeout, .giveup, .noresource, .invariant,
        ]
        self = known.first { $0.description == token.lowercased() } ?? .other(token)
    }
    package var description: String {
        switch self {
        case .deactivated: "deactivated"
        case .probation: "probation"
        case .rejected: "rejected"
        case .timeout: "timeout"
        case .giveup: "giveup"
        case .noresource: "noresource"
        case .invariant: "invariant"
        case .other(let token): token
        }
    }
}

/// Whether and when a lost subscription is asked for again, as RFC 6665 §4.1.3 says for each reason.
///
/// A notifier that ends every subscription as soon as it has begun cannot make us loop: each loss that follows soon
/// upon the one before waits twice as long, and after `tries` of them the usage ends.
package struct ResubscriptionPolicy: Hashable, Sendable {
    package enum Rule: Hashable, Sendable {
        case never
        case atOnce
        /// When `retry-after` is over; without one, after a pause.
        case later
    }
    /// How many new subscriptions in a row may be lost at once. 0: none is ever asked for.
    package var tries = 8
    /// A subscription that lasted so long has shown that it can; what went before it is forgotten.
    package var stableAfter = Duration.seconds(64)
    /// `probation`, `giveup`, and reasons that we do not know.
    package var afterGiveUp = Rule.later
    /// `timeout` and `deactivated`.
    package var afterTimeout = Rule.atOnce
    /// 481 to a refresh: the notifier has lost its memory, not the resource.
    package var afterUnknown = Rule.atOnce
    /// No refresh was answered, or not in time.
    package var afterSilence = Rule.later

    package static let standard = ResubscriptionPolicy()
    /// For subscriptions whose end is their purpose: a fetch, the news of a REFER, everything while we leave.
    package static let never = ResubscriptionPolicy(tries: 0)

    package init() {}
    private init(tries: Int) { self.tries = tries }

    package func rule(for loss: SubscriptionLoss) -> Rule {
        switch loss {
        case .terminated(.deactivated, _), .terminated(.timeout, _): afterTimeout
        case .terminated(.probation, _), .terminated(.giveup, _): afterGiveUp
        case .terminated(.rejected, _), .terminated(.noresource, _), .terminated(.invariant, _): .never
        // No reason, or one from the future: any time will do, but not before `retry-after`.
        case .terminated(.other, _), .terminated(nil, _): afterGiveUp
        case .gone(481): afterUnknown
        case .gone: .never
        case .lapsed: afterSilence
        case .notRenewed(let failure): failure.isPassing ? afterSilence : .never
        }
    }

    /// How long to wait, after so many losses in a row before this one; nil: it is given up.
    package func pause(after loss: SubscriptionLoss, losses: Int) -> Duration? {
        guard losses < tries else { return nil }
        let doubling = 1 << min(max(losses - 1, 0), 10)
        switch rule(for: loss) {
        case .never: return nil
        case .atOnce: return losses == 0 ? .zero : min(.seconds(2 * doubling), Self.longestPause)
        case .later:
            let own = min(.seconds(30 * doubling), Self.longestPause)
            if case .terminated(_, let retryAfter?) = loss {
                return losses == 0 ? max(retryAfter, Self.shortestPause) : max(retryAfter, own)
            }
            return own
        }
    }
    private static let shortestPause = Duration.seconds(1)
    private static let longestPause = Duration.seconds(1800)
}
