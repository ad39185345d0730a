import Runtime

/// What the handles of one usage share: who waits for its end, and how it ended (`shutdown.md` E3).
final class UsageBook: Sendable {
    private struct Contents {
        var end: UsageEnd?
        var waiters: [CheckedContinuation<UsageEnd, Never>] = []
    }
    private let contents = Locked(Contents())

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

    /// Once; what comes later is not heard.
    func close(_ end: UsageEnd) {
        let waiters = contents.withLock { contents in
            defer { contents.waiters = [] }
            if contents.end == nil { contents.end = end }
            return contents.waiters
        }
        for waiter in waiters { waiter.resume(returning: end) }
    }
}
