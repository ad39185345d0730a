/// What is read from a line without making a text of it first.
extension ArraySlice<UInt8> {
    var text: String { String(decoding: self, as: UTF8.self) }

    func begins(with name: StaticString) -> Bool {
        let count = name.utf8CodeUnitCount
        guard self.count >= count else { return false }
        for offset in 0..<count where self[startIndex + offset] != name.utf8Start[offset] { return false }
        return true
    }
    func isExactly(_ name: StaticString) -> Bool { count == name.utf8CodeUnitCount && begins(with: name) }

    /// The pieces between separators, empty ones included.
    func pieces(separatedBy separator: Unicode.Scalar) -> [ArraySlice<UInt8>] {
        let separator = UInt8(ascii: separator)
        var pieces: [ArraySlice<UInt8>] = []
        pieces.reserveCapacity(6)
        var start = startIndex
        for index in indices where self[index] == separator {
            pieces.append(self[start..<index])
            start = index + 1
        }
        pieces.append(self[start...])
        return pieces
    }

    /// The words between spaces.
    var words: [ArraySlice<UInt8>] { pieces(separatedBy: " ").filter { !$0.isEmpty } }

    /// Exactly two words between spaces.
    var twoWords: (ArraySlice<UInt8>, ArraySlice<UInt8>)? {
        let space = UInt8(ascii: " ")
        let inner = drop { $0 == space }
        guard let gap = inner.firstIndex(of: space) else { return nil }
        var second = inner[gap...].drop { $0 == space }
        while second.last == space { second.removeLast() }
        return second.isEmpty || second.contains(space) ? nil : (inner[..<gap], second)
    }

    /// Without regard to the case of ASCII letters.
    func isCaselessly(_ other: String.UTF8View) -> Bool {
        guard count == other.count else { return false }
        for (a, b) in zip(self, other) where a.folded != b.folded { return false }
        return true
    }
}

extension UInt8 {
    /// An ASCII letter in lower case, anything else as it is.
    var folded: UInt8 { (65...90).contains(self) ? self | 0x20 : self }
}
