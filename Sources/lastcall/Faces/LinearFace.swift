import BatchScript
import CursesTerminal
import Glibc
import Runtime
import SansIO
import SoftphoneCore

/// `lastcall --linear`: the same softphone, with lines instead of a screen. Also where the terminal can place no cursor.
struct LinearFace: ~Copyable {
    private let options: Options
    private let files: OutputFiles

    init(_ options: Options, _ files: consuming OutputFiles) {
        self.options = options
        self.files = files
    }

    /// Runs until the user has left, or the input has ended, and everything has ended.
    func run(_ configuration: Configuration, environment: [String: String]) throws -> ExitCode {
        let host = try HostedSoftphone.start(
            options, configuration, environment: environment, tracesMessages: files.wantsTrace)
        let isTerminal = isatty(STDIN_FILENO) == 1
        var session = LinearSession(host, waitsForAnswers: !isTerminal, logs: files.wantsLog)
        LineLoop.run(
            bell: host.bell, signals: host.signals.descriptor, prompt: isTerminal ? "> " : nil,
            write: { OutputFiles.write($0, to: STDOUT_FILENO) }
        ) { events in session.turn(events, files) }
        host.ending.keepReceipt()
        if session.isAbandoned { _exit(session.exit.rawValue) }
        return files.conclude(session.exit, leftBehind: host.end())
    }
}
