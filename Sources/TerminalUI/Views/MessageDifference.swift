import SIPMessage
import SoftphoneCore

/// What differs between two messages: fields are paired by name wherever they stand, bodies are compared line by line.
struct MessageDifference: Hashable {
    enum Line: Hashable {
        case same(String)
        case removed(String)
        case added(String)
        case changed(from: String, to: String, note: String)
    }
    private(set) var lines: [Line] = []

    init(_ old: LadderEntry, _ new: LadderEntry) { self.init(old.text, new.text) }

    /// Of two messages as `LadderEntry.text` has them.
    init(_ old: String, _ new: String) {
        let (old, new) = (Parts(old), Parts(new))
        lines.append(
            old.start == new.start ? .same(old.start) : .changed(from: old.start, to: new.start, note: ""))
        compareFields(old.fields, new.fields)
        guard !old.body.isEmpty || !new.body.isEmpty else { return }
        lines.append(.same(""))
        compareBodies(old.body, new.body)
    }

    private struct Field {
        var name: FieldName
        var value: String
        var line: String { "\(name): \(value)" }
    }
    private struct Parts {
        var start: String
        var fields: [Field] = []
        var body: [String] = []

        init(_ text: String) {
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            start = lines.first ?? ""
            let end = lines.firstIndex(of: "") ?? lines.count
            for line in lines[..<end].dropFirst() {
                guard let colon = line.firstIndex(of: ":") else { continue }
                let value = line[line.index(after: colon)...].drop { $0 == " " }
                fields.append(Field(name: FieldName(line[..<colon]), value: String(value)))
            }
            body = Array(lines.dropFirst(end + 1))
            while body.last == "" { body.removeLast() }
        }
    }

    /// Of a name that occurs more than once the first goes with the first, the second with the second.
    private mutating func compareFields(_ old: [Field], _ new: [Field]) {
        var left: [FieldName: [Field]] = [:]
        for field in new.reversed() { left[field.name, default: []].append(field) }
        for field in old {
            guard let other = left[field.name]?.popLast() else {
                lines.append(.removed(field.line))
                continue
            }
            lines.append(
                field.value == other.value
                    ? .same(field.line)
                    : .changed(from: field.line, to: other.value, note: Self.step(field, other)))
        }
        var taken = old.reduce(into: [FieldName: Int]()) { $0[$1.name, default: 0] += 1 }
        for field in new {
            if let count = taken[field.name], count > 0 {
                taken[field.name] = count - 1
            } else {
                lines.append(.added(field.line))
            }
        }
    }

    /// `+1` for the next request of a dialog.
    private static func step(_ old: Field, _ new: Field) -> String {
        guard old.name == .cSeq, let from = number(old.value), let to = number(new.value), from != to else { return "" }
        return to > from ? "+\(to - from)" : "\(to - from)"
    }
    private static func number(_ value: String) -> Int64? { Int64(value.prefix { $0.isNumber }) }

    // MARK: Bodies

    private mutating func compareBodies(_ old: [String], _ new: [String]) {
        var (removed, added): ([String], [String]) = ([], [])
        func settled() -> [Line] {
            defer { (removed, added) = ([], []) }
            return Self.paired(removed, added)
        }
        for (line, side) in Self.edits(old, new) {
            switch side {
            case .both: lines += settled() + [.same(line)]
            case .old: removed.append(line)
            case .new: added.append(line)
            }
        }
        lines += settled()
    }

    /// A line of SDP goes with one of the same type: `m=` with `m=`, `a=rtpmap:` with `a=rtpmap:`.
    private static func paired(_ removed: [String], _ added: [String]) -> [Line] {
        var added = added
        var lines: [Line] = []
        for line in removed {
            guard let key = sdpKey(line), let index = added.firstIndex(where: { sdpKey($0) == key }) else {
                lines.append(.removed(line))
                continue
            }
            lines.append(.changed(from: line, to: added.remove(at: index), note: ""))
        }
        return lines + added.map(Line.added)
    }
    private static func sdpKey(_ line: String) -> Substring? {
        guard line.dropFirst().first == "=" else { return nil }
        return line.hasPrefix("a=") ? line.prefix { $0 != ":" } : line.prefix(2)
    }

    private enum Side { case both, old, new }
    /// The longest common subsequence is looked for in so many pairs of lines at most.
    private static let mostPairs = 250_000

    private static func edits(_ old: [String], _ new: [String]) -> [(String, Side)] {
        let head = zip(old, new).prefix { $0 == $1 }.count
        let (oldRest, newRest) = (old.dropFirst(head), new.dropFirst(head))
        let tail = zip(oldRest.reversed(), newRest.reversed()).prefix { $0 == $1 }.count
        let middle = middleEdits(Array(oldRest.dropLast(tail)), Array(newRest.dropLast(tail)))
        return old.prefix(head).map { ($0, .both) } + middle + old.suffix(tail).map { ($0, .both) }
    }

    private static func middleEdits(_ old: [String], _ new: [String]) -> [(String, Side)] {
        guard !old.isEmpty, !new.isEmpty, old.count * new.count <= mostPairs else {
            return old.map { ($0, .old) } + new.map { ($0, .new) }
        }
        // common[i][j]: how long the longest common subsequence of old[i...] and new[j...] is.
        var common = Array(repeating: Array(repeating: 0, count: new.count + 1), count: old.count + 1)
        for i in old.indices.reversed() {
            for j in new.indices.reversed() {
                common[i][j] = old[i] == new[j] ? common[i + 1][j + 1] + 1 : max(common[i + 1][j], common[i][j + 1])
            }
        }
        var (i, j) = (0, 0)
        var edits: [(String, Side)] = []
        while i < old.count || j < new.count {
            if i < old.count, j < new.count, old[i] == new[j] {
                edits.append((old[i], .both))
                (i, j) = (i + 1, j + 1)
            } else if j >= new.count || (i < old.count && common[i + 1][j] >= common[i][j + 1]) {
                edits.append((old[i], .old))
                i += 1
            } else {
                edits.append((new[j], .new))
                j += 1
            }
        }
        return edits
    }
}
