import Glibc
import Runtime
import Testing

@Suite("Signals", .serialized)
struct SignalTests {
    private final class Work: Sendable {
        let body: @Sendable () -> [CInt]
        let result = Locked<[CInt]>([])
        init(_ body: @escaping @Sendable () -> [CInt]) { self.body = body }
    }
    /// On a thread of its own, because a thread that has blocked signals would keep them blocked for other tests.
    private func onFreshThread(_ body: @escaping @Sendable () -> [CInt]) -> [CInt] {
        let work = Work(body)
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let work = Unmanaged<Work>.fromOpaque(argument).takeRetainedValue()
                let result = work.body()
                work.result.withLock { $0 = result }
                return nil
            }, Unmanaged.passRetained(work).toOpaque())
        pthread_join(thread, nil)
        return work.result.withLock { $0 }
    }

    @Test("A signal is read from the descriptor instead of ending the program", arguments: SignalSource.Signal.allCases)
    func read(signal: SignalSource.Signal) {
        let read = onFreshThread {
            guard let source = try? SignalSource() else { return [] }
            pthread_kill(pthread_self(), signal.rawValue)
            var watched = pollfd(fd: source.descriptor, events: Int16(POLLIN), revents: 0)
            poll(&watched, 1, 2_000)
            return [source.next()?.rawValue ?? 0, source.next()?.rawValue ?? 0]
        }
        #expect(read == [signal.rawValue, 0])
    }

    @Test("Writing to a connection that is gone is an error, not the end of the program (H-139)")
    func brokenPipe() {
        let result = onFreshThread {
            guard let source = try? SignalSource() else { return [] }
            var ends: [CInt] = [0, 0]
            pipe(&ends)
            close(ends[0])
            let written = write(ends[1], "x", 1)
            let error = errno
            close(ends[1])
            return withExtendedLifetime(source) { written < 0 ? [error] : [] }
        }
        #expect(result == [EPIPE])
    }
}
