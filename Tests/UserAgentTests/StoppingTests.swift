import Foundation
import Runtime
import Testing
import UserAgent

/// Holds the manager, and lets go of it when it is told that it may.
private final class Owner: DumShutdownHandler {
    private let manager: Locked<DialogUsageManager?>
    private let (told, tell) = AsyncStream<Void>.makeStream()
    let calls = Locked(0)

    init(_ manager: DialogUsageManager) { self.manager = Locked(manager) }
    func onDumCanBeDeleted() {
        manager.withLock { $0 = nil }
        calls.withLock { $0 += 1 }
        tell.yield()
    }
    func shutdown() { manager.withLock { $0 }?.shutdown(self, giveUpSeconds: 2) }
    func wait() async {
        var calls = told.makeAsyncIterator()
        _ = await calls.next()
    }
}

@Suite("Stopping on the real runtime (shutdown.md, section 11)", .serialized)
struct StoppingTests {
    /// Nobody listens there: the kernel says so at once.
    private static let nobody = "sip:bob@127.0.0.1:1"

    @Test("6. Two managers in one process: the first stops, the second is unaffected")
    func twoManagers() async throws {
        let (first, second) = (DialogUsageManager(), DialogUsageManager())
        try first.start()
        try second.start()
        let account = try await second.addAccount(address: "sip:alice@127.0.0.1:1")
        #expect(await first.shutdown(giveUp: .seconds(1)).isClean)
        let message = try await second.message(Self.nobody, body: [104, 105], from: account)
        var ended = false
        for await event in second.events {
            if case .ended(message, _) = event {
                ended = true
                break
            }
        }
        #expect(ended)
        #expect(await second.shutdown(giveUp: .seconds(1)).isClean)
    }

    @Test("86. Forced from many sides while it flushes and closes: one report, nothing closed twice (H-135)")
    func forcedWhileClosing() async throws {
        let before = WorldCensus.take()
        for _ in 0..<50 {
            let manager = DialogUsageManager()
            try manager.start()
            let reports = await withTaskGroup(of: ManagerReport.self) { group in
                group.addTask { await manager.shutdown(giveUp: .seconds(1)) }
                for _ in 0..<4 { group.addTask { await manager.forceShutdown() } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(reports).count == 1)
        }
        #expect(WorldCensus.take().descriptors <= before.descriptors + 3)
    }

    @Test("90. The manager is released inside its completion (H24)")
    func releasedInside() async throws {
        weak var gone: DialogUsageManager?
        let owner: Owner
        do {
            let manager = DialogUsageManager()
            gone = manager
            try manager.start()
            owner = Owner(manager)
        }
        owner.shutdown()
        await owner.wait()
        #expect(owner.calls.withLock { $0 } == 1)
        #expect(gone == nil)
    }

    @Test("107. Nobody reads the events: the shutdown completes (E3)")
    func unreadEvents() async throws {
        let manager = DialogUsageManager()
        try manager.start()
        let account = try await manager.addAccount(address: "sip:alice@127.0.0.1:1")
        for _ in 0..<200 { _ = try await manager.message(Self.nobody, body: [104, 105], from: account) }
        let report = await manager.shutdown(giveUp: .seconds(5))
        #expect(!report.deadlineHit)
    }

    @Test("108. Who reads the events stands still: the shutdown completes, and the reader still gets all of them (E3)")
    func stuckReader() async throws {
        let manager = DialogUsageManager()
        try manager.start()
        let (gate, open) = AsyncStream<Void>.makeStream()
        let reader = Task {
            var ends = 0
            for await event in manager.events {
                var waiting = gate.makeAsyncIterator()
                _ = await waiting.next()
                if case .ended = event { ends += 1 }
            }
            return ends
        }
        let account = try await manager.addAccount(address: "sip:alice@127.0.0.1:1")
        for index in 0..<10 {
            _ = try await manager.message("sip:bob\(index)@127.0.0.1:1", body: [104, 105], from: account)
        }
        let report = await manager.shutdown(giveUp: .seconds(5))
        #expect(!report.deadlineHit)
        open.finish()
        #expect(await reader.value == 10)
    }

    @Test("89. shutdown called by who reads an event, as it reads it")
    func insideAnEvent() async throws {
        let manager = DialogUsageManager()
        try manager.start()
        let account = try await manager.addAccount(address: "sip:alice@127.0.0.1:1")
        _ = try await manager.message(Self.nobody, body: [104, 105], from: account)
        var report: ManagerReport?
        for await event in manager.events {
            if case .ended = event, report == nil { report = await manager.shutdown(giveUp: .seconds(2)) }
        }
        #expect(report?.isClean == true)
    }

    @Test("Stopped while it starts: whichever is first, nothing of it is left when it may be deleted (S8)")
    func besideStart() async throws {
        for _ in 0..<20 { await Self.startBesideShutdown() }
        let before = WorldCensus.take()
        for _ in 0..<200 { await Self.startBesideShutdown() }
        var after = WorldCensus.take()
        // The last stack thread may still be on its way out of the kernel's list.
        for _ in 0..<2_000 where after.threads > before.threads || after.descriptors > before.descriptors {
            await Task.yield()
            after = .take()
        }
        #expect(after.descriptors <= before.descriptors)
        #expect(after.threads <= before.threads)
    }

    private static func startBesideShutdown() async {
        let manager = DialogUsageManager()
        let starting = Task.detached { try? manager.start() }
        let stopping = Task.detached { await manager.shutdown(giveUp: .seconds(1)) }
        _ = await starting.value
        _ = await stopping.value
        // Started after the shutdown was over, it would say so; it may not be running.
        #expect(await manager.shutdown(giveUp: .seconds(1)).isClean)
        #expect(throws: ManagerError.shuttingDown) { try manager.start() }
    }

    @Test("110. A thousand starts and stops leave descriptors, threads and memory where they were (L5)")
    func thousandCycles() async throws {
        func cycle(usages: Int) async throws {
            let manager = DialogUsageManager()
            try manager.start()
            if usages > 0 {
                let account = try await manager.addAccount(address: "sip:alice@127.0.0.1:1")
                for index in 0..<usages {
                    _ = try await manager.message("sip:bob\(index)@127.0.0.1:1", body: [104, 105], from: account)
                }
            }
            _ = await manager.shutdown(giveUp: .seconds(5))
        }
        for _ in 0..<50 { try await cycle(usages: 1) }
        try await cycle(usages: 100)
        let before = WorldCensus.take()
        for _ in 0..<1_000 { try await cycle(usages: 0) }
        for _ in 0..<10 { try await cycle(usages: 100) }
        var after = WorldCensus.take()
        // The last stack thread may still be on its way out of the kernel's list.
        for _ in 0..<2_000 where after.threads > before.threads || after.descriptors > before.descriptors {
            await Task.yield()
            after = .take()
        }
        #expect(after.descriptors <= before.descriptors)
        #expect(after.threads <= before.threads)
        #expect(after.residentPages - before.residentPages < 2_048, "4 KiB each")
    }
}
