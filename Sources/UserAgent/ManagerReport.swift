import DialogUsage
import SansIO

/// What became of everything, as every caller of every shutdown operation gets it, once.
public struct ManagerReport: Hashable, Sendable {
    /// One usage that was alive when the shutdown began, or came into being after.
    public struct Row: Hashable, Sendable {
        /// Its name, such as `csub-7`.
        public let id: String
        /// One of the seven kinds, which is also its group.
        public let type: UsageType
        /// The address of the other end.
        public let peer: String
        /// How it ended: the same that its terminal event said.
        public let end: UsageEnd
        /// Whether the peer can be believed to know.
        public let isClean: Bool
        /// End requests written, retransmissions included.
        public let requestsSent: Int
        /// From the beginning of its end to the end.
        public let duration: Duration
        /// What the other side goes on believing; nil when nothing.
        public let consequence: String?
    }

    /// In the order in which they ended.
    public let usages: [Row]
    /// Whether the give-up time was reached.
    public let deadlineHit: Bool
    /// Whether every byte already produced reached the kernel.
    public let flushed: Bool
    /// From the first request to stop until nothing was left.
    public let duration: Duration
    /// Bodies of messages that were never sent.
    public let undelivered: [[UInt8]]
    /// Every row clean, nothing undelivered, and nothing left over.
    public let isClean: Bool
    /// The shutdown was taken back: the manager runs on, and nothing here is final.
    public let isCancelled: Bool

    init(_ report: ShutdownReport) {
        usages = report.usages.map { row in
            Row(
                id: "\(row.id)", type: UsageType(row.id.kind), peer: row.peer, end: UsageEnd(row.outcome),
                isClean: row.outcome.isClean, requestsSent: row.requestsSent, duration: row.duration,
                consequence: row.consequence)
        }
        deadlineHit = report.deadlineHit
        flushed = report.flushed
        duration = report.finished - report.started
        undelivered = report.undelivered.map(\.body)
        isClean = report.isClean
        isCancelled = report.mode == .cancelled
    }
}
