import ArgumentParser
import BatchScript

/// What is asked of a script beside running it.
struct ScriptOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("Say what is wrong with a script, and send nothing.", valueName: "file"))
    var check: String?

    @Flag(name: .long, help: "With --batch: say what the script would do, and send nothing.")
    var dryRun = false

    @Flag(name: .long, help: "With --batch: one line and an exit code for Nagios; as --output nagios.")
    var nagios = false

    @Flag(name: .long, help: "Let the script disturb the network: fault drop, delay, blackhole, reset.")
    var allowFaults = false

    func validate(batch: String?, output: OutputFormat) throws {
        if check != nil, batch != nil { throw ValidationError("--check takes the script itself; leave --batch out") }
        if batch == nil, dryRun { throw ValidationError("--dry-run needs --batch; it says what a script would do") }
        if batch == nil, check == nil, allowFaults {
            throw ValidationError("--allow-faults needs --batch or --check; scripts make the faults")
        }
        if batch == nil, nagios { throw ValidationError("--nagios needs --batch; it is the verdict on a script") }
        if nagios, output != .text, output != .nagios {
            throw ValidationError("--nagios and --output \(output.rawValue) are two ways to tell one run; keep one")
        }
    }
}

extension Options {
    /// How the run is told.
    var format: OutputFormat { script.nagios ? .nagios : output }
}
