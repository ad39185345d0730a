import BatchScript
import CursesTerminal
import Glibc
import Runtime
import SansIO
import SoftphoneCore
import TerminalUI

/// `lastcall` in a terminal: the stack thread runs the softphone, this thread the screen.
struct TerminalFace: ~Copyable {
    private let options: Options
    private let files: OutputFiles

    init(_ options: Options, _ files: consuming OutputFiles) {
        self.options = options
        self.files = files
    }

    /// Runs until the user has left and everything has ended, and answers with the exit code.
    func run(_ configuration: Configuration, environment: [String: String]) throws -> ExitCode {
        let options = options
        let looks = options.looks(over: configuration.terminal)
        let host = try HostedSoftphone.start(
            options, configuration, environment: environment, tracesMessages: files.wantsTrace)
        var session = TerminalSession(
            host, configuration, look: { options.looks(over: $0.terminal).theme(environment: environment) },
            takesMouse: looks.mouse == .on, logs: files.wantsLog)
        try TerminalLoop.run(
            bell: host.bell, signals: host.signals.descriptor,
            colours: looks.usesColour(environment: environment), glyphs: looks.shown
        ) { events, size in session.turn(events, size, files) }
        host.ending.keepReceipt()
        if session.isAbandoned {
            for line in session.farewell { files.write(OutputLine(.error, line)) }
            _exit(session.exit.rawValue)
        }
        let left = host.end()
        // On the normal screen: the terminal is the user's again.
        for line in session.farewell { files.write(OutputLine(.output, line)) }
        return files.conclude(session.exit, leftBehind: left)
    }
}
