import BatchScript

/// `lastcall` in a terminal.
struct TerminalFace: ~Copyable {
    init(_ options: Options, _ files: consuming OutputFiles) {}

    func run(_ configuration: Configuration, environment: [String: String]) throws -> ExitCode {
        throw UsageFault(description: "this build has no screen; run a script with --batch FILE")
    }
}
