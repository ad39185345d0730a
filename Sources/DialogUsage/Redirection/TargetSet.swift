package import SIPMessage

/// Where one request may go (RFC 3261 §8.1.3.4): its first target, and what 3xx answers have named since. No URI gets in
/// twice, which is what ends loops.
package struct TargetSet: Hashable, Sendable {
    private var known: [AnyURI]
    private var waiting: [(target: ChosenTarget, q: QValue)]
    private let isSecure: Bool
    private let limit: Int

    /// `limit`: of all URIs, the first included.
    package init(first: AnyURI, limit: Int) {
        known = [first]
        waiting = []
        isSecure = first.isSecure
        self.limit = limit
    }

    package var isEmpty: Bool { waiting.isEmpty }

    /// Takes the Contacts of a 3xx, highest q first, in their order where it is equal. Returns those that would leave a
    /// protected way: whether they are tried, the user decides (§26.4.4).
    package mutating func add(_ contacts: [NameAddress], insecureToo: Bool = false) -> [NameAddress] {
        var insecure: [NameAddress] = []
        for contact in contacts {
            let target = ChosenTarget(contact.uri)
            guard target.uri.sip != nil, target.method ?? .invite == .invite else { continue }
            guard !known.contains(where: { $0.isEquivalent(to: target.uri) }) else { continue }
            if isSecure, !target.uri.isSecure, !insecureToo {
                insecure.append(contact)
                continue
            }
            guard known.count < limit else { break }
            known.append(target.uri)
            let q = QValue(of: contact)
            let place = waiting.firstIndex { $0.q < q } ?? waiting.endIndex
            waiting.insert((target, q), at: place)
        }
        return insecure
    }

    package mutating func next() -> ChosenTarget? { waiting.isEmpty ? nil : waiting.removeFirst().target }

    /// Nobody else is to be tried: 6xx speaks for all (§21.6).
    package mutating func removeAll() { waiting = [] }

    package static func == (a: TargetSet, b: TargetSet) -> Bool {
        a.known == b.known && a.limit == b.limit && a.waiting.map(\.target) == b.waiting.map(\.target)
    }
    package func hash(into hasher: inout Hasher) {
        hasher.combine(known)
        hasher.combine(waiting.map(\.target))
    }
}
