import DialogUsage
import Ladder
import SDP
import SIPMessage
import SIPTransaction
import SansIO
import Testing

/// Three user agents of the same core that reach each other without a server: alice, bob and carol. Whoever is called
/// answers, and whoever is referred follows.
struct Trio {
    struct Phone {
        let name: String
        let address: SocketAddress
        var core: UsageCore
        let account: AccountID
        var ended: [AnyUsageID: [UsageOutcome]] = [:]
        var sessions: [SessionID] = []
        var referrals: [ReferralEvent] = []
        var isStopped = false
    }

    var phones: [Phone]
    var now = Instant.zero
    var network = SimulatedNetwork(latency: .milliseconds(10), seed: 5)
    /// `alice > bob REFER`, in the order in which they were sent.
    var lines: [String] = []
    /// Who lets it ring.
    var away: Set<Int> = []
    static let names = ["alice", "bob", "carol"]

    init() throws {
        phones = Self.names.enumerated().map { index, name in
            let address = SocketAddress(.loopback4, port: UInt16(5061 + index))
            let configuration = UserAgentConfiguration(
                stack: StackConfiguration(local: .loopback(port: address.port)), servedMethods: [.message])
            var core = UsageCore(configuration, entropy: Entropy(seed: UInt64(20 + index)))
            let account = core.addAccount(Account(name: name, addressOfRecord: NameAddress(uri: Self.uri(index))))
            return Phone(name: name, address: address, core: core, account: account)
        }
    }

    static func uri(_ index: Int) -> AnyURI {
        .sip(SIPURI(user: names[index], host: "127.0.0.1", port: UInt16(5061 + index)))
    }
    static func description() throws -> SessionDescription {
        try SessionDescription(parsing: Array(ScriptedPeer.sdp.utf8))
    }

    @discardableResult
    mutating func perform<Result>(
        _ index: Int, _ work: (inout UsageCore, Instant) throws -> (Result, [UsageOutput])
    ) rethrows -> Result {
        let (result, outputs) = try work(&phones[index].core, now)
        take(outputs, of: index)
        return result
    }
    mutating func call(_ index: Int, _ other: Int) throws -> SessionID {
        let account = phones[index].account
        let offer = try Self.description()
        let id = try perform(index) { core, now in try core.invite(account, to: Self.uri(other), offer: offer, at: now)
        }
        run(for: .milliseconds(300))
        return .client(id)
    }

    private mutating func take(_ outputs: [UsageOutput], of index: Int) {
        for output in outputs {
            switch output {
            case .network(.transmit(let datagram)):
                note(datagram, of: index)
                network.send(datagram, at: now)
            case .network: break
            case .event(let event): heard(event, of: index)
            case .ended: phones[index].isStopped = true
            }
        }
    }

    private mutating func note(_ datagram: Datagram, of index: Int) {
        guard let message = try? SIPMessage(parsing: datagram.bytes), message.isRequest else { return }
        let to = phones.first { $0.address.port == datagram.remote.port }?.name ?? "?"
        var line = "\(phones[index].name) > \(to) \(message.method)"
        if message.has(.replaces) { line += " Replaces" }
        if message.method == .notify { line += " \(message.bodyText.split(separator: " ").dropFirst().first ?? "")" }
        lines.append(line)
    }

    private mutating func heard(_ event: UsageEvent, of index: Int) {
        let now = now
        switch event {
        case .session(.server(let id), .incoming):
            phones[index].sessions.append(.server(id))
            guard let answer = try? Self.description() else { return }
            if away.contains(index) {
                let outputs = try? phones[index].core.ring(id, at: now)
                return take(outputs ?? [], of: index)
            }
            let outputs = try? phones[index].core.answer(id, with: answer, at: now)
            take(outputs ?? [], of: index)
        case .referralRequested(let id, _):
            let account = phones[index].account
            let offer = try? Self.description()
            guard let (call, outputs) = try? phones[index].core.acceptReferral(id, from: account, offer: offer, at: now)
            else { return }
            phones[index].sessions.append(.client(call))
            take(outputs, of: index)
        case .referral(_, let event): phones[index].referrals.append(event)
        case .ended(let id, let outcome): phones[index].ended[id, default: []].append(outcome)
        default: break
        }
    }

    mutating func run(for duration: Duration) {
        let end = now + duration
        while true {
            let deadline = phones.reduce(nil as Instant?) { earliest($0, $1.core.nextDeadline) }
            guard let next = earliest(network.nextArrival, deadline), next <= end else { break }
            now = max(now, next)
            while let datagram = network.next(at: now) {
                guard let index = phones.firstIndex(where: { $0.address.port == datagram.remote.port }) else {
                    continue
                }
                let heard = Datagram(
                    local: phones[index].address, remote: SocketAddress(.loopback4, port: datagram.local.port),
                    bytes: datagram.bytes)
                take(phones[index].core.handle(.datagram(heard), at: now), of: index)
            }
            for index in phones.indices where phones[index].core.nextDeadline.map({ $0 <= now }) ?? false {
                take(phones[index].core.deadlineReached(at: now), of: index)
            }
        }
        now = max(now, end)
    }

    /// All three leave in order, and nothing is left of any of them.
    mutating func finish(sourceLocation: SourceLocation = #_sourceLocation) {
        for index in phones.indices { take(phones[index].core.shutdown(giveUp: .seconds(5), at: now), of: index) }
        run(for: .seconds(6))
        for phone in phones {
            #expect(phone.isStopped, "\(phone.name)", sourceLocation: sourceLocation)
            #expect(phone.core.census == ManagerCensus(), "\(phone.name)", sourceLocation: sourceLocation)
            #expect(phone.ended.values.allSatisfy { $0.count == 1 }, "\(phone.name)", sourceLocation: sourceLocation)
        }
    }
}
