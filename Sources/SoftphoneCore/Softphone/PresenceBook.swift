import DialogUsage
import EventPackages
import SansIO

/// What subscriptions to presence have told, and how much it is worth now.
struct PresenceBook: Sendable {
    private(set) var rows = PresenceRows([])
    private var places: [String: Int] = [:]
    private var bySubscription: [AnyUsageID: String] = [:]
    let most: Int

    init(most: Int) { self.most = most }

    func uri(of subscription: AnyUsageID) -> String? { bySubscription[subscription] }

    mutating func watch(_ uri: String, by subscription: AnyUsageID, at now: Instant) {
        bySubscription[subscription] = uri
        let place = begin(uri, at: now)
        rows[place].subscription = subscription
        forgetOldest()
    }

    /// A contact stands here whether he is watched or not.
    mutating func know(_ uri: String, as name: String, at now: Instant) {
        let place = begin(uri, at: now)
        rows[place].name = name
    }
    mutating func forget(_ uri: String, as name: String) {
        guard let place = places[uri], rows[place].name == name else { return }
        rows[place].name = nil
        if rows[place].subscription == nil { remove(at: place) }
    }

    private mutating func remove(at index: Int) {
        places[rows[index].uri] = nil
        rows.remove(at: index)
        for (uri, place) in places where place > index { places[uri] = place - 1 }
    }

    /// The place of his row.
    private mutating func begin(_ uri: String, at now: Instant) -> Int {
        if let place = places[uri] { return place }
        places[uri] = rows.count
        rows.append(
            PresenceRow(
                uri: uri, state: .unknown, activities: [], note: nil, freshness: .unknown, since: now,
                subscription: nil))
        return rows.count - 1
    }

    mutating func told(_ document: PresenceDocument, by subscription: AnyUsageID, at now: Instant) {
        guard let place = place(of: subscription) else { return }
        var row = rows[place]
        switch document.basic {
        case .open: row.state = .open
        case .closed: row.state = .closed
        case nil: row.state = .unknown
        }
        row.activities = document.activities.prefix(16).map { visible($0) }
        row.note = document.note.map { visible($0.prefix(512)) }
        row.freshness = .fresh
        row.since = now
        rows[place] = row
    }

    /// The subscription has nothing to say (yet), or we may not know.
    mutating func unknown(_ subscription: AnyUsageID) {
        guard let place = place(of: subscription) else { return }
        rows[place].freshness = .unknown
        rows[place].state = .unknown
    }

    /// What we know is from the past now; true if it was not so before.
    mutating func stale(_ subscription: AnyUsageID) -> Bool {
        guard let place = place(of: subscription), rows[place].freshness == .fresh else { return false }
        rows[place].freshness = .stale
        return true
    }
    /// A subscription that went stale stands again.
    mutating func fresh(_ subscription: AnyUsageID) {
        guard let place = place(of: subscription), rows[place].freshness == .stale else { return }
        rows[place].freshness = .fresh
    }

    mutating func ended(_ subscription: AnyUsageID) {
        guard let uri = bySubscription.removeValue(forKey: subscription), let place = places[uri] else { return }
        if rows[place].subscription == subscription { rows[place].subscription = nil }
    }

    private func place(of subscription: AnyUsageID) -> Int? { bySubscription[subscription].flatMap { places[$0] } }

    /// Of those that nobody watches any more.
    private mutating func forgetOldest() {
        guard rows.count > most, rows.unwatchedCount > 0,
            let index = rows.firstIndex(where: { $0.subscription == nil && $0.name == nil })
        else { return }
        remove(at: index)
    }
}
