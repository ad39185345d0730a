import CNetwork
import SansIO

/// Asks the system for the addresses of names, away from the stack thread, two questions at a time.
///
/// The system's resolver cannot be interrupted and may wait seconds for a dead name server. A thread which is in it
/// when everything else ends is therefore let go: it keeps nothing of ours but its question, and its answer is dropped.
final class Resolver: Sendable {
    typealias Answer = @Sendable (ResolutionID, [IPAddress]) -> Void

    private struct Question {
        var id: ResolutionID
        var host: String
    }
    private struct State {
        var waiting: [Question] = []
        var busy = 0
        var answer: Answer?
    }
    private static let mostThreads = 2
    /// Questions beyond this are answered at once with "no addresses".
    private static let mostWaiting = 256

    private let state: Locked<State>
    private let family: CInt

    /// `family` is what our socket can send to: 4, 6, or 0 for both.
    init(family: CInt, answer: @escaping Answer) {
        self.family = family
        state = Locked(State(answer: answer))
    }

    func resolve(_ id: ResolutionID, host: String) {
        let (isNewThreadWanted, refused) = state.withLock { state -> (Bool, Answer?) in
            guard let answer = state.answer else { return (false, nil) }
            guard state.waiting.count < Self.mostWaiting else { return (false, answer) }
            state.waiting.append(Question(id: id, host: host))
            guard state.busy < Self.mostThreads else { return (false, nil) }
            state.busy += 1
            return (true, nil)
        }
        refused?(id, [])
        guard isNewThreadWanted else { return }
        do throws(RuntimeError) {
            try SystemThread.start("lc-resolver") { self.work() }.letGo()
        } catch {
            let (questions, answer) = state.withLock { state in
                defer { state.waiting = [] }
                state.busy -= 1
                return (state.waiting, state.answer)
            }
            for question in questions { answer?(question.id, []) }
        }
    }

    /// Nothing is answered from now on.
    func stop() {
        state.withLock { state in
            state.waiting = []
            state.answer = nil
        }
    }
    /// Whether every thread has left its last question. Read after `stop`.
    var isIdle: Bool { state.withLock { $0.busy == 0 } }

    private func work() {
        while true {
            let next = state.withLock { state -> Question? in
                guard state.answer != nil, !state.waiting.isEmpty else {
                    state.busy -= 1
                    return nil
                }
                return state.waiting.removeFirst()
            }
            guard let next else { return }
            let found = Self.addresses(of: next.host, family: family)
            let answer = state.withLock { $0.answer }
            answer?(next.id, found)
        }
    }

    private static func addresses(of host: String, family: CInt) -> [IPAddress] {
        let capacity = 16
        var found = [cn_address](repeating: cn_address(), count: capacity)
        let count = cn_resolve(host, family, &found, CInt(capacity))
        return found.prefix(Int(count)).map { SocketAddress($0).ip }
    }
}
