import CTerminal
import Glibc
import SansIO
package import TerminalUI

/// What happened since the last turn.
package enum TerminalEvent: Hashable, Sendable {
    case key(Key)
    case mouse(Mouse)
    /// Also the first event of all.
    case resized(Size)
    /// A signal by its number; those which only concern the screen (WINCH, TSTP, CONT) are dealt with here.
    case signal(CInt)
    case rung
    /// The time asked for with `again` has passed.
    case elapsed
    /// The terminal is gone; there will be no more keys.
    case hungUp
}

/// What to do next.
package enum TerminalTurn: Sendable {
    /// Show this and come back when something happens, at the latest after `again`.
    case show(Frame, again: Duration?)
    /// Leave the screen as it is, and come back likewise.
    case wait(again: Duration?)
    /// Give the terminal back and return.
    case leave
}

/// The terminal thread: whoever calls `run` is it, until a turn says `.leave`.
///
/// It waits in one place for keys, for the bell, for signals and for time; everything that has come by then makes one
/// turn and at most one redraw, so that a storm of events costs one screen.
package enum TerminalLoop {
    /// `signals` is a descriptor from which blocked signals can be read (`SignalSource`); the terminal's own handlers
    /// never run then.
    package static func run(
        bell: TerminalBell, signals: CInt, colours: Bool, glyphs: Terminal.Glyphs,
        turn: ([TerminalEvent], Size) -> TerminalTurn
    ) throws(TerminalError) {
        let terminal = try Terminal(colours: colours, glyphs: glyphs)
        defer { terminal.stop() }
        var waiting = Waiting(terminal: terminal, bell: bell, signals: signals)
        var size = terminal.size
        var events: [TerminalEvent] = [.resized(size)]
        while true {
            let limit: Duration?
            switch turn(events, size) {
            case .show(let frame, let again):
                terminal.show(frame)
                limit = again
            case .wait(let again): limit = again
            case .leave: return
            }
            events = waiting.events(within: limit)
            for case .resized(let new) in events { size = new }
        }
    }

    private struct Waiting {
        let terminal: Terminal
        let bell: TerminalBell
        let signals: CInt
        private var reader = KeyReader()
        private var hasKeyboard = true

        init(terminal: Terminal, bell: TerminalBell, signals: CInt) {
            self.terminal = terminal
            self.bell = bell
            self.signals = signals
        }

        /// At least one event.
        mutating func events(within limit: Duration?) -> [TerminalEvent] {
            var events: [TerminalEvent] = []
            repeat {
                let happened = ct_wait(hasKeyboard, bell.descriptor, signals, limit.inMillisecondsToWait)
                if happened == 0, limit != nil { return [.elapsed] }
                if happened & CInt(ct_signalled) != 0 { events += pendingSignals() }
                if happened & CInt(ct_keys) != 0 { events += keys() }
                if happened & CInt(ct_hung_up) != 0 {
                    hasKeyboard = false
                    events.append(.hungUp)
                }
                if happened & CInt(ct_rung) != 0 {
                    ct_bell_silence(bell.descriptor)
                    events.append(.rung)
                }
            } while events.isEmpty
            return events
        }

        /// Without the terminal's own Ctrl-Z, which raw mode makes a key like any other.
        private mutating func keys() -> [TerminalEvent] {
            reader.readAll().compactMap { input in
                switch input {
                case .mouse(let mouse): return .mouse(mouse)
                case .key(.control("z")):
                    ct_stop_job()
                    return nil
                case .key(let key): return .key(key)
                }
            }
        }

        private func pendingSignals() -> [TerminalEvent] {
            var events: [TerminalEvent] = []
            var isResized = false
            while true {
                switch ct_next_signal(signals) {
                case 0: return isResized ? events + [.resized(terminal.size)] : events
                case SIGWINCH: isResized = true
                case SIGTSTP: ct_stop_job()
                case SIGCONT:
                    terminal.resume()
                    isResized = true
                case let number: events.append(.signal(number))
                }
            }
        }
    }
}
