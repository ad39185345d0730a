import Runtime

/// Who reads the events of one usage. The handles in these events hold the usage's book and not this: events that nobody
/// reads must not keep themselves.
final class UsageReaders: Sendable {
    private struct Contents {
        var isOver = false
        var readers: [UInt64: AsyncStream<ManagerEvent>.Continuation] = [:]
        var lastReader: UInt64 = 0
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
        contents.readers = [0: reader]
        self.contents = Locked(contents)
    }

    deinit { close() }

    func stream() -> AsyncStream<ManagerEvent> {
        let first = contents.withLock { contents in
            defer { contents.first = nil }
            return contents.first
        }
        if let first { return first }
        let (stream, reader) = AsyncStream<ManagerEvent>.makeStream(bufferingPolicy: .bufferingNewest(eventBuffer))
        let isOver = contents.withLock { contents in
            contents.lastReader += 1
            if !contents.isOver { contents.readers[contents.lastReader] = reader }
            return contents.isOver
        }
        if isOver { reader.finish() }
        return stream
    }

    /// Readers who have gone are forgotten.
    func note(_ event: ManagerEvent) {
        let readers = contents.withLock { $0.readers }
        let gone = readers.filter { if case .terminated = $0.value.yield(event) { true } else { false } }
        guard !gone.isEmpty else { return }
        contents.withLock { contents in
            for number in gone.keys { contents.readers[number] = nil }
        }
    }
    var count: Int { contents.withLock { $0.readers.count } }

    func close() {
        let readers = contents.withLock { contents in
            defer { contents.readers = [:] }
            contents.isOver = true
            return contents.readers
        }
        for reader in readers.values { reader.finish() }
    }
}
