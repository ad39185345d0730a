import SoftphoneCore

/// A word is typed that the list is searched for, or that it is to show nothing but.
package struct Search: Hashable, Sendable {
    package enum Purpose: Hashable, Sendable { case find, filter }
    package var purpose: Purpose
    var editor = LineEditor()
    /// What Esc brings back: the row that was selected, and the word there was before.
    var origin: Int
    var before: String
}

/// A word that is looked for in the texts of a usage, whatever the case of its ASCII letters.
struct Pattern: Hashable {
    private let bytes: [UInt8]

    init(_ text: String) { bytes = text.utf8.map(Self.lowered) }

    /// Asked of five texts of each of ten thousand usages while a key waits.
    func isIn(_ text: String) -> Bool {
        guard let first = bytes.first else { return true }
        var text = text
        return text.withUTF8 { text in
            var start = 0
            while start + bytes.count <= text.count {
                if Self.lowered(text[start]) == first {
                    var length = 1
                    while length < bytes.count, Self.lowered(text[start + length]) == bytes[length] { length += 1 }
                    if length == bytes.count { return true }
                }
                start += 1
            }
            return false
        }
    }

    private static func lowered(_ byte: UInt8) -> UInt8 { byte >= 65 && byte <= 90 ? byte + 32 : byte }
}
