import ArgumentParser
import BatchScript
import SoftphoneCore

/// What stands behind `lastcall` on the command line.
struct Options: ParsableCommand {
    static let version = "0.1.0"
    static let configuration = CommandConfiguration(
        commandName: "lastcall",
        abstract: "A terminal SIP softphone and presence client that says goodbye in order.",
        usage: """
            lastcall --sandbox                      try everything on a domain of its own
            lastcall                                with the accounts of the configuration
            lastcall --sandbox --batch tour.batch   run a script
            lastcall doctor                         see whether all is there that a call needs
            """,
        discussion: """
            The configuration is $XDG_CONFIG_HOME/lastcall/config.yaml. In the terminal, ? lists the keys, : is the \
            prompt, Q shuts down in order and Ctrl-C does too. Exit codes: 0 clean, 1 a step failed, 2 wrong use, \
            3 configuration, 4 refused, 5 transport, 6 timeout, 7 unclean shutdown, 8 not idle, 9 media.
            """,
        version: "lastcall \(version)")

    @Option(name: .long, help: ArgumentHelp("Run a script, then leave; - reads standard input.", valueName: "file"))
    var batch: String?

    @Option(name: .long, help: "How a script's run is told: text for people, jsonl for programs, tap, junit, nagios.")
    var output: OutputFormat = .text

    @Option(name: .long, help: ArgumentHelp("The longest a script may take, such as 30s or 2m.", valueName: "duration"))
    var timeout: Time?

    @OptionGroup
    var script: ScriptOptions

    @Flag(name: .long, help: "Bring a whole SIP domain along, sandbox.test, with alice, bob and echo.")
    var sandbox = false

    @Option(name: .long, help: ArgumentHelp("The sandbox listens on this port of 127.0.0.1.", valueName: "port"))
    var sandboxPort: UInt16?

    @Option(
        name: .long,
        help: ArgumentHelp("Read this configuration, or config.yaml in this folder.", valueName: "path"))
    var config: String?

    @Flag(exclusivity: .exclusive)
    var question: ConfigurationQuestion?

    @Option(
        name: .customLong("import"), parsing: .upToNextOption,
        help: ArgumentHelp(
            """
            Print another client's accounts or contacts as YAML, and leave: \(Import.Source.names). The path of its files \
            may follow.
            """, valueName: "client"))
    var importing: [String] = []

    @Flag(
        name: .long,
        help: "Leave your files alone: no configuration but that of --config, and nothing kept for the next start.")
    var ephemeral = false

    @Option(name: .long, help: ArgumentHelp("Write every SIP message, secrets masked, to a file.", valueName: "file"))
    var trace: String?

    @Option(name: .long, help: ArgumentHelp("Write what happens, as JSON lines, to a file.", valueName: "file"))
    var log: String?

    @Option(name: .long, help: "Colours: auto obeys NO_COLOR and the terminal.")
    var color: Configuration.Terminal.Color?

    @Option(name: .long, help: "How the screen looks: auto, dark, light, high-contrast or mono.")
    var theme: Configuration.Terminal.Theme?

    @Option(name: .long, help: "Whether clicks and the wheel are ours: on, or off; Y changes it.")
    var mouse: Configuration.Terminal.Mouse?

    @Flag(
        name: .long,
        help: "Lines instead of a screen, for screen readers, dumb terminals and pipes.")
    var linear = false

    mutating func validate() throws {
        if let client = importing.first, Import.Source(rawValue: client) == nil {
            throw ValidationError("'\(client)' cannot be imported; possible are \(Import.Source.names)")
        }
        if importing.count > 2 { throw ValidationError("--import takes a client and the path of its files") }
        if batch != nil, linear {
            throw ValidationError("--linear is for somebody at the keys; a script has lines anyhow")
        }
        if batch != nil, color != nil || theme != nil || mouse != nil {
            throw ValidationError("--color, --theme and --mouse are for the terminal; a script has none")
        }
        if sandboxPort != nil, !sandbox { throw ValidationError("--sandbox-port needs --sandbox") }
        try script.validate(batch: batch, output: output)
        if batch == nil, timeout != nil { throw ValidationError("--timeout needs --batch; it limits a script") }
        if batch == nil, output != .text {
            throw ValidationError("--output needs --batch; it says how a script is told")
        }
    }
}

/// A duration on the command line: `250ms`, `3s`, `2m`.
struct Time: ExpressibleByArgument {
    var duration: Duration

    init?(argument: String) {
        guard let duration = Duration(scriptText: argument), duration > .zero else { return nil }
        self.duration = duration
    }
}

extension OutputFormat: ExpressibleByArgument {}
extension Configuration.Terminal.Color: ExpressibleByArgument {}
extension Configuration.Terminal.Theme: ExpressibleByArgument {}
extension Configuration.Terminal.Mouse: ExpressibleByArgument {}

extension Options {
    /// Whose files are to be imported, and where they are, if that is not the usual place.
    var importSource: Import.Source? { importing.first.flatMap(Import.Source.init) }
    var importPath: String? { importing.dropFirst().first }

    func configurationFile(_ environment: [String: String]) -> ConfigurationFile {
        ConfigurationFile(config, isEphemeral: ephemeral, environment: environment)
    }
    func configuration(_ environment: [String: String]) throws(ConfigurationErrors) -> Configuration {
        let file = configurationFile(environment)
        var configuration = try file.load()
        configuration.contacts = try ContactsFile(beside: file).load()
        return configuration
    }

    /// What was said on the command line, over what the configuration says.
    func looks(over configured: Configuration.Terminal) -> Configuration.Terminal {
        var looks = configured
        if let color { looks.color = color }
        if let theme { looks.theme = theme }
        if let mouse { looks.mouse = mouse }
        return looks
    }
}
