import SansIO

/// The largest Min-SE heard, which is said in all requests from then on (RFC 4028 §7.4), and how often in a row a 422 has
/// raised it.
struct IntervalFloor: Hashable, Sendable {
    private(set) var least: Duration?
    private var refusals = 0

    /// false: nothing new.
    @discardableResult
    mutating func raise(to minimum: Duration) -> Bool {
        guard minimum > least ?? .zero else { return false }
        least = minimum
        return true
    }
    /// 422. false: asking again is no use, or the other side goes on raising it (H-084).
    mutating func raise(refusedWanting minimum: Duration, limit: Int) -> Bool {
        guard refusals < limit, raise(to: minimum) else { return false }
        refusals += 1
        return true
    }
    mutating func accepted() { refusals = 0 }
}
