package import SIPMessage
package import SansIO

/// Which of the operations brought the user agent down.
package enum ShutdownMode: String, Hashable, Sendable {
    case graceful, ifIdle, force, bestEffort, cancelled

    /// A repeated call can only raise it (S3).
    var intensity: Int {
        switch self {
        case .cancelled, .ifIdle: 0
        case .graceful: 1
        case .force, .bestEffort: 2
        }
    }
}

/// What became of everything: handed to every caller of any shutdown operation, once (S2).
package struct ShutdownReport: Hashable, Sendable {
    package var mode: ShutdownMode
    /// Each operation that was asked for, in order, and by whom.
    package var requestedBy: [Request]
    /// When a later request raised the intensity (S3).
    package var escalations: [Escalation]
    package var started: Instant
    package var finished: Instant
    /// Start plus give-up; nil when there was none.
    package var deadline: Instant?
    package var deadlineHit: Bool
    package var groups: [Group]
    /// One row for each usage that was alive when the shutdown began or came into being after, in the order in which they ended.
    package var usages: [Row]
    package var undelivered: [UndeliveredMessage]
    /// Whether every byte already produced reached the kernel before the sockets closed.
    package var flushed: Bool
    package var census: ManagerCensus

    package struct Request: Hashable, Sendable {
        /// Who asked, for people: `application`, `SIGTERM`.
        package var by: String
        package var mode: ShutdownMode
        /// Zero: without limit.
        package var giveUp: Duration
        package var at: Instant
    }
    package struct Escalation: Hashable, Sendable {
        package var from: ShutdownMode
        package var to: ShutdownMode
        package var at: Instant
    }

    package struct Group: Hashable, Sendable {
        package var group: ShutdownGroup
        package var started: Instant?
        package var finished: Instant?
        package var softDeadlineHit: Bool
    }

    package struct Row: Hashable, Sendable {
        package var id: AnyUsageID
        package var account: String?
        package var peer: String
        package var outcome: UsageOutcome
        package var lastStatus: StatusCode?
        /// End requests written, retransmissions included.
        package var requestsSent: Int
        /// From its group's start (or the shutdown's, if it ended before) to its end.
        package var duration: Duration
        package var endedAt: Instant
        /// How long its peer had been silent; nil if it never said anything.
        package var peerSilentFor: Duration?
        /// What the server still believes, in one sentence; nil when nothing.
        package var consequence: String?
        /// Until when the server may believe in it; nil when it does not, or for how long is not known.
        package var believedUntil: Instant? = nil
        /// Our Contact that the registrar may keep.
        package var binding: AnyURI? = nil
    }

    /// Of a manager that had nothing to end: never started, or with its shutdown taken back.
    package static func empty(_ mode: ShutdownMode) -> ShutdownReport {
        ShutdownReport(
            mode: mode, requestedBy: [], escalations: [], started: .zero, finished: .zero, deadline: nil,
            deadlineHit: false,
            groups: [], usages: [], undelivered: [], flushed: true, census: ManagerCensus())
    }

    /// The rows by the groups of the 2004 order, and inside a group in the order in which they ended. A laggard that was
    /// still waited for while later groups began stands with its own group; its `endedAt` tells the time.
    package var inPhaseOrder: [Row] {
        usages.enumerated().sorted { first, second in
            let (a, b) = (first.element.id.kind.group, second.element.id.kind.group)
            return a == b ? first.offset < second.offset : a < b
        }.map(\.element)
    }

    /// Every row clean and nothing left over: exit code 0.
    package var isClean: Bool { usages.allSatisfy(\.outcome.isClean) && undelivered.isEmpty && census.isEmpty }
    package var abandoned: [Row] { usages.filter { $0.outcome.result == "abandoned" } }
}

/// What there is, counted: all zero after a shutdown (L1).
package struct ManagerCensus: Hashable, Sendable {
    package var usages = 0
    package var dialogs = 0
    package var dialogSets = 0
    package var clientTransactions = 0
    package var serverTransactions = 0
    package var timers = 0
    package var flows = 0
    /// Requests waiting for an answer, nonces and challenges kept, names being resolved.
    package var pending = 0

    package init() {}
    package var isEmpty: Bool { self == ManagerCensus() }
}
