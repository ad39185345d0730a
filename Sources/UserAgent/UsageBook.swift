import Runtime

/// What the handles of one usage share: who waits for its end, who reads its events, and in the end how it ended
/// (`shutdown.md` E3).
final class UsageBook: Sendable {
    private struct Contents {
        var end: UsageEnd?
        var waiters: [CheckedContinuation<UsageEnd, Never>] = []
        var readers: [AsyncStream<ManagerEvent>.Continuation] = []
        /// For the first reader, who may ask a little late; nil once it has been taken.
        var first: AsyncStream<ManagerEvent>?
    }
    private let contents: Locked<Contents>
    private let eventBuffer: Int
    /// Events kept for a first reader who has not asked yet.
    private static let earlyEvents = 16

    init(eventBuffer: Int) {
        self.eventBuffer = eventBuffer
        var contents = Contents()
        let (stream, reader) = AsyncStream<ManagerEvent>.makeStream(
            bufferingPolicy: .bufferingNewest(Self.earlyEvents))
        contents.first = stream
        contents.readers = [reader]
        self.contents = Locked(contents)
    }

    deinit { close(.abandoned) }

    func ended() async -> UsageEnd {
        await withCheckedContinuation { continuation in
            let known: UsageEnd? = contents.withLock { contents in
                if contents.end == nil { contents.waiters.append(continuation) }
                return contents.end
            }
            if let known { continuation.resume(returning: known) }
        }
    }

    func stream() -> AsyncStream<ManagerEvent> {
        let first = contents.withLock { contents in
            defer { contents.first = nil }
            return contents.first
        }
        if let first { return first }
        let (stream, reader) = AsyncStream<ManagerEvent>.makeStream(bufferingPolicy: .bufferingNewest(eventBuffer))
        let isOver = contents.withLock { contents in
            if contents.end == nil { contents.readers.append(reader) }
            return contents.end != nil
        }
        if isOver { reader.finish() }
        return stream
    }

    func note(_ event: ManagerEvent) {
        let readers = contents.withLock { $0.readers }
        for reader in readers { reader.yield(event) }
    }

    /// Once; what comes later is not heard.
    func close(_ end: UsageEnd) {
        let (waiters, readers) = contents.withLock { contents in
            defer {
                contents.waiters = []
                contents.readers = []
            }
            if contents.end == nil { contents.end = end }
            return (contents.waiters, contents.readers)
        }
        for waiter in waiters { waiter.resume(returning: end) }
        for reader in readers { reader.finish() }
    }
}
