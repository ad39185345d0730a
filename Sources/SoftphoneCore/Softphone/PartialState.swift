import EventPackages
import SansIO

/// What partial documents of a subscription add up to: dialogs, or watchers.
struct PartialState: Sendable {
    private var dialogs = VersionedTable<DialogInformation>()
    private var watchers = VersionedTable<WatcherInformation>()
    private var askedAt: Instant?

    /// A notifier that leaves a gap in each document is asked for the whole once in this time (H-037).
    private static let askingEvery = Duration.seconds(60)

    /// Whether the whole state may be asked for now; it counts as asked then.
    mutating func mayAsk(at now: Instant) -> Bool {
        if let askedAt, now < askedAt + Self.askingEvery { return false }
        askedAt = now
        return true
    }

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
