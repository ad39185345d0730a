/// Why there is no screen to draw on, in words for the user.
package enum TerminalError: Error, Hashable, Sendable, CustomStringConvertible {
    case notATerminal
    case cannotPosition(term: String)
    case noResources

    package var description: String {
        switch self {
        case .notATerminal:
            "standard input and standard output must be a terminal; without one, run a script with --batch FILE, or use --linear"
        case .cannotPosition(let term):
            "the terminal type '\(term)' is unknown or cannot place the cursor; set TERM, or use --linear"
        case .noResources:
            "the system gave no descriptor for waking the terminal's thread"
        }
    }
}
