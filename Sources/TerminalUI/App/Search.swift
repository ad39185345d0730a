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

    func isIn(_ text: String) -> Bool {
        guard let first = bytes.first else { return true }
        let found = text.utf8.withContiguousStorageIfAvailable { text in
            guard text.count >= bytes.count else { return false }
            return (0...(text.count - bytes.count)).contains { start in
                Self.lowered(text[start]) == first
                    && bytes.indices.allSatisfy { Self.lowered(text[start + $0]) == bytes[$0] }
            }
        }
        return found ?? text.lowercased().contains(String(decoding: bytes, as: UTF8.self))
    }

    private static func lowered(_ byte: UInt8) -> UInt8 { byte >= 65 && byte <= 90 ? byte + 32 : byte }
}
