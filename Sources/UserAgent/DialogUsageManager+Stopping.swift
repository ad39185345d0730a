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
        // Without a thread it never ran, and there is nothing to end.
        guard let thread = state.withLock({ $0.thread }) else { return finished().tell() }
        thread.send(.shutdown(mode, giveUp: giveUp, ignoringSoftState: ignoringSoftState))
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
                state.handlers = []
            }
            return Completion(
                report: report, waiters: Array(state.waiters.values), answers: Array(state.answers.values),
                handlers: state.handlers)
        }
        sink.finish()
        return completion
    }

    /// Who is to be told of the end, and what.
    struct Completion {
        fileprivate let report: ManagerReport
        fileprivate let waiters: [CheckedContinuation<ManagerReport, Never>]
        fileprivate let answers: [CheckedContinuation<LibraryMachine.Answer, Never>]
        fileprivate let handlers: [any DumShutdownHandler]

        func tell() {
            for answer in answers { answer.resume(returning: .refused(.shuttingDown)) }
            for waiter in waiters { waiter.resume(returning: report) }
            for handler in handlers { handler.onDumCanBeDeleted() }
        }
    }

    /// On the stack thread.
    func received(_ event: LibraryMachine.Event) {
        switch event {
        case .answered(let token, let answer):
            let continuation = state.withLock { $0.answers.removeValue(forKey: token) }
            continuation?.resume(returning: answer)
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
            if let event = ManagerEvent(event, handle: { self.handle($0) }) { sink.yield(event) }
        }
    }
}
