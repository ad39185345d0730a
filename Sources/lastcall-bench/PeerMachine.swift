import DialogUsage
import SDP
import SIPMessage
import SIPTransaction
import SansIO

/// The other end of a figure: a registrar, notifier and callee that says yes to everything, or one that reads and never
/// answers.
struct PeerMachine: Machine {
    enum Command: Sendable {
        case fallSilent, stop
        /// Somebody's presence changes, and who watches is told so: the first to watch at 0.
        case change(watcher: Int, note: String)
    }
    enum Event: Sendable { case stopped }

    private var core: UsageCore
    private let address = SocketAddress(.loopback4, port: 40_002)
    private var serial: UInt64 = 0
    private var watchers: [UsageID<ServerSubscription>] = []
    private var isSilent = false

    init(local: LocalAddresses, entropy: Entropy) {
        core = UsageCore(
            UserAgentConfiguration(
                stack: StackConfiguration(local: local), notifierPackages: ["presence"],
                servedMethods: [.register, .publish]), entropy: entropy)
    }

    var nextDeadline: Instant? { isSilent ? nil : core.nextDeadline }

    mutating func handle(_ input: MachineInput<Command>, at now: Instant) -> [MachineOutput<Event>] {
        switch input {
        case .network(let network): return isSilent ? [] : translate(core.handle(network, at: now), at: now)
        case .deadlineReached: return translate(core.deadlineReached(at: now), at: now)
        case .command(.fallSilent):
            isSilent = true
            return []
        case .command(.change(let watcher, let note)):
            guard watchers.indices.contains(watcher) else { return [] }
            let outputs = try? core.notify(
                watchers[watcher], standing: .active, contentType: "application/pidf+xml", body: Self.presence(note),
                at: now)
            return translate(outputs ?? [], at: now)
        case .command(.stop): return translate(core.forceShutdown(at: now), at: now)
        }
    }

    private mutating func translate(_ outputs: [UsageOutput], at now: Instant) -> [MachineOutput<Event>] {
        var translated: [MachineOutput<Event>] = []
        for output in outputs {
            switch output {
            case .network(let network): translated.append(.network(network))
            case .ended: translated += [.event(.stopped), .finished]
            case .event(.watcher(let id, .requested)):
                watchers.append(id)
                let more = try? core.accept(id, standing: .active, contentType: nil, body: [], at: now)
                translated += translate(more ?? [], at: now)
            case .event(.session(.server(let id), .incoming(let call))):
                serial += 1
                guard let offer = call.offer,
                    let answer = try? SessionDescription.answer(to: offer, at: address, sessionID: serial)
                else { continue }
                translated += translate((try? core.answer(id, with: answer, at: now)) ?? [], at: now)
            case .event(.request(let id, let request)):
                var fields = FieldList()
                if request.method == .register, let contact = request.request.value(.contact) {
                    fields.append(.contact, contact)
                }
                if request.method == .publish {
                    fields.append(.sipETag, "t1")
                    fields.append(.expires, request.request.value(.expires) ?? "0")
                }
                let more = try? core.respond(to: id, status: 200, fields: fields, at: now)
                translated += translate(more ?? [], at: now)
            case .event: break
            }
        }
        return translated
    }

    private static func presence(_ note: String) -> [UInt8] {
        Array(
            """
            <?xml version="1.0"?><presence xmlns="urn:ietf:params:xml:ns:pidf" entity="sip:p@127.0.0.1"><tuple \
            id="t"><status><basic>open</basic></status></tuple><note>\(note)</note></presence>
            """.utf8)
    }
}
