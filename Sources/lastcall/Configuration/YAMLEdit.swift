import Yams

/// Changes a list of mappings in a YAML text, such as `accounts`, and touches only the lines that it must: comments, order
/// and indentation are the user's. Whoever uses it reads the result again, and throws it away when it does not say what it
/// should, so that a text of a kind that is not foreseen here is never spoilt.
struct YAMLEdit {
    typealias Field = (name: String, text: String)

    private let section: String
    private var lines: YAMLLines

    init(_ text: String, section: String) {
        lines = YAMLLines(text)
        self.section = section
    }

    var text: String { lines.text }

    // MARK: Items

    /// Adds an item at the end of the list; without a list, a list at the end of the text.
    mutating func append(_ fields: [Field]) -> Bool {
        guard let place = place() else { return false }
        switch place {
        case .missing:
            var end = lines.lines.count
            while end > 0, lines.lines[end - 1].text.hasPrefix("...") { end -= 1 }
            lines.insert(["\(section):"] + Self.item(fields, dash: 2, gap: 1), at: end)
        case .empty(let key):
            // `accounts: []  # mine`, or nothing behind the colon.
            lines[key.line] = lines[key.line].replacing(/(:\s*)\[\s*\]/, maxReplacements: 1) { _ in ":" }
            lines.insert(Self.item(fields, dash: key.column + 2, gap: 1), at: key.line + 1)
        case .items(let items):
            guard let last = items.last else { return false }
            lines.insert(Self.item(fields, dash: last.dash, gap: last.gap), at: last.end)
        }
        return true
    }

    mutating func remove(_ index: Int) -> Bool {
        guard case .items(let items) = place(), items.indices.contains(index), let key = keyLine() else { return false }
        lines.remove(items[index].start..<items[index].end)
        if items.count == 1 { lines[key] = Self.emptied(lines[key]) }
        return true
    }

    /// Gives a field of an item another value; nil takes the field away.
    mutating func set(_ name: String, to value: String?, in index: Int) -> Bool {
        guard case .items(let items) = place(), items.indices.contains(index) else { return false }
        let item = items[index]
        guard let field = item.fields.first(where: { $0.name == name }) else {
            guard let value else { return true }
            lines.insert([String(repeating: " ", count: item.column) + "\(name): \(value)"], at: item.end)
            return true
        }
        guard let value else { return removeField(field, of: item) }
        guard field.value.line < lines.lines.count else { return false }
        lines[field.value.line] = Self.replacing(lines[field.value.line], from: field.value.column, with: value)
        return true
    }

    private mutating func removeField(_ field: FoundField, of item: Item) -> Bool {
        // The first one shares its line with the dash.
        guard field.key.line != item.start else { return false }
        let next = item.fields.map(\.key.line).filter { $0 > field.key.line }.min() ?? item.end
        lines.remove(field.key.line..<lines.endOfContent(from: field.key.line, before: next))
        return true
    }

    // MARK: Where things are

    private struct Spot { var line, column: Int }
    private struct FoundField {
        var name: String
        var key: Spot
        var value: Spot
    }
    private struct Item {
        /// The line of the dash, and the one behind its last line.
        var start, end: Int
        var dash: Int
        /// Blanks between the dash and the first key.
        var gap: Int
        var column: Int
        var fields: [FoundField]
    }
    private enum Place {
        case missing
        case empty(Spot)
        case items([Item])
    }

    private func root() -> Node.Mapping? {
        guard let node = try? Yams.compose(yaml: text), case .mapping(let mapping) = node else { return nil }
        return mapping
    }
    private func keyLine() -> Int? {
        root()?.first { $0.key.string == section }?.key.mark.map { $0.line - 1 }
    }

    /// nil: it is written in a way that cannot be changed line by line, such as all in one line.
    private func place() -> Place? {
        guard let root = root() else { return lines.lines.allSatisfy { $0.isEmpty || $0.isMarker } ? .missing : nil }
        guard root.style != .flow else { return nil }
        guard let (key, value) = root.first(where: { $0.key.string == section }), let spot = key.mark.map(Self.spot)
        else {
            return .missing
        }
        let later = root.compactMap { $0.key.mark.map { $0.line - 1 } }.filter { $0 > spot.line }.min()
        let limit = later ?? lines.lines.count
        guard case .sequence(let list) = value else { return value.tag == Tag(.null) ? .empty(spot) : nil }
        if list.isEmpty { return .empty(spot) }
        guard list.style != .flow else { return nil }
        var items: [Item] = []
        var starts: [(start: Int, dash: Int, node: Node.Mapping, column: Int)] = []
        for node in list {
            guard case .mapping(let mapping) = node, mapping.style != .flow, let mark = node.mark.map(Self.spot),
                let (start, dash) = self.dash(of: mark)
            else { return nil }
            starts.append((start, dash, mapping, mark.column))
        }
        for (index, item) in starts.enumerated() {
            let end = index + 1 < starts.count ? starts[index + 1].start : limit
            let isBeside = lines[item.start].drop { $0 == " " }.dropFirst().contains { $0 != " " && $0 != "#" }
            let fields = item.node.compactMap { key, value -> FoundField? in
                guard let name = key.string, let at = key.mark, let valueAt = value.mark else { return nil }
                return FoundField(name: name, key: Self.spot(at), value: Self.spot(valueAt))
            }
            items.append(
                Item(
                    start: item.start, end: lines.endOfContent(from: item.start, before: end), dash: item.dash,
                    gap: isBeside ? max(1, item.column - item.dash - 1) : 1, column: item.column, fields: fields))
        }
        return .items(items)
    }

    /// The dash stands before the first key, or alone on a line above it.
    private func dash(of first: Spot) -> (line: Int, column: Int)? {
        guard lines.lines.indices.contains(first.line) else { return nil }
        for line in stride(from: first.line, through: 0, by: -1) {
            let text = lines[line]
            let indent = lines.lines[line].indent
            if text.dropFirst(indent).first == "-", indent < first.column { return (line, indent) }
            if line < first.line, !lines.lines[line].isEmpty { return nil }
        }
        return nil
    }

    private static func spot(_ mark: Mark) -> Spot { Spot(line: mark.line - 1, column: mark.column - 1) }

    // MARK: Lines

    private static func item(_ fields: [Field], dash: Int, gap: Int) -> [String] {
        let margin = String(repeating: " ", count: dash)
        let blanks = String(repeating: " ", count: gap)
        return fields.enumerated().map { index, field in
            margin + (index == 0 ? "-" + blanks : " " + blanks) + "\(field.name): \(field.text)"
        }
    }

    /// `contacts:  # mine` becomes `contacts: []  # mine`.
    private static func emptied(_ line: String) -> String {
        guard let colon = line.firstIndex(of: ":") else { return line }
        return line[...colon] + " []" + line[line.index(after: colon)...]
    }

    /// The value that begins there gives way to another one; a comment behind it stays.
    private static func replacing(_ line: String, from column: Int, with value: String) -> String {
        let scalars = Array(line.unicodeScalars)
        guard column < scalars.count else { return line }
        var end = column
        var quote: Unicode.Scalar?
        var depth = 0
        scan: while end < scalars.count {
            let scalar = scalars[end]
            switch (quote, scalar) {
            case (nil, "\""), (nil, "'"):
                // Inside a bare value a quote is a letter.
                if end == column || depth > 0 { quote = scalar }
            case (nil, "[") where end == column || depth > 0: depth += 1
            case (nil, "]") where depth > 0:
                depth -= 1
                if depth == 0 {
                    end += 1
                    break scan
                }
            case (nil, "#") where depth == 0 && end > column && (scalars[end - 1] == " " || scalars[end - 1] == "\t"):
                break scan
            case ("\""?, "\\"): end += 1
            case (let open?, scalar) where open == scalar:
                quote = nil
                if depth == 0 {
                    end += 1
                    break scan
                }
            default: break
            }
            end += 1
        }
        end = min(end, scalars.count)
        while end > column, scalars[end - 1] == " " || scalars[end - 1] == "\t" { end -= 1 }
        var text = String.UnicodeScalarView(scalars[..<column])
        text.append(contentsOf: value.unicodeScalars)
        text.append(contentsOf: scalars[end...])
        return String(text)
    }
}
