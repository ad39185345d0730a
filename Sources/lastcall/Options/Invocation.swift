import ArgumentParser

/// What the words of the command line come to.
enum Invocation {
    case run(Options)
    /// Help or the version: text for standard output, and success.
    case answer(String)
    /// Wrong use: text for standard error.
    case refusal(String)

    init(_ arguments: [String]) {
        do {
            self = .run(try Options.parse(arguments))
        } catch {
            let text = Options.fullMessage(for: error)
            self = Options.exitCode(for: error).isSuccess ? .answer(text) : .refusal(text)
        }
    }
}
