/// A document that says all there is, or only what has changed since the one before.
package protocol VersionedDocument: Sendable {
    associatedtype Row: Hashable, Sendable
    /// Counts up by one with each document of a subscription.
    var version: UInt64 { get }
    var isFull: Bool { get }
    var rows: [Row] { get }
    /// What a later document names the row by.
    static func key(of row: Row) -> String
    /// Whether the row says of itself that there will be no more of it.
    static func isOver(_ row: Row) -> Bool
}

/// What the documents of one subscription add up to (RFC 4235 §4.3, RFC 3858 §4).
///
/// A document of an older version is passed over, since it was overtaken. Where versions are missing between two partial
/// documents, what they said is missing too: the whole state has to be asked for, by a refresh.
package struct VersionedTable<Document: VersionedDocument>: Sendable {
    package enum Verdict: Hashable, Sendable {
        case taken
        /// Taken as far as it goes; the whole state must be asked for.
        case gap
        case old
    }
    private var version: UInt64?
    private var byKey: [String: Document.Row] = [:]
    private var order: [String] = []
    private let most: Int

    package init(most: Int = 1_000) { self.most = most }

    package var rows: [Document.Row] { order.compactMap { byKey[$0] } }

    package mutating func take(_ document: Document) -> Verdict {
        let known = version
        if let known, document.version <= known { return .old }
        version = document.version
        if document.isFull {
            byKey = [:]
            order = []
        }
        for row in document.rows { set(row) }
        if document.isFull { return .taken }
        // A first document that is partial has nothing to be a part of.
        return known.map { $0 + 1 } == document.version ? .taken : .gap
    }

    private mutating func set(_ row: Document.Row) {
        let key = Document.key(of: row)
        if Document.isOver(row) {
            byKey[key] = nil
            order.removeAll { $0 == key }
        } else if byKey.updateValue(row, forKey: key) == nil {
            order.append(key)
            if order.count > most { byKey[order.removeFirst()] = nil }
        }
    }
}

extension MarkupElement {
    /// The `version` and `state` that both kinds of document have.
    func versioned() throws(DocumentError) -> (version: UInt64, isFull: Bool) {
        guard let text = attributes["version"], let version = UInt64(text), version < UInt64.max else {
            throw .unexpected("the document has no version that can be counted from")
        }
        switch attributes["state"] {
        case "full": return (version, true)
        case "partial": return (version, false)
        default: throw .unexpected("the document says neither that it is full nor that it is partial")
        }
    }
}
