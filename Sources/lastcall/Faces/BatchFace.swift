import BatchScript
import DialogUsage
import Glibc
import Media
import Runtime
import SansIO
import SoftphoneCore

/// `lastcall --batch FILE`: a script at the keys.
struct BatchFace: ~Copyable {
    private let options: Options
    private let script: Script
    private let files: OutputFiles
    private let news = Outbox<News>()

    /// What the threads tell the one that writes.
    private enum News: Sendable {
        case event(ScriptedSoftphone.Event)
        case reopenFiles
        /// The stack thread has been joined; nothing of the user agent is left.
        case finished
    }

    init(_ options: Options, _ script: Script, _ files: consuming OutputFiles) {
        self.options = options
        self.script = script
        self.files = files
    }

    /// Runs it to its end and answers with the exit code.
    func run(_ configuration: Configuration) throws -> ExitCode {
        let accounts = options.sandbox ? [] : try UserAccounts.accounts(of: configuration)
        SignalThread.block()
        let started = MonotonicClock.now()
        let applied = Wire<UInt64>()
        let surroundings = try Surroundings(
            options, configuration, accounts: accounts, device: script.device, tracesMessages: files.wantsTrace,
            applied: applied)
        let (sandbox, setup) = (surroundings.sandbox, surroundings.softphone)
        if let sandbox, options.format != .nagios { say("sandbox: udp,tcp \(sandbox.address)") }
        let runner = ScriptRunner(
            script, start: startRecord(sandbox), overallTime: options.timeout?.duration, giveUp: configuration.giveUp)
        let format = options.format
        let keepsLog = files.wantsLog
        let media = Wire<MediaEvent>()
        let audio = try AudioThread(name: "lc-audio") { media.send($0) }
        let environment = Environment.current
        let keeper = Keeper(
            options.sandbox ? nil : options.configurationFile(environment), nil,
            Reloader(options, configuration, accounts: accounts, environment: environment))
        let reloaded = Wire<(RequestID, Reloaded)>()
        let kept = Wire<(RequestID, Kept)>()
        let news = news
        let stack = try StackThread<ScriptedSoftphone>.start(
            listen: surroundings.listen,
            make: { local in
                let softphone = Softphone(setup, local: local, entropy: SystemEntropy.make())
                return ScriptedSoftphone(
                    softphone, runner: runner, format: format, keepsLog: keepsLog, started: started)
            },
            onEvent: { event in
                switch event {
                case .media(let command): audio.post(command)
                case .fault(let request, let fault): sandbox?.apply(fault, token: request.serial)
                case .keep(let request, let keeping): keeper.keep(keeping) { kept.send((request, $0)) }
                case .reload(let request): keeper.reload { outcome, _ in reloaded.send((request, outcome)) }
                case .line, .file, .screen, .verdict: news.post(.event(event))
                case .traced, .logged: news.post(.event(event), isDroppable: true)
                }
            },
            onFinished: { news.post(.finished) })
        media.connect { stack.send(.media($0)) }
        reloaded.connect { stack.send(.reloaded($0.0, $0.1)) }
        kept.connect { stack.send(.kept($0.0, $0.1)) }
        applied.connect { stack.send(.faultApplied(RequestID(serial: $0))) }
        listenForSignals { stack.send(.interrupted($0)) }
        stack.send(.start)
        let exit = writeUntilFinished { stack.send(.written($0, $1)) }
        audio.stop()
        keeper.finish()
        return files.conclude(exit, leftBehind: surroundings.end())
    }

    private func writeUntilFinished(_ written: (RequestID, String?) -> Void) -> ExitCode {
        var exit = ExitCode.internalError
        while true {
            for letter in news.takeAll() {
                switch letter {
                case .event(.line(let line)): files.write(line)
                case .event(.traced(let line)): files.write(line)
                case .event(.logged(let line)): files.log(line)
                case .event(.file(let request, let path, let bytes)):
                    written(request, OutputFiles.fault(writing: bytes, to: path))
                case .event(.screen(let request, let path, let model)):
                    written(request, OutputFiles.fault(writing: Array(ScreenText.of(model).utf8), to: path))
                case .event(.verdict(let verdict)): exit = verdict.exit
                case .event(.media), .event(.fault), .event(.keep), .event(.reload): break
                case .reopenFiles:
                    if let trouble = files.reopen(at: MonotonicClock.now()) {
                        say("lastcall: \(trouble["reason"]?.description ?? "")")
                    }
                case .finished:
                    let lost = news.lostLetters
                    if lost > 0 {
                        say("lastcall: \(lost) lines of --trace and --log were lost: our output was not read")
                    }
                    return exit
                }
            }
        }
    }

    /// The third signal leaves everything where it is.
    private func listenForSignals(_ interrupt: @escaping @Sendable (Interruption) -> Void) {
        let format = options.format
        let news = news
        SignalThread.start { heard in
            switch heard {
            case .reopen: news.post(.reopenFiles)
            case .interruption(let interruption, let count) where count < 3: interrupt(interruption)
            case .interruption(let interruption, _): LastResort.leave(interruption, format)
            }
        }
    }

    private func startRecord(_ sandbox: SandboxHost?) -> StartRecord {
        StartRecord(
            time: WallClock.now().iso8601, application: "lastcall \(Options.version)", file: script.file,
            sandbox: sandbox?.address.description)
    }

    private func say(_ text: String) { files.write(OutputLine(.error, text)) }
}
