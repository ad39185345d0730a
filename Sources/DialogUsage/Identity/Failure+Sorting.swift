package import SIPMessage

extension Failure {
    /// Whether trying the same again later makes sense: silence, broken transport, 408, 480, 5xx.
    package var isPassing: Bool {
        switch self {
        case .status(let code, _): code == 408 || code == 480 || code.statusClass == 5
        case .timedOut, .unreachable: true
        case .credentials, .untrusted: false
        }
    }
    /// Whether the request may have been carried out although it failed for us (W28).
    package var mayHaveTakenEffect: Bool {
        switch self {
        case .status(let code, _): code == 408 || code.statusClass == 5
        case .timedOut, .untrusted: true
        case .unreachable, .credentials: false
        }
    }
    /// The outcome of a usage whose end request failed so (R6): some statuses say that the peer had forgotten it
    /// already, which is success too.
    package func outcomeOfEnd(alreadyGone: Set<StatusCode>) -> UsageOutcome {
        switch self {
        case .status(let code, _):
            if alreadyGone.contains(code) {
                .local(code)
            } else if code == 408 {
                .peerUnresponsive
            } else {
                .refused(code)
            }
        case .timedOut, .untrusted: .peerUnresponsive
        case .unreachable: .transportFailed
        case .credentials(let code, _): .refused(code)
        }
    }
    /// The outcome of a usage whose first request failed so.
    package var outcomeOfStart: UsageOutcome {
        switch self {
        case .status(let code, _), .credentials(let code, _): .endedByPeer(code)
        case .timedOut, .untrusted: .peerUnresponsive
        case .unreachable: .transportFailed
        }
    }
}

/// Statuses to SUBSCRIBE and NOTIFY which say that there is no such subscription (RFC 6665 §4.1.2.2, §4.2.2).
package let subscriptionGone: Set<StatusCode> = [404, 405, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 604]
