import SIPMessage
package import SansIO

/// The location service of a domain: which contacts reach which address-of-record, and until when (RFC 3261 §10.3).
///
/// A value that knows no message and no clock. A REGISTER is carried out whole or not at all; what has run out is gone
/// from every answer at its instant, and is reported when `expire` is told the time.
package struct Registrar: Sendable {
    /// What one request changed, in the order of its contacts.
    package enum Change: Hashable, Sendable {
        case added(Binding)
        case refreshed(Binding)
        case removed(Binding)
    }
    private struct Key: Hashable, Sendable {
        var address: AddressOfRecord
        var serial: UInt64
    }
    private struct Entry: Sendable {
        var serial: UInt64
        var binding: Binding
        var timer: TimerToken?
    }

    package let configuration: RegistrarConfiguration
    private var byAddress: [AddressOfRecord: [Entry]] = [:]
    private var wheel = TimingWheel<Key>()
    private var lastSerial: UInt64 = 0
    /// Bindings in all, those included whose time has come without `expire` having been told.
    package private(set) var count = 0

    package init(_ configuration: RegistrarConfiguration) { self.configuration = configuration }

    // MARK: Looking

    /// In the order in which they were made.
    package func bindings(of address: AddressOfRecord, at now: Instant) -> [Binding] {
        live(address, at: now).map(\.binding)
    }
    /// The best first (§16.6): where a request for this address goes.
    package func targets(of address: AddressOfRecord, at now: Instant) -> [Binding] {
        bindings(of: address, at: now).enumerated()
            .sorted { ($1.element.preference, $0.offset) < ($0.element.preference, $1.offset) }
            .map(\.element)
    }
    package var addresses: [AddressOfRecord] { byAddress.keys.sorted() }
    package var timerCount: Int { wheel.count }
    package var nextDeadline: Instant? { wheel.nextDeadline }

    // MARK: Changing

    /// Steps 6 and 7: all of its contacts, or none.
    package mutating func apply(
        _ request: RegistrationRequest, at now: Instant
    ) throws(RegistrarRefusal) -> [Change] {
        let before = live(request.address, at: now)
        var after = before
        var changes: [Change] = []
        switch request.change {
        case .query: return []
        case .removeAll:
            for entry in before { try checkOrder(of: entry.binding, request) }
            changes = before.map { .removed($0.binding) }
            after = []
        case .update(let updates):
            for update in updates {
                let expires = try granted(update.expires)
                let known = after.firstIndex { $0.binding.contact.uri.isEquivalent(to: update.contact.uri) }
                if let known, let old = before.first(where: { $0.serial == after[known].serial }) {
                    try checkOrder(of: old.binding, request)
                }
                guard expires > .zero else {
                    if let known { changes.append(.removed(after.remove(at: known).binding)) }
                    continue
                }
                let binding = Binding(
                    contact: update.contact, preference: update.preference, path: request.path,
                    callID: request.callID, sequence: request.sequence, expiresAt: now + expires)
                if let known {
                    after[known].binding = binding
                    changes.append(.refreshed(binding))
                } else {
                    lastSerial += 1
                    after.append(Entry(serial: lastSerial, binding: binding))
                    changes.append(.added(binding))
                }
            }
        }
        guard after.count <= max(configuration.limits.bindingsPerAddress, before.count) else { throw .tooManyBindings }
        guard count - before.count + after.count <= max(configuration.limits.bindings, count) else { throw .full }
        commit(after, for: request.address, at: now)
        return changes
    }

    /// Every binding whose time has come, earliest first.
    package mutating func expire(at now: Instant) -> [(address: AddressOfRecord, binding: Binding)] {
        var gone: [(AddressOfRecord, Binding)] = []
        for key in wheel.advance(to: now) {
            guard var entries = byAddress[key.address],
                let index = entries.firstIndex(where: { $0.serial == key.serial })
            else { continue }
            gone.append((key.address, entries.remove(at: index).binding))
            count -= 1
            byAddress[key.address] = entries.isEmpty ? nil : entries
        }
        return gone
    }

    package mutating func removeAll() { self = Registrar(configuration) }

    // MARK: Within

    private func live(_ address: AddressOfRecord, at now: Instant) -> [Entry] {
        (byAddress[address] ?? []).filter { $0.binding.expiresAt > now }
    }

    /// Of requests of one Call-ID only a later one counts.
    private func checkOrder(of binding: Binding, _ request: RegistrationRequest) throws(RegistrarRefusal) {
        if binding.callID == request.callID, binding.sequence >= request.sequence { throw .outOfOrder }
    }

    /// What is asked for, brought within our bounds. An hour and more is never too brief.
    private func granted(_ asked: Duration?) throws(RegistrarRefusal) -> Duration {
        let wanted = asked ?? configuration.usualExpires
        let shortest = min(configuration.shortestExpires, .seconds(3600))
        if wanted > .zero, wanted < shortest { throw .tooBrief(minimum: shortest) }
        return min(wanted, configuration.longestExpires)
    }

    /// What has run out and has not been reported keeps its place until `expire`.
    private mutating func commit(_ after: [Entry], for address: AddressOfRecord, at now: Instant) {
        let before = byAddress[address] ?? []
        var kept = before.filter { $0.binding.expiresAt <= now }
        for entry in before where entry.binding.expiresAt > now {
            if let timer = entry.timer { wheel.cancel(timer) }
        }
        for var entry in after {
            entry.timer = wheel.schedule(Key(address: address, serial: entry.serial), at: entry.binding.expiresAt)
            kept.append(entry)
        }
        count += kept.count - before.count
        byAddress[address] = kept.isEmpty ? nil : kept
    }
}
