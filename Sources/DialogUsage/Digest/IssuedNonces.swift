import SansIO

/// The nonces that we have given out, and which of their counts have been used (RFC 7616 §3.4).
///
/// Requests of one client overtake each other on the way, so the counts of a nonce may come out of order within a window.
/// Each is good once.
struct IssuedNonces: Sendable {
    private struct Issued: Sendable {
        let at: Instant
        /// The highest count seen, and which of the 64 below it: bit n is the count n below.
        var highest: UInt32 = 0
        var seen: UInt64 = 0

        mutating func admit(_ count: UInt32) -> Bool {
            if count > highest {
                let step = count - highest
                seen = step < 64 ? seen << UInt64(step) | 1 : 1
                highest = count
                return true
            }
            let behind = highest - count
            guard count > 0, behind < 64, seen & 1 << UInt64(behind) == 0 else { return false }
            seen |= 1 << UInt64(behind)
            return true
        }
    }

    private var issued: [String: Issued] = [:]
    /// Oldest first, from `first` on.
    private var order: [String] = []
    private var first = 0

    /// How long a nonce is good, and how many are kept.
    private let life: Duration
    private let most: Int

    init(life: Duration, most: Int) {
        self.life = life
        self.most = most
    }

    var count: Int { issued.count }
    mutating func removeAll() {
        issued = [:]
        order = []
        first = 0
    }

    mutating func issue(_ entropy: inout Entropy, at now: Instant) -> String {
        let nonce = entropy.token(digits: 32)
        issued[nonce] = Issued(at: now)
        order.append(nonce)
        if issued.count > most {
            issued[order[first]] = nil
            first += 1
        }
        if first >= most {
            order.removeFirst(first)
            first = 0
        }
        return nonce
    }

    /// Uses up one count of the nonce; without a count, as RFC 2069 has it, the whole nonce. False: it is too old, not
    /// ours, or this has been used before.
    mutating func spend(_ nonce: String, count: UInt32?, at now: Instant) -> Bool {
        guard var known = issued[nonce], now - known.at < life else { return false }
        guard let count else {
            let isFresh = known.highest == 0
            known.highest = .max
            issued[nonce] = known
            return isFresh
        }
        let isGood = known.admit(count)
        issued[nonce] = known
        return isGood
    }

    /// In the last fifth of its life, where the client had better take another.
    func isGrowingOld(_ nonce: String, at now: Instant) -> Bool {
        issued[nonce].map { now - $0.at > life * 4 / 5 } ?? true
    }
}
