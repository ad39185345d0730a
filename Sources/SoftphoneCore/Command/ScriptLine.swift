/// How a line is cut into words, at the prompt and in scripts alike.
///
/// Words stand apart by blanks. `"…"` makes one word of what is inside, where `\"`, `\\`, `\n` and `\t` have their usual
/// meaning. `#` at the beginning of a word starts a comment. `${…}` is never cut, so that whoever knows what it stands
/// for can put that in its place afterwards and still have one word.
package enum ScriptLine {
    /// The longest line taken.
    package static let longestLine = 16_384

    package static func words(of line: String) throws(CommandError) -> [Word] {
        try words(of: Array(line))
    }

    package static func words(of characters: [Character]) throws(CommandError) -> [Word] {
        guard characters.count <= longestLine else {
            throw CommandError("a line of more than \(longestLine) characters is not read", column: longestLine + 1)
        }
        var words: [Word] = []
        var index = 0
        while index < characters.count {
            if characters[index].isWhitespace {
                index += 1
            } else if characters[index] == "#" {
                break
            } else {
                words.append(try word(in: characters, from: &index))
            }
        }
        return words
    }

    private static func word(in characters: [Character], from index: inout Int) throws(CommandError) -> Word {
        let start = index
        var text = ""
        var isQuoted = false
        while index < characters.count, !characters[index].isWhitespace {
            switch characters[index] {
            case "\"":
                isQuoted = true
                text += try quoted(in: characters, from: &index)
            case "$" where index + 1 < characters.count && characters[index + 1] == "{":
                text += try reference(in: characters, from: &index)
            case let character:
                text.append(character)
                index += 1
            }
        }
        return Word(text, column: start + 1, endColumn: index + 1, isQuoted: isQuoted)
    }

    private static func quoted(in characters: [Character], from index: inout Int) throws(CommandError) -> String {
        let start = index
        var text = ""
        index += 1
        while index < characters.count {
            switch characters[index] {
            case "\"":
                index += 1
                return text
            case "\\" where index + 1 < characters.count:
                text.append(try escaped(characters[index + 1], column: index + 1))
                index += 2
            case let character:
                text.append(character)
                index += 1
            }
        }
        throw CommandError("this quote is never closed; put another \" at its end", column: start + 1)
    }

    private static func escaped(_ character: Character, column: Int) throws(CommandError) -> Character {
        switch character {
        case "\"", "\\", "$": return character
        case "n": return "\n"
        case "t": return "\t"
        default: throw CommandError("'\\\(character)' means nothing; write \\\\ for a backslash", column: column)
        }
    }

    private static func reference(in characters: [Character], from index: inout Int) throws(CommandError) -> String {
        guard let end = characters[index...].firstIndex(of: "}") else {
            throw CommandError("this '${' is never closed; put } after the name", column: index + 1)
        }
        let text = String(characters[index...end])
        index = end + 1
        return text
    }
}
