import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

extension World {
    static let type = "application/pidf+xml"

    /// SUBSCRIBEs that reached the peer.
    var subscribes: [SIPMessage] { requests.filter { $0.method == .subscribe } }
    /// What was said of subscriptions of ours, in order.
    var subscriptionEvents: [SubscriptionEvent] {
        events.compactMap { if case .subscription(_, let event) = $0 { event } else { nil } }
    }
    func codes(of method: Method) -> [Int] {
        peer.responses.filter { $0.method == method }.compactMap { $0.status.map { Int($0.value) } }
    }
    func state(of id: AnyUsageID) -> String? { core.usages.first { $0.id == id }?.state }

    @discardableResult
    mutating func watch(
        _ package: String = "presence", id: String? = nil, accept: [String] = [type], expires: Duration = .seconds(600),
        policy: ResubscriptionPolicy? = nil, settling: Duration = .milliseconds(100)
    ) throws -> AnyUsageID {
        let account = account
        let usage = try perform { core, now in
            try core.subscribe(
                account, to: Self.uri("bob"), event: EventType(package: package, id: id), accept: accept,
                expires: expires, resubscription: policy, at: now)
        }
        run(for: settling)
        return usage.any
    }

    /// A NOTIFY of the notifier with this tag, in what our SUBSCRIBE began.
    mutating func notify(
        _ subscribe: SIPMessage, _ state: String?, tag: String = "peer", event: String? = nil, body: String = "",
        type: String = type, after delay: Duration = .zero, _ more: (inout FieldList) -> Void = { _ in }
    ) {
        guard let call = try? subscribe.callID(), let ours = try? subscribe.from(), var from = try? subscribe.to()
        else { return }
        from.tag = tag
        peerSequence += 1
        peer.inDialog(
            .notify, call: call, from: from, to: ours, sequence: peerSequence, after: delay, body: body
        ) { fields in
            fields.append(.event, event ?? subscribe.value(.event) ?? "presence")
            if let state { fields.append(.subscriptionState, state) }
            if !body.isEmpty { fields.set(.contentType, type) }
            more(&fields)
        }
    }

    /// SUBSCRIBE is answered by `answer` instead of by the peer's manner, until the end is asked for.
    mutating func onSubscribe(_ answer: @escaping (inout World, SIPMessage, _ count: Int) -> Void) {
        intercept = { world, request in
            guard request.method == .subscribe, request.value(.expires) != "0" else { return false }
            answer(&world, request, world.subscribes.count)
            return true
        }
    }

    mutating func finishUp() {
        intercept = nil
        shutdown(giveUp: .seconds(60))
        runToTheEnd()
        finish()
    }
}

extension ScriptedPeer {
    mutating func accept(_ subscribe: SIPMessage, _ status: StatusCode = 200, expires: String? = "600") {
        answer(subscribe, status) { if let expires { $0.append(.expires, expires) } }
    }
}
