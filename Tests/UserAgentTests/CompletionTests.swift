import Foundation
import Runtime
import Testing
import UserAgent

/// Counts the descriptors of this process that are sockets, event queues and the like.
private func openDescriptors() -> Set<String> {
    Set((try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? [])
}

/// A handler that remembers how it was told.
private final class Recorder: DumShutdownHandler {
    struct Seen {
        var calls = 0
        var thread = ""
        var threads: Set<String> = []
        var descriptors: Set<String> = []
    }
    let seen = Locked(Seen())
    private let (stream, continuation) = AsyncStream<Void>.makeStream()

    func onDumCanBeDeleted() {
        let own = (try? String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8)) ?? ""
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
        let threads = names.compactMap { try? String(contentsOfFile: "/proc/self/task/\($0)/comm", encoding: .utf8) }
        seen.withLock { seen in
            seen.calls += 1
            seen.thread = own
            seen.threads = Set(threads)
            seen.descriptors = openDescriptors()
        }
        continuation.yield()
    }
    func wait() async {
        var calls = stream.makeAsyncIterator()
        _ = await calls.next()
    }
}

@Suite("Completion of the manager (shutdown.md S8)", .serialized)
struct CompletionTests {
    @Test("8. onDumCanBeDeleted comes after the last socket is closed, and not on the stack thread")
    func afterTheLastSocket() async throws {
        let before = openDescriptors()
        let manager = DialogUsageManager()
        try manager.start()
        let account = try await manager.addAccount(address: "sip:alice@127.0.0.1:1")
        _ = try await manager.register(account)
        #expect(openDescriptors().count > before.count)
        let recorder = Recorder()
        manager.shutdown(recorder, giveUpSeconds: 2)
        await recorder.wait()
        let seen = recorder.seen.withLock { $0 }
        #expect(seen.calls == 1)
        #expect(!seen.thread.hasPrefix("NIO"))
        #expect(!seen.threads.contains { $0.hasPrefix("NIO-ELT") })
        #expect(seen.descriptors.subtracting(before).isEmpty)
    }

    @Test("1. A manager that was never started completes at once, with an empty report")
    func neverStarted() async {
        let report = await DialogUsageManager().shutdown(giveUp: .zero)
        #expect(report.usages.isEmpty)
        #expect(report.isClean)
    }

    @Test("87. A shutdown after stopped gets the stored report")
    func afterStopped() async throws {
        let manager = DialogUsageManager()
        try manager.start()
        let first = await manager.shutdown(giveUp: .seconds(1))
        let second = await manager.forceShutdown()
        #expect(first == second)
    }

    @Test("81. Ten callers get ten identical reports")
    func tenCallers() async throws {
        let manager = DialogUsageManager()
        try manager.start()
        let reports = await withTaskGroup(of: ManagerReport.self) { group in
            for _ in 0..<10 { group.addTask { await manager.shutdown(giveUp: .seconds(1)) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(reports.count == 10)
        #expect(Set(reports).count == 1)
    }

    @Test("88. A waiting task that is cancelled leaves the shutdown going; another waiter gets the report (H-135)")
    func cancelledWaiter() async throws {
        let manager = DialogUsageManager()
        try manager.start()
        let account = try await manager.addAccount(address: "sip:alice@127.0.0.1:1")
        _ = try await manager.message("sip:bob@127.0.0.1:1", body: Array("hello".utf8), from: account)
        let impatient = Task { await manager.shutdown(giveUp: .seconds(2)) }
        impatient.cancel()
        let report = await manager.shutdown(giveUp: .seconds(2))
        #expect(await impatient.value == report)
    }

    @Test("92. What is asked for after the shutdown throws shuttingDown")
    func gate() async throws {
        let manager = DialogUsageManager()
        try manager.start()
        let account = try await manager.addAccount(address: "sip:alice@127.0.0.1")
        _ = await manager.shutdown(giveUp: .seconds(1))
        await #expect(throws: ManagerError.shuttingDown) { try await manager.register(account) }
    }

    @Test("L2: the manager is gone once it is stopped and let go")
    func released() async throws {
        weak var gone: DialogUsageManager?
        do {
            let manager = DialogUsageManager()
            gone = manager
            try manager.start()
            _ = await manager.shutdown(giveUp: .seconds(1))
        }
        #expect(gone == nil)
    }

    @Test("A bad address is refused with its place, before anything is made")
    func badAddress() async throws {
        let manager = DialogUsageManager()
        try manager.start()
        await #expect(throws: ManagerError.self) { try await manager.addAccount(address: "sip:a b@c") }
        _ = await manager.forceShutdown()
    }
}
