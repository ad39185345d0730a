import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

/// Carol, who watches us.
extension World {
    var notifies: [SIPMessage] { requests.filter { $0.method == .notify } }
    func answers(toWatcher status: StatusCode) -> [SIPMessage] {
        peer.responses.filter { $0.method == .subscribe && $0.status == status }
    }
    var lastAnswer: SIPMessage? { peer.responses.last { $0.method == .subscribe } }

    /// Her SUBSCRIBE; with our tag, in the dialog that the one before has made.
    mutating func carolSubscribes(
        _ events: [String] = ["presence"], expires: String? = "600", tag: String? = nil, sequence: Int = 1,
        call: String = "watching", _ more: (inout FieldList) -> Void = { _ in }
    ) {
        var from = NameAddress(uri: Self.uri("carol"))
        from.tag = "carol"
        var to = NameAddress(uri: Self.uri("alice"))
        to.tag = tag
        peer.inDialog(.subscribe, call: call, from: from, to: to, sequence: sequence) { fields in
            for event in events { fields.append(.event, event) }
            if let expires { fields.append(.expires, expires) }
            more(&fields)
        }
        run(for: .milliseconds(50))
    }
    /// Lets her watch; the tag of our end is what her further requests need.
    @discardableResult
    mutating func letWatch(
        _ standing: Standing = .active, body: String = "<presence/>", settling: Duration = .milliseconds(50)
    ) throws -> (id: UsageID<ServerSubscription>, tag: String?) {
        let id = try #require(watchers.last)
        try perform { core, now in
            let type = body.isEmpty ? nil : Self.type
            return ((), try core.accept(id, standing: standing, contentType: type, body: Array(body.utf8), at: now))
        }
        run(for: settling)
        return (id, try answers(toWatcher: 200).last?.to().tag)
    }
    mutating func tell(
        _ id: UsageID<ServerSubscription>, _ standing: Standing, body: String, settling: Duration = .milliseconds(50)
    ) throws {
        try perform { core, now in
            ((), try core.notify(id, standing: standing, contentType: Self.type, body: Array(body.utf8), at: now))
        }
        run(for: settling)
    }
}
