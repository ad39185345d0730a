/// One line of text that is being typed, with a cursor between its characters.
package struct LineEditor: Hashable, Sendable {
    package private(set) var text: [Character] = []
    package private(set) var cursor = 0

    /// The longest line that can be typed; more is not taken.
    package static let longest = 4_096

    package init(_ text: String = "") {
        self.text = Array(text)
        cursor = self.text.count
    }

    /// With the cursor behind the first place where a part of it stands.
    init(_ text: String, cursorAfter part: String) {
        self.init(text)
        guard let range = text.firstRange(of: part) else { return }
        cursor = text.distance(from: text.startIndex, to: range.upperBound)
    }

    package var line: String { String(text) }
    package var beforeCursor: String { String(text[..<cursor]) }

    package mutating func insert(_ characters: some Sequence<Character>) {
        for character in characters where text.count < Self.longest {
            text.insert(character.isNewline ? " " : character, at: cursor)
            cursor += 1
        }
    }

    /// True when the key was one that edits.
    package mutating func edit(_ key: Key) -> Bool {
        switch key {
        case .character(let character): insert(CollectionOfOne(character))
        case .paste(let pasted): insert(pasted)
        case .backspace where cursor > 0:
            cursor -= 1
            text.remove(at: cursor)
        case .delete where cursor < text.count: text.remove(at: cursor)
        case .left: cursor = max(0, cursor - 1)
        case .right: cursor = min(text.count, cursor + 1)
        case .home, .control("a"): cursor = 0
        case .end, .control("e"): cursor = text.count
        case .control("u"):
            text.removeFirst(cursor)
            cursor = 0
        case .control("w"):
            while cursor > 0, text[cursor - 1] == " " { removeBefore() }
            while cursor > 0, text[cursor - 1] != " " { removeBefore() }
        case .backspace, .delete: break
        default: return false
        }
        return true
    }
    private mutating func removeBefore() {
        cursor -= 1
        text.remove(at: cursor)
    }
}
