import BatchScript
import CursesTerminal
import Glibc
import Media
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
        let accounts = options.sandbox ? [] : try UserAccounts.accounts(of: configuration)
        let signals = try SignalSource()
        let bell = try TerminalBell()
        let inbox = TerminalInbox<TerminalNews>(bell)
        let applied = Wire<UInt64>()
        let surroundings = try Surroundings(
            options, configuration, accounts: accounts, device: nil, tracesMessages: files.wantsTrace, applied: applied)
        let (sandbox, setup) = (surroundings.sandbox, surroundings.softphone)
        let media = Wire<MediaEvent>()
        let audio = try AudioThread(name: "lc-audio") { media.send($0) }
        let stack = try StackThread<Softphone>.start(
            listen: surroundings.listen,
            make: { Softphone(setup, local: $0, entropy: SystemEntropy.make()) },
            onEvent: { event in
                switch event {
                case .media(let command): audio.post(command)
                case .fault(let request, let fault): sandbox?.apply(fault, token: request.serial)
                case .completed, .happened, .changed, .snapshot, .shutdownUsage, .stopped, .traced:
                    inbox.post(.event(event))
                }
            },
            onFinished: { inbox.post(.finished) })
        media.connect { stack.send(.media($0)) }
        applied.connect { stack.send(.faultApplied(RequestID(serial: $0))) }
        var session = TerminalSession(stack, inbox, keys: configuration.keys, logs: files.wantsLog)
        try TerminalLoop.run(
            bell: bell, signals: signals.descriptor,
            colours: configuration.terminal.usesColour(environment: environment), glyphs: configuration.terminal.shown
        ) { events, size in session.turn(events, size, files) }
        if session.isAbandoned {
            for line in session.farewell { files.write(OutputLine(.error, line)) }
            _exit(session.exit.rawValue)
        }
        audio.stop()
        return report(session, surroundings)
    }

    /// On the normal screen, after the terminal is the user's again.
    private func report(_ session: borrowing TerminalSession, _ surroundings: Surroundings) -> ExitCode {
        for line in session.farewell { files.write(OutputLine(.output, line)) }
        guard let left = surroundings.end() else { return session.exit }
        files.write(OutputLine(.error, "lastcall: \(left)"))
        return session.exit == .success ? .internalError : session.exit
    }
}

extension Configuration.Terminal {
    /// `NO_COLOR` counts when it is not empty (no-color.org).
    func usesColour(environment: [String: String]) -> Bool {
        switch color {
        case .always: true
        case .never: false
        case .auto: (environment["NO_COLOR"] ?? "").isEmpty
        }
    }

    var shown: Terminal.Glyphs {
        switch glyphs {
        case .auto: .byLocale
        case .unicode: .unicode
        case .ascii: .ascii
        }
    }
}
