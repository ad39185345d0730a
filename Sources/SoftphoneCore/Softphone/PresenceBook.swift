import DialogUsage
import EventPackages
import SansIO

/// What subscriptions to presence have told, and how much it is worth now.
struct PresenceBook: Sendable {
    private var rows: [String: PresenceRow] = [:]
    private var order: [String] = []
    private var bySubscription: [AnyUsageID: String] = [:]
    let most: Int

    init(most: Int) { self.most = most }

    var all: [PresenceRow] { order.compactMap { rows[$0] } }
    func uri(of subscription: AnyUsageID) -> String? { bySubscription[subscription] }

    mutating func watch(_ uri: String, by subscription: AnyUsageID, at now: Instant) {
        bySubscription[subscription] = uri
        begin(uri, at: now)
        rows[uri]?.subscription = subscription
        forgetOldest()
    }

    /// A contact stands here whether he is watched or not.
    mutating func know(_ uri: String, as name: String, at now: Instant) {
        begin(uri, at: now)
        rows[uri]?.name = name
    }
    mutating func forget(_ uri: String, as name: String) {
        guard rows[uri]?.name == name else { return }
        rows[uri]?.name = nil
        if rows[uri]?.subscription == nil {
            rows[uri] = nil
            order.removeAll { $0 == uri }
        }
    }

    private mutating func begin(_ uri: String, at now: Instant) {
        guard rows[uri] == nil else { return }
        order.append(uri)
        rows[uri] = PresenceRow(
            uri: uri, state: .unknown, activities: [], note: nil, freshness: .unknown, since: now, subscription: nil)
    }

    mutating func told(_ document: PresenceDocument, by subscription: AnyUsageID, at now: Instant) {
        guard let uri = bySubscription[subscription], var row = rows[uri] else { return }
        switch document.basic {
        case .open: row.state = .open
        case .closed: row.state = .closed
        case nil: row.state = .unknown
        }
        row.activities = document.activities.prefix(16).map { visible($0) }
        row.note = document.note.map { visible($0.prefix(512)) }
        row.freshness = .fresh
        row.since = now
        rows[uri] = row
    }

    /// The subscription has nothing to say (yet), or we may not know.
    mutating func unknown(_ subscription: AnyUsageID) { set(.unknown, subscription) }

    /// What we know is from the past now; true if it was not so before.
    mutating func stale(_ subscription: AnyUsageID) -> Bool {
        guard let uri = bySubscription[subscription], rows[uri]?.freshness == .fresh else { return false }
        rows[uri]?.freshness = .stale
        return true
    }
    /// A subscription that went stale stands again.
    mutating func fresh(_ subscription: AnyUsageID) {
        guard let uri = bySubscription[subscription], rows[uri]?.freshness == .stale else { return }
        rows[uri]?.freshness = .fresh
    }

    mutating func ended(_ subscription: AnyUsageID) {
        guard let uri = bySubscription.removeValue(forKey: subscription) else { return }
        if rows[uri]?.subscription == subscription { rows[uri]?.subscription = nil }
    }

    private mutating func set(_ freshness: PresenceRow.Freshness, _ subscription: AnyUsageID) {
        guard let uri = bySubscription[subscription] else { return }
        rows[uri]?.freshness = freshness
        if freshness == .unknown { rows[uri]?.state = .unknown }
    }

    /// Of those that nobody watches any more.
    private mutating func forgetOldest() {
        guard order.count > most,
            let index = order.firstIndex(where: { rows[$0]?.subscription == nil && rows[$0]?.name == nil })
        else { return }
        rows[order.remove(at: index)] = nil
    }
}
