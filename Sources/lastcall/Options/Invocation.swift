import ArgumentParser

/// What the words of the command line come to.
enum Invocation {
    case run(Options)
    case doctor(DoctorOptions)
    /// Help or the version: text for standard output, and success.
    case answer(String)
    /// Wrong use: text for standard error.
    case refusal(String)

    init(_ arguments: [String]) {
        if arguments.first == "doctor" {
            self = Self.read(Array(arguments.dropFirst())) { .doctor($0) }
        } else {
            self = Self.read(arguments) { .run($0) }
        }
    }

    private static func read<Words: ParsableCommand>(
        _ arguments: [String], _ found: (Words) -> Invocation
    ) -> Invocation {
        do {
            return found(try Words.parse(arguments))
        } catch {
            let text = Words.fullMessage(for: error)
            return Words.exitCode(for: error).isSuccess ? .answer(text) : .refusal(text)
        }
    }
}
