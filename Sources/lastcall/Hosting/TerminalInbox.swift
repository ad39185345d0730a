import CursesTerminal
import Runtime

/// What other threads leave for the terminal's thread, which is woken by its bell. A slow terminal finds everything in
/// one turn; nobody waits for it.
final class TerminalInbox<Letter: Sendable>: Sendable {
    private let mailbox = Mailbox<Letter>(capacity: .max)
    private let bell: TerminalBell

    init(_ bell: TerminalBell) { self.bell = bell }

    func post(_ letter: Letter) { _ = mailbox.post([letter]) { bell.ring() } }

    /// To be called after the bell has been silenced.
    func takeAll() -> [Letter] { mailbox.takeAll() }
}
