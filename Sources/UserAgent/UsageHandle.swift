import DialogUsage

/// Names a usage of a manager. It may be kept as long as one likes: a usage that is gone refuses what is asked of it, and
/// nothing traps. It holds the manager weakly.
///
/// ```swift
/// let call = try await manager.invite("sip:bob@example.com", offer: offer, from: account)
/// for await event in call.events { print(event) }     // until it has ended
/// print(await call.ended)                              // how it ended; as often as one likes
/// ```
public struct UsageHandle: Hashable, Sendable, CustomStringConvertible {
    let id: AnyUsageID
    let book: UsageBook
    /// nil in the events that these readers get themselves.
    let readers: UsageReaders?
    weak let knownReaders: UsageReaders?
    weak let manager: DialogUsageManager?

    /// The same for an event of its own.
    var inOwnEvent: UsageHandle {
        UsageHandle(id: id, book: book, readers: nil, knownReaders: readers ?? knownReaders, manager: manager)
    }

    /// Which of the usage types it is.
    public var type: UsageType { UsageType(id.kind) }

    /// Its name, such as `csub-7`, as reports and blockers give it. Numbers are never used again.
    public var description: String { "\(id)" }

    /// `BaseUsage::end()`: ends this usage as its state demands (CANCEL, BYE, 480, SUBSCRIBE with Expires 0 and so on).
    /// Idempotent, and never fails. Its terminal event comes when the peer has answered, or when it did not.
    public func end() { manager?.end(self) }

    /// How it ended: waits for its terminal event, or gives it at once when that has been. `.abandoned` when the manager
    /// was let go of before.
    public var ended: UsageEnd { get async { await book.ended() } }

    /// What happens to this usage; the stream finishes behind its terminal event. The first stream that is asked for begins
    /// with the usage (and keeps its last sixteen events), each further one with the moment. A reader that is slow delays
    /// nobody: it loses the oldest events.
    public var events: AsyncStream<ManagerEvent> {
        (readers ?? knownReaders)?.stream() ?? AsyncStream { $0.finish() }
    }

    /// Handles of one usage are equal, whenever they were made.
    public static func == (a: UsageHandle, b: UsageHandle) -> Bool { a.book === b.book }
    /// By its name.
    public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}
