import DialogUsage
import Runtime
import SansIO

/// Completion (`shutdown.md`, S8): the core says that it is done, the stack thread is joined, and only then does
/// anybody hear of it, never on the stack thread.
extension DialogUsageManager {
    func stop(
        _ mode: ShutdownMode, giveUp: Duration, ignoringSoftState: Bool = false, handler: any DumShutdownHandler
    ) {
        let isOver = state.withLock { state in
            if state.report != nil { return true }
            state.handlers.append(handler)
            return false
        }
        if isOver { return handler.onDumCanBeDeleted() }
        begin(mode, giveUp: giveUp, ignoringSoftState: ignoringSoftState)
    }

    func stopAndWait(
        _ mode: ShutdownMode, giveUp: Duration, ignoringSoftState: Bool = false
    ) async -> ManagerReport {
        await withCheckedContinuation { continuation in
            let stored: ManagerReport? = state.withLock { state in
                if let report = state.report { return report }
                let token = state.nextToken
                state.nextToken += 1
                state.waiters[token] = continuation
                return nil
            }
            if let stored { return continuation.resume(returning: stored) }
            begin(mode, giveUp: giveUp, ignoringSoftState: ignoringSoftState)
        }
    }

    private func begin(_ mode: ShutdownMode, giveUp: Duration, ignoringSoftState: Bool) {
        let command = LibraryMachine.Command.shutdown(
            mode, giveUp: giveUp, ignoringSoftState: ignoringSoftState, plan: nil)
        let (thread, isStarting) = state.withLock { state in
            let isStarting = state.isStarted && state.thread == nil && state.report == nil
            if isStarting { state.early.append(command) }
            return (state.thread, isStarting)
        }
        if isStarting { return }
        // Without a thread it never ran, and there is nothing to end.
        guard let thread else { return finished().tell() }
        thread.send(command, evenIfFull: true)
    }

    /// On the completion thread, after the stack thread was joined; or at once when there never was one. Whoever calls this
    /// lets go of the manager before it tells anybody, so that those who are told may find it gone.
    func finished() -> Completion {
        let completion = state.withLock { state in
            let report = state.report ?? ManagerReport(state.result ?? .empty(.graceful))
            state.report = report
            state.thread = nil
            state.isStarted = true
            defer {
                state.waiters = [:]
                state.answers = [:]
                state.usages = [:]
                state.handlers = []
            }
            return Completion(
                report: report, waiters: Array(state.waiters.values), answers: Array(state.answers.values),
                usages: Array(state.usages.values), handlers: state.handlers)
        }
        sink.finish()
        return completion
    }

    /// Who is to be told of the end, and what.
    struct Completion {
        fileprivate let report: ManagerReport
        fileprivate let waiters: [CheckedContinuation<ManagerReport, Never>]
        fileprivate let answers: [CheckedContinuation<Reply, Never>]
        fileprivate let usages: [(book: UsageBook, readers: UsageReaders)]
        fileprivate let handlers: [any DumShutdownHandler]

        func tell() {
            for answer in answers { answer.resume(returning: Reply(answer: .refused(.shuttingDown), handle: nil)) }
            for usage in usages {
                usage.book.close(.abandoned)
                usage.readers.close()
            }
            for waiter in waiters { waiter.resume(returning: report) }
            for handler in handlers { handler.onDumCanBeDeleted() }
        }
    }

    /// On the stack thread.
    func received(_ event: LibraryMachine.Event) {
        switch event {
        case .answered(let token, let answer):
            var handle: UsageHandle?
            if case .usage(let id) = answer { handle = self.handle(id) }
            let continuation = state.withLock { $0.answers.removeValue(forKey: token) }
            continuation?.resume(returning: Reply(answer: answer, handle: handle))
        case .stopped(let report): state.withLock { $0.result = report }
        case .shutdownProgressed(let blockers, let now):
            sink.yield(.shutdownProgress(waitingFor: blockers.map { $0.sentence(at: now) }))
        case .happened(.shutdownCancelled):
            let waiters = state.withLock { state in
                defer { state.waiters = [:] }
                return state.waiters.values
            }
            for waiter in waiters { waiter.resume(returning: ManagerReport(.empty(.cancelled))) }
        case .happened(let event):
            let events = ManagerEvent.events(of: event) { self.handle($0) }
            let own = ManagerEvent.events(of: event) { self.handle($0).inOwnEvent }
            for (event, own) in zip(events, own) { tell(event, own) }
        }
    }

    /// The usage's own readers first, and its end last of all.
    private func tell(_ event: ManagerEvent, _ own: ManagerEvent) {
        event.usage?.readers?.note(own)
        sink.yield(event)
        guard case .ended(let usage, let end) = event else { return }
        state.withLock { $0.usages[usage.id] = nil }
        usage.book.close(end)
        usage.readers?.close()
    }

    /// The handle of a usage that is alive; all its handles share one book and one list of readers.
    private func handle(_ id: AnyUsageID) -> UsageHandle {
        let (book, readers) = state.withLock { state in
            if let known = state.usages[id] { return known }
            let new = (book: UsageBook(), readers: UsageReaders(eventBuffer: max(1, configuration.eventBuffer)))
            state.usages[id] = new
            return new
        }
        return UsageHandle(id: id, book: book, readers: readers, knownReaders: readers, manager: self)
    }
}
