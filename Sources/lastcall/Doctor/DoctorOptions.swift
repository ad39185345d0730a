import ArgumentParser
import BatchScript

/// `lastcall doctor`.
struct DoctorOptions: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lastcall doctor",
        abstract: "Looks at what a call needs, and says what to do about it.",
        discussion: """
            Configuration, files, ports, terminal, and for each account its server, the clock and what is done to SIP on the \
            way. Nothing is registered and nobody is called. Exit codes: 0 nothing is wrong, 3 configuration, 4 refused, \
            5 transport.
            """)

    @Flag(name: .long, help: "One JSON object instead of lines.")
    var json = false

    @Option(
        name: .long, help: ArgumentHelp("Read this configuration, or config.yaml in this folder.", valueName: "path"))
    var config: String?

    @Flag(name: .long, help: "Look at the domain that lastcall brings along instead of your own accounts.")
    var sandbox = false

    /// As every other run has them.
    var options: Options {
        get throws {
            var words = sandbox ? ["--sandbox"] : []
            if let config { words += ["--config", config] }
            return try Options.parse(words)
        }
    }
}
