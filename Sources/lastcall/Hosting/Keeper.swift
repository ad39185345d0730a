import Dispatch
import SoftphoneCore

/// Puts what is to be kept into the user's files, one after the other, on no thread that anybody waits for.
final class Keeper: Sendable {
    private let editor: ConfigurationEditor?
    private let queue = DispatchQueue(label: "lastcall.keeper")

    /// - Parameter configuration: nil: nothing is kept, as with a sandbox.
    init(_ configuration: ConfigurationFile?) { editor = configuration.map { ConfigurationEditor(configuration: $0) } }

    func keep(_ keeping: Keeping, _ answer: @escaping @Sendable (Kept) -> Void) {
        queue.async { answer(self.editor?.perform(keeping) ?? .forThisRun) }
    }

    /// Returns when all is on disk.
    func finish() { queue.sync {} }
}
