import CTerminal
import Glibc
import SansIO

/// What happened since the last turn of a line-by-line run.
package enum LineEvent: Hashable, Sendable {
    case line(String)
    /// There will be no more lines.
    case endOfInput
    case signal(CInt)
    case rung
    case elapsed
}

/// What to do next.
package enum LineTurn: Sendable {
    /// Write these and come back when something happens, at the latest after `again`. `reads`: whether further lines are
    /// taken; else they wait where they come from.
    case say([String], again: Duration?, reads: Bool = true)
    /// Write these and return.
    case leave([String])
}

/// The terminal's thread when there is no screen: whole lines in, whole lines out, and no control sequence ever. The
/// terminal's own line editing is left as it is.
package enum LineLoop {
    /// A line that is longer is cut.
    private static let longest = 65_536

    /// - Parameter prompt: written when a line is wanted; nil where nobody sees it.
    package static func run(
        bell: TerminalBell, signals: CInt, prompt: String?, write: (String) -> Void, turn: ([LineEvent]) -> LineTurn
    ) {
        var input = Input()
        var isPrompting = false
        var events: [LineEvent] = [.rung]
        while true {
            if events.contains(where: { if case .line = $0 { true } else { false } }) { isPrompting = false }
            let (lines, again, reads, isOver): ([String], Duration?, Bool, Bool) =
                switch turn(events) {
                case .say(let lines, let again, let reads): (lines, again, reads, false)
                case .leave(let lines): (lines, nil, false, true)
                }
            var text = ""
            if !lines.isEmpty || isOver, isPrompting, prompt != nil {
                text = "\n"
                isPrompting = false
            }
            text += lines.map { $0 + "\n" }.joined()
            if let prompt, !isPrompting, !isOver {
                text += prompt
                isPrompting = true
            }
            write(text)
            if isOver { return }
            events = input.events(bell, signals, within: again, reads: reads)
        }
    }

    private struct Input {
        private var isOpen = true
        private var begun: [UInt8] = []

        mutating func events(
            _ bell: TerminalBell, _ signals: CInt, within limit: Duration?, reads: Bool
        ) -> [LineEvent] {
            var events: [LineEvent] = []
            repeat {
                let happened = ct_wait(isOpen && reads, bell.descriptor, signals, limit.inMillisecondsToWait)
                if happened == 0, limit != nil { return [.elapsed] }
                if happened & CInt(ct_signalled) != 0 { events += pendingSignals(signals) }
                if happened & CInt(ct_keys | ct_hung_up) != 0 { events += read() }
                if happened & CInt(ct_rung) != 0 {
                    ct_bell_silence(bell.descriptor)
                    events.append(.rung)
                }
            } while events.isEmpty
            return events
        }

        private func pendingSignals(_ signals: CInt) -> [LineEvent] {
            var events: [LineEvent] = []
            while true {
                switch ct_next_signal(signals) {
                case 0: return events
                case SIGWINCH: break
                case SIGTSTP: ct_stop_job()
                case SIGCONT: events.append(.rung)
                case let number: events.append(.signal(number))
                }
            }
        }

        private mutating func read() -> [LineEvent] {
            var chunk = [UInt8](repeating: 0, count: 4_096)
            let count = Glibc.read(STDIN_FILENO, &chunk, chunk.count)
            if count < 0, errno == EINTR || errno == EAGAIN { return [] }
            guard count > 0 else {
                isOpen = false
                defer { begun = [] }
                return (begun.isEmpty ? [] : [.line(Self.text(begun))]) + [.endOfInput]
            }
            var events: [LineEvent] = []
            for byte in chunk[..<count] {
                if byte == 10 {
                    events.append(.line(Self.text(begun)))
                    begun = []
                } else if begun.count < LineLoop.longest {
                    begun.append(byte)
                }
            }
            return events
        }

        private static func text(_ bytes: [UInt8]) -> String {
            String(decoding: bytes.last == 13 ? bytes.dropLast() : bytes[...], as: UTF8.self)
        }
    }
}
