/// What is wrong with the configuration, where, and what to do about it.
struct ConfigurationError: Error, CustomStringConvertible {
    var file: String
    var line: Int?
    var column: Int?
    var text: String

    var description: String {
        let place = [line, column].compactMap { $0 }.map { ":\($0)" }.joined()
        return "\(file)\(place): \(text)"
    }
}

/// Everything that is wrong with it, in the order of the file: whoever mends it need not start the program once for each.
struct ConfigurationErrors: Error, CustomStringConvertible {
    var all: [ConfigurationError]

    init(_ all: [ConfigurationError]) { self.all = all }
    init(file: String, _ text: String) { all = [ConfigurationError(file: file, text: text)] }

    var description: String { all.map(\.description).joined(separator: "\n") }
}
