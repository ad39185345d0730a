/// One row for each verb: its words, its key, what it takes, what it is for.
///
/// The parser of prompt and scripts, the completion, the key bar and the `?` help are made from this table, so they
/// cannot differ.
package struct CommandSpec: Hashable, Sendable {
    package enum Section: String, Hashable, Sendable, CaseIterable {
        case accounts = "Accounts and registration"
        case contacts = "Contacts and configuration"
        case calls = "Calls"
        case messages = "Messages"
        case presence = "Presence and events"
        case sandbox = "Sandbox faults"
        case shutdown = "Shutdown"
    }
    package var verb: Verb
    /// `["account", "add"]`.
    package var words: [String]
    package var parameters: [Parameter]
    package var options: [CommandOption]
    package var key: Character?
    /// The number of a function key that does the same.
    package var function: Int?
    package var summary: String
    package var section: Section
    /// A line that this row must be able to read; shown in help, and read by a test.
    package var example: String

    init(
        _ verb: Verb, _ words: String, _ parameters: [Parameter] = [], options: [CommandOption] = [],
        key: Character? = nil, function: Int? = nil, does summary: String, in section: Section, example: String
    ) {
        self.verb = verb
        self.words = words.split(separator: " ").map(String.init)
        self.parameters = parameters
        self.options = options
        self.key = key
        self.function = function
        self.summary = summary
        self.section = section
        self.example = example
    }

    /// The words as written: `account add`.
    package var word: String { words.joined(separator: " ") }

    /// The whole grammar in a line: `call URI [as NAME] [on ACCOUNT]`.
    package var grammar: String {
        let taken = parameters.map(\.grammar) + options.map(\.grammar)
        return ([word] + taken).joined(separator: " ")
    }
    /// Whether the verb can be given without a word more.
    package var isComplete: Bool { parameters.allSatisfy(\.isOptional) }

    package static func spec(of verb: Verb) -> CommandSpec? { all.first { $0.verb == verb } }
    package static func spec(forKey key: Character) -> CommandSpec? { all.first { $0.key == key } }
}
