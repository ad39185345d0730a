import EventPackages

/// What partial documents of a subscription add up to: dialogs, or watchers.
struct PartialState: Sendable {
    private var dialogs = VersionedTable<DialogInformation>()
    private var watchers = VersionedTable<WatcherInformation>()

    enum Verdict: Hashable, Sendable { case taken, gap, old }

    mutating func take(_ body: [UInt8], _ type: String) throws(DocumentError) -> Verdict {
        if type == DialogInformation.contentType {
            return Verdict(dialogs.take(try DialogInformation(parsing: body)))
        }
        return Verdict(watchers.take(try WatcherInformation(parsing: body)))
    }
}

extension PartialState.Verdict {
    fileprivate init<Document>(_ verdict: VersionedTable<Document>.Verdict) {
        switch verdict {
        case .taken: self = .taken
        case .gap: self = .gap
        case .old: self = .old
        }
    }
}
