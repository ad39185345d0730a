/// A text as lines, each with the end it had: what is not touched is written as it was read.
struct YAMLLines {
    struct Line: Hashable {
        var text: String
        /// `\n`, `\r\n`, or nothing at the end of a file that does not end in one.
        var end: String

        var indent: Int { text.prefix { $0 == " " }.count }
        /// Nothing, or a comment.
        var isEmpty: Bool {
            let content = text.drop { $0 == " " || $0 == "\t" }
            return content.isEmpty || content.first == "#"
        }
        /// `---` or `...`.
        var isMarker: Bool { text.hasPrefix("---") || text.hasPrefix("...") }
    }
    private(set) var lines: [Line] = []
    /// What new lines end in.
    private let end: String

    init(_ text: String) {
        var current = String.UnicodeScalarView()
        var hasReturn = false
        for scalar in text.unicodeScalars {
            if scalar == "\n" {
                if current.last == "\r" {
                    current.removeLast()
                    hasReturn = true
                    lines.append(Line(text: String(current), end: "\r\n"))
                } else {
                    lines.append(Line(text: String(current), end: "\n"))
                }
                current = String.UnicodeScalarView()
            } else {
                current.append(scalar)
            }
        }
        if !current.isEmpty { lines.append(Line(text: String(current), end: "")) }
        end = hasReturn ? "\r\n" : "\n"
    }

    var text: String { lines.map { $0.text + $0.end }.joined() }

    subscript(index: Int) -> String {
        get { lines[index].text }
        set { lines[index].text = newValue }
    }

    mutating func insert(_ texts: [String], at index: Int) {
        if index > 0, index <= lines.count, lines[index - 1].end.isEmpty { lines[index - 1].end = end }
        lines.insert(contentsOf: texts.map { Line(text: $0, end: end) }, at: index)
    }
    mutating func remove(_ range: Range<Int>) { lines.removeSubrange(range) }

    /// The place behind the last line with something in it, of those from `first` on and before `limit`.
    func endOfContent(from first: Int, before limit: Int) -> Int {
        var end = limit
        while end > first + 1, lines[end - 1].isEmpty || lines[end - 1].isMarker { end -= 1 }
        return end
    }
}
