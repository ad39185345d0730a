import Dispatch
import Runtime
import SoftphoneCore

/// Puts what is to be kept into the user's files, one after the other, on no thread that anybody waits for.
final class Keeper: Sendable {
    private let editor: ConfigurationEditor?
    private let history: HistoryFile?
    private let reloader: Locked<Reloader>
    private let queue = DispatchQueue(label: "lastcall.keeper")

    /// - Parameters:
    ///   - configuration: nil: nothing is kept, as with a sandbox.
    ///   - history: nil: no history is written, as for scripts.
    ///   - reloader: for when the configuration is read again.
    init(_ configuration: ConfigurationFile?, _ history: HistoryFile? = nil, _ reloader: Reloader) {
        self.reloader = Locked(reloader)
        editor = configuration.map { ConfigurationEditor(configuration: $0) }
        self.history = history
    }

    func keep(_ keeping: Keeping, _ answer: @escaping @Sendable (Kept) -> Void) {
        queue.async { answer(self.editor?.perform(keeping) ?? .forThisRun) }
    }

    func reload(_ answer: @escaping @Sendable (Reloaded, Configuration?) -> Void) {
        queue.async {
            let (outcome, configuration) = self.reloader.withLock { $0.reload() }
            answer(outcome, configuration)
        }
    }

    func keep(_ call: PastCall) { queue.async { self.history?.append(call) } }

    /// Returns when all is on disk.
    func finish() { queue.sync {} }
}
