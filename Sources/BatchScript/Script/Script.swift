package import Media

/// A script whose every line has been checked: what runs cannot stop at a misspelt word half-way.
package struct Script: Sendable {
    package var file: String
    package var body = Block()
    /// What runs before the shutdown, however the body has ended.
    package var finally: Block?
    /// As they are before the first line.
    package var variables: Variables
    package var facts: Facts

    /// What the script may count on.
    package struct Facts: Hashable, Sendable {
        /// Whether there is a sandbox, which `fault` needs.
        package var hasSandbox: Bool
        /// Of the program.
        package var version: String
        /// `--allow-faults`: the script may disturb the network.
        package var allowsFaults: Bool
        /// Whether a name that no line gives is an error; not in a fragment.
        package var checksNames: Bool
        /// The names that lines give.
        var names: NameCheck?

        package init(hasSandbox: Bool, version: String = "0", allowsFaults: Bool = false, checksNames: Bool = false) {
            self.hasSandbox = hasSandbox
            self.allowsFaults = allowsFaults
            self.checksNames = checksNames
            self.version = version
        }
    }

    /// More lines than this, with all files that are named, are no script.
    package static let mostStatements = 100_000

    /// Reads all the texts; the errors are all that they hold, in order.
    package static func parse(
        _ sources: ScriptSources, environment: [String: String], facts: Facts
    ) throws(ScriptErrors) -> Script {
        var reader = ScriptReader(sources, environment: environment, facts: facts)
        return try reader.read()
    }

    /// A script of one file.
    package static func parse(
        _ text: String, file: String, environment: [String: String], facts: Facts
    ) throws(ScriptErrors) -> Script {
        try parse(ScriptSources(text, file: file), environment: environment, facts: facts)
    }

    /// Every line that something is done by, in the order of the file.
    package var statements: [Statement] { body.lines + (finally?.lines ?? []) }

    /// What `set device` asks for: it is chosen before the first call, and once.
    package var device: AudioDevice? {
        for case .set(.device(let device)) in statements.map(\.action) { return device }
        return nil
    }
}

/// Everything that is wrong with a script, up to a number that still helps.
package struct ScriptErrors: Error, Hashable, Sendable {
    static let most = 20
    package var all: [ScriptError]
}
