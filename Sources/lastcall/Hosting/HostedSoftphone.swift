import CursesTerminal
import DialogUsage
import Media
import Runtime
import SansIO
import SoftphoneCore

/// What the other threads tell the one that shows it.
enum TerminalNews: Sendable {
    case event(SoftphoneEvent)
    /// So many events and messages came while it stood still that they could not all be kept.
    case dropped(Int)
    /// The configuration has been read again.
    case configuration(Configuration)
    /// The stack thread has been joined; nothing of the user agent is left.
    case finished
}

/// A softphone that somebody sits at: its threads, and the inbox in which they leave their news.
struct HostedSoftphone {
    let stack: StackThread<Softphone>
    let inbox: TerminalInbox
    let bell: TerminalBell
    let signals: SignalSource
    let ending: SessionEnding
    private let keeper: Keeper
    private let watchdog: StuckWriter
    private let audio: AudioThread
    private let surroundings: Surroundings

    static func start(
        _ options: Options, _ configuration: Configuration, environment: [String: String], tracesMessages: Bool
    ) throws -> HostedSoftphone {
        let accounts = options.sandbox ? [] : try UserAccounts.accounts(of: configuration)
        let signals = try SignalSource()
        let bell = try TerminalBell()
        let inbox = TerminalInbox(bell)
        let applied = Wire<UInt64>()
        // The sandbox's domain ends with us, and so does all that it believes.
        let receipt = options.sandbox || options.ephemeral ? nil : ReceiptFile(environment: environment)
        let surroundings = try Surroundings(
            options, configuration, accounts: accounts, device: nil, tracesMessages: tracesMessages, applied: applied)
        let sandbox = surroundings.sandbox
        let history = options.sandbox || options.ephemeral ? nil : HistoryFile(environment: environment)
        var beginning = surroundings.softphone
        beginning.leftovers = receipt?.leftovers(at: MonotonicClock.now()) ?? []
        beginning.history = history?.calls(at: MonotonicClock.now()) ?? []
        let setup = beginning
        let keeper = Keeper(
            options.sandbox ? nil : options.configurationFile(environment), history,
            Reloader(options, configuration, accounts: accounts, environment: environment))
        let reloaded = Wire<(RequestID, Reloaded)>()
        let kept = Wire<(RequestID, Kept)>()
        let ending = SessionEnding(receipt: receipt, leftovers: setup.leftovers)
        let watchdog = StuckWriter(signals, ending)
        let media = Wire<MediaEvent>()
        let audio = try AudioThread(name: "lc-audio") { media.send($0) }
        let stack = try StackThread<Softphone>.start(
            listen: surroundings.listen,
            make: { Softphone(setup, local: $0, entropy: SystemEntropy.make()) },
            onEvent: { event in
                switch event {
                case .media(let command): audio.post(command)
                case .fault(let request, let fault): sandbox?.apply(fault, token: request.serial)
                case .keep(let request, let keeping): keeper.keep(keeping) { kept.send((request, $0)) }
                case .reload(let request):
                    keeper.reload { outcome, configuration in
                        if let configuration { inbox.post(.configuration(configuration)) }
                        reloaded.send((request, outcome))
                    }
                case .callEnded(let call): keeper.keep(call)
                case .bound(let id, let binding): ending.bound(id, binding)
                case .leftovers(let leftovers): ending.left(leftovers)
                case .completed, .happened, .changed, .snapshot, .traced: inbox.post(.event(event))
                case .shutdownUsage(let row, _, let name):
                    ending.named(name, row.id)
                    inbox.post(.event(event))
                case .stopped(let report):
                    ending.stopped(report)
                    inbox.post(.event(event))
                }
            },
            onFinished: {
                // Here, because whoever shows things may be stuck, or be left by those who read them.
                ending.keepReceipt()
                inbox.post(.finished)
                watchdog.finished()
            })
        try watchdog.watch { stack.send($0) }
        media.connect { stack.send(.media($0)) }
        reloaded.connect { stack.send(.reloaded($0.0, $0.1)) }
        kept.connect { stack.send(.kept($0.0, $0.1)) }
        applied.connect { stack.send(.faultApplied(RequestID(serial: $0))) }
        return HostedSoftphone(
            stack: stack, inbox: inbox, bell: bell, signals: signals, ending: ending, keeper: keeper,
            watchdog: watchdog, audio: audio, surroundings: surroundings)
    }

    /// The run is over, and its last lines are going to be written.
    func release() { watchdog.release() }

    /// After `finished`: the audio thread and the sandbox go too.
    ///
    /// - Returns: what the sandbox left behind, in a sentence; nil when all is well.
    func end() -> String? {
        release()
        audio.stop()
        keeper.finish()
        return surroundings.end()
    }
}
