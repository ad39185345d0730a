import SansIO
import SoftphoneCore

/// A bad network: what passes between the softphone and the sockets goes through here.
struct NetworkFaults: Sendable {
    /// What comes through at once. `back` is for the softphone, `forth` for the network.
    struct Passage: Sendable {
        var back: [NetworkInput] = []
        var forth: [NetworkOutput] = []
    }
    private struct Drop: Sendable {
        var direction: NetworkFault.Direction
        var method: String?
        var left: Int
    }
    private struct Delay: Sendable {
        var direction: NetworkFault.Direction
        var by: Duration
        var share: Double
    }
    private struct Late: Sendable {
        var at: Instant
        var passage: Passage
    }
    /// More datagrams on their way at a time are lost.
    private static let mostLate = 10_000

    private var drops: [Drop] = []
    private var delays: [Delay] = []
    private var holes: Set<String> = []
    private var late: [Late] = []
    private var flows: [FlowID: IPAddress] = [:]
    private var asked: [ResolutionID: String] = [:]
    private var addresses: [String: Set<IPAddress>] = [:]
    private var entropy: Entropy

    init(entropy: Entropy) { self.entropy = entropy }

    var nextDeadline: Instant? { late.map(\.at).min() }

    mutating func apply(_ fault: NetworkFault) -> Passage {
        switch fault {
        case .drop(let direction, let method, let count):
            drops.append(Drop(direction: direction, method: method, left: count))
        case .delay(let direction, let duration, let share):
            delays.append(Delay(direction: direction, by: duration, share: share))
        case .blackhole(let host): holes.insert(IPAddress(host)?.description ?? host.lowercased())
        case .reset:
            let broken = flows.keys.sorted { $0.serial < $1.serial }
            flows = [:]
            return Passage(
                back: broken.map { .closed($0, .broken("reset by a fault")) }, forth: broken.map { .close($0) })
        case .clear: (drops, delays, holes) = ([], [], [])
        }
        return Passage()
    }

    /// What has been on its way long enough.
    mutating func arrivals(at now: Instant) -> Passage {
        let due = late.filter { $0.at <= now }
        late.removeAll { $0.at <= now }
        return due.reduce(into: Passage()) { all, one in
            all.back += one.passage.back
            all.forth += one.passage.forth
        }
    }

    // MARK: From us

    mutating func sent(_ output: NetworkOutput, at now: Instant) -> Passage {
        switch output {
        case .transmit(let datagram):
            if isHole(datagram.remote.ip) || isDropped(datagram.bytes, .out) { return Passage() }
            return later(Passage(forth: [output]), .out, at: now)
        case .connect(let flow, _, let remote):
            flows[flow] = remote.ip
            // Nobody answers; the transaction gives up in its own time.
            return isHole(remote.ip) ? Passage() : Passage(forth: [output])
        case .write(let flow, let bytes):
            let isLost = flows[flow].map(isHole) == true || isDropped(bytes, .out)
            return isLost ? Passage(back: [.drained(flow)]) : Passage(forth: [output])
        case .close(let flow):
            flows[flow] = nil
            return Passage(forth: [output])
        case .resolve(let id, let host):
            asked[id] = host.lowercased()
            return Passage(forth: [output])
        }
    }

    // MARK: To us

    mutating func received(_ input: NetworkInput, at now: Instant) -> Passage {
        switch input {
        case .datagram(let datagram):
            if isHole(datagram.remote.ip) || isDropped(datagram.bytes, .in) { return Passage() }
            return later(Passage(back: [input]), .in, at: now)
        case .received(let flow, let bytes):
            return flows[flow].map(isHole) == true || isDropped(bytes, .in) ? Passage() : Passage(back: [input])
        case .unreachable(let remote, _): return isHole(remote.ip) ? Passage() : Passage(back: [input])
        case .accepted(let flow, let ends), .connected(let flow, let ends):
            flows[flow] = ends.remote.ip
            return Passage(back: [input])
        case .closed(let flow, _):
            flows[flow] = nil
            return Passage(back: [input])
        case .resolved(let id, let found):
            if let host = asked.removeValue(forKey: id) { addresses[host, default: []].formUnion(found) }
            return Passage(back: [input])
        case .drained: return Passage(back: [input])
        }
    }

    // MARK: What becomes of it

    private func isHole(_ ip: IPAddress) -> Bool {
        holes.contains { $0 == ip.description || addresses[$0]?.contains(ip) == true }
    }

    private mutating func isDropped(_ bytes: [UInt8], _ direction: NetworkFault.Direction) -> Bool {
        let word = String(decoding: bytes.prefix { $0 != UInt8(ascii: " ") }.prefix(32), as: UTF8.self)
        let place = drops.firstIndex {
            $0.direction == direction && $0.left > 0 && ($0.method == nil ? !word.hasPrefix("SIP/") : $0.method == word)
        }
        guard let place else { return false }
        drops[place].left -= 1
        return true
    }

    private mutating func later(
        _ passage: Passage, _ direction: NetworkFault.Direction, at now: Instant
    ) -> Passage {
        guard let delay = delays.first(where: { $0.direction == direction }), delay.by > .zero,
            Double(entropy.next() >> 11) / 9_007_199_254_740_992 < delay.share
        else { return passage }
        if late.count < Self.mostLate { late.append(Late(at: now + delay.by, passage: passage)) }
        return Passage()
    }
}
