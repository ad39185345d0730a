import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

extension World {
    /// Watches bob; nobody answers but as the test says.
    mutating func watch(
        _ package: String = "presence", for expires: Duration = .seconds(600), accept: [String] = [],
        settling: Duration = .milliseconds(100)
    ) throws -> AnyUsageID {
        let account = account
        let id = try perform { core, now in
            try core.subscribe(
                account, to: Self.uri("bob"), event: EventType(package: package), accept: accept, expires: expires,
                at: now)
        }
        run(for: settling)
        return id.any
    }

    var subscribes: [SIPMessage] { requests.filter { $0.method == .subscribe } }
    func statuses(_ method: Method) -> [Int] {
        peer.responses.filter { $0.method == method }.compactMap { $0.status.map { Int($0.value) } }
    }
    func standings(of id: AnyUsageID) -> [Standing] {
        events.compactMap { event in
            if case .subscription(let usage, .notified(let standing, _, _, _)) = event, usage.any == id {
                standing
            } else {
                nil
            }
        }
    }
    func state(of id: AnyUsageID) -> String? { core.usages.first { $0.id == id }?.state }

    /// A NOTIFY in the dialog of a SUBSCRIBE of ours, with what is odd about it.
    mutating func notify(
        _ subscribe: SIPMessage, _ state: String?, event: String? = nil, from tag: String = "peer", sequence: Int = 1,
        type: String? = nil, body: String = ""
    ) throws {
        var from = try subscribe.to()
        if from.tag == nil { from.tag = tag }
        let event = event ?? subscribe.value(.event) ?? ""
        peer.inDialog(
            .notify, call: try subscribe.callID(), from: from, to: try subscribe.from(), sequence: sequence
        ) { fields in
            if !event.isEmpty { fields.append(.event, event) }
            if let state { fields.append(.subscriptionState, state) }
            if let type { fields.append(.contentType, type) }
        }
        if !body.isEmpty { peer.giveLast(body: body) }
        run(for: .milliseconds(100))
    }

    /// What a test about subscriptions ends with: everything is left in order.
    mutating func leaveInOrder(sourceLocation: SourceLocation = #_sourceLocation) {
        intercept = nil
        shutdown(giveUp: .seconds(10))
        runToTheEnd()
        finish(sourceLocation: sourceLocation)
    }
}
