import SoftphoneCore

/// The texts that a script is made of: its own file, and those that it names with `source`.
///
/// The names are in the text as they are, so that all files are read before the first line runs.
package struct ScriptSources: Sendable {
    package let main: String
    private var texts: [String: String] = [:]
    private var complaints: [String: String] = [:]

    /// More files than this are no script.
    package static let mostFiles = 64

    /// - Parameter file: as its errors name it; what it names with `source` is sought in the same folder.
    package init(_ text: String, file: String) {
        main = file
        texts[file] = text
    }

    /// A file that some line names and that nobody has brought yet.
    package var missing: String? {
        guard texts.count + complaints.count < Self.mostFiles else { return nil }
        for file in texts.keys.sorted() {
            for line in LogicalLine.lines(of: texts[file] ?? "") {
                guard let words = try? StatementParser.words(of: line.text), words.count > 1,
                    words[0].isWord("source"), !words[1].text.contains("${")
                else { continue }
                let path = Self.path(words[1].text, from: file)
                if texts[path] == nil, complaints[path] == nil { return path }
            }
        }
        return nil
    }

    package mutating func add(_ text: String, file: String) { texts[file] = text }
    /// It cannot be read; why.
    package mutating func add(complaint: String, file: String) { complaints[file] = complaint }

    var allTexts: [String] { texts.values.sorted() }

    func text(of file: String) throws(ScriptSourceFault) -> String {
        if let text = texts[file] { return text }
        throw ScriptSourceFault(
            text: complaints[file].map { "\(file) cannot be read: \($0)" }
                ?? "a script of more than \(Self.mostFiles) files is not read")
    }

    /// Relative to the folder of the file that names it.
    static func path(_ name: String, from file: String) -> String {
        guard !name.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return name }
        return file[...slash] + name
    }
}

struct ScriptSourceFault: Error { var text: String }
