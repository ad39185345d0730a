import CursesTerminal
import Synchronization

/// What other threads leave for the terminal's thread, which is woken by its bell. A slow terminal finds everything in
/// one turn; nobody waits for it.
final class TerminalInbox<Letter: Sendable>: Sendable {
    private let letters = Mutex<[Letter]>([])
    private let bell: TerminalBell

    init(_ bell: TerminalBell) { self.bell = bell }

    func post(_ letter: Letter) {
        letters.withLock { $0.append(letter) }
        bell.ring()
    }

    func takeAll() -> [Letter] {
        letters.withLock { letters in
            let taken = letters
            letters = []
            return taken
        }
    }
}
