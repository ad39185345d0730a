import BatchScript
import CursesTerminal
import Glibc
import Runtime
import SansIO

@main
struct Main {
    static func main() {
        openStandardDescriptors()
        switch Invocation(Array(CommandLine.arguments.dropFirst())) {
        case .answer(let text): OutputFiles.write(text + "\n", to: STDOUT_FILENO)
        case .refusal(let text):
            OutputFiles.write(text + "\n", to: STDERR_FILENO)
            exit(ExitCode.usage.rawValue)
        case .doctor(let options): exit(DoctorFace.run(options).rawValue)
        case .run(let options): exit(options.format.exit(run(options)).rawValue)
        }
    }

    /// A descriptor that somebody closed before us would be given to the next socket, and our output with it.
    private static func openStandardDescriptors() {
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(descriptor, F_GETFD) < 0 {
            _ = open("/dev/null", O_RDWR)
        }
    }

    /// Every way of not even beginning has one sentence and its exit code.
    private static func run(_ options: Options) -> ExitCode {
        do {
            let environment = Environment.current
            if let question = options.question {
                OutputFiles.write(try question.answer(options, environment: environment), to: STDOUT_FILENO)
                return .success
            }
            if let source = options.importSource {
                let imported = try ImportFiles.read(source, path: options.importPath, environment: environment)
                for warning in imported.warnings { OutputFiles.write(visible(warning) + "\n", to: STDERR_FILENO) }
                OutputFiles.write(imported.text(of: source), to: STDOUT_FILENO)
                return .success
            }
            if let file = options.script.check {
                let script = try ScriptFile.load(file, options, environment: environment)
                OutputFiles.write("\(file): no errors in \(script.statements.count) lines\n", to: STDOUT_FILENO)
                return .success
            }
            if let file = options.batch, options.script.dryRun {
                let script = try ScriptFile.load(file, options, environment: environment)
                let configuration = try options.configuration(environment)
                let plan = PlanText.lines(of: script, giveUp: configuration.giveUp)
                OutputFiles.write(plan.map { $0 + "\n" }.joined(), to: STDOUT_FILENO)
                return .success
            }
            if let file = options.batch {
                let script = try ScriptFile.load(file, options, environment: environment)
                let configuration = try options.configuration(environment)
                let files = try OutputFiles(trace: options.trace, log: options.log)
                return try BatchFace(options, script, files).run(configuration)
            }
            if options.linear || isDumb {
                let configuration = try options.configuration(environment)
                let files = try OutputFiles(trace: options.trace, log: options.log)
                return try LinearFace(options, files).run(configuration, environment: environment)
            }
            guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else {
                return refuse(
                    ["lastcall needs a terminal; without one: lastcall --batch FILE, or --linear for lines"], .usage,
                    options)
            }
            let configuration = try options.configuration(environment)
            let files = try OutputFiles(trace: options.trace, log: options.log)
            return try TerminalFace(options, files).run(configuration, environment: environment)
        } catch let errors as ScriptErrors {
            return refuse(errors.all.map(\.description), .usage, options)
        } catch let errors as ConfigurationErrors {
            return refuse(errors.all.map { "lastcall: \($0)" }, .configuration, options)
        } catch let error as UsageFault {
            return refuse(["lastcall: \(error)"], .usage, options)
        } catch {
            // A configuration that cannot be read, a port that is taken.
            return refuse(["lastcall: \(error)"], .configuration, options)
        }
    }

    /// A terminal that can place no cursor: it gets lines.
    private static var isDumb: Bool {
        isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 && !Terminal.canPosition
    }

    private static func refuse(_ reasons: [String], _ exit: ExitCode, _ options: Options) -> ExitCode {
        LastResort.tell(reasons, exit: exit, options.format)
        return exit
    }
}
