import DialogUsage
import Ladder
import SDP
import SIPMessage
import SansIO
import Testing

extension World {
    // MARK: Calls of ours

    /// A call of ours whose INVITE the test answers itself.
    @discardableResult
    mutating func calling(
        offering: Bool = true, expires: Duration? = nil, for duration: Duration = .milliseconds(100),
        _ answer: @escaping (inout World, SIPMessage) -> Void
    ) throws -> UsageID<ClientInviteSession> {
        intercept = { world, request in
            guard request.method == .invite, (try? request.to().tag) == .some(nil) else { return false }
            answer(&world, request)
            return true
        }
        let account = account
        let offer = offering ? try Self.description() : nil
        let id = try perform { core, now in
            try core.invite(account, to: Self.uri("bob"), offer: offer, expires: expires, at: now)
        }
        run(for: duration)
        return id
    }
    /// Our first INVITE.
    var invite: SIPMessage? { requests.first { $0.method == .invite } }

    /// A request from the place with this tag, in the dialog that our INVITE made there.
    mutating func place(
        _ tag: String, asks method: Method, sequence: Int = 1, body: String = "",
        _ more: (inout FieldList) -> Void = { _ in }
    ) {
        guard let invite, var from = try? invite.to(), let to = try? invite.from(), let call = try? invite.callID()
        else { return }
        from.tag = tag.isEmpty ? nil : tag
        peer.inDialog(method, call: call, from: from, to: to, sequence: sequence, body: body, more)
        run(for: .milliseconds(100))
    }

    // MARK: Calls from outside

    /// An INVITE from carol, announced to the application and not answered yet.
    @discardableResult
    mutating func called(
        _ body: String = World.sdp, _ change: (inout Asking) -> Void = { _ in }
    ) throws -> (UsageID<ServerInviteSession>, Asking) {
        let asking = Asking("INVITE", body: body, change)
        ask(asking)
        return (try #require(incoming.last), asking)
    }
    /// The same, answered and acknowledged.
    mutating func calledAndAnswered(
        _ change: (inout Asking) -> Void = { _ in }
    ) throws -> (UsageID<ServerInviteSession>, Asking) {
        let (id, asking) = try called(World.sdp, change)
        try answer(id)
        run(for: .milliseconds(100))
        return (id, asking)
    }
    mutating func answer(_ id: UsageID<ServerInviteSession>) throws {
        let answer = try Self.description()
        try perform { core, now in ((), try core.answer(id, with: answer, at: now)) }
    }
    mutating func ring(
        _ id: UsageID<ServerInviteSession>, _ status: StatusCode = 180, describing: Bool = false
    ) throws {
        let description = describing ? try Self.description() : nil
        try perform { core, now in
            ((), try core.ring(id, status: status, describing: description, at: now))
        }
        run(for: .milliseconds(50))
    }
    mutating func answerOffer(_ id: SessionID) throws {
        let answer = try Self.description()
        try perform { core, now in ((), try core.answerOffer(id, with: answer, at: now)) }
        run(for: .milliseconds(100))
    }
    mutating func offer(_ id: SessionID, by way: SessionModification.Way? = nil) throws {
        var offer = try Self.description()
        offer.lines.append(SDPLine("a", "another"))
        try perform { core, now in ((), try core.offer(id, offer, by: way, at: now)) }
    }
    mutating func end(_ id: AnyUsageID, for duration: Duration = .milliseconds(100)) {
        take(core.end(id, at: now))
        run(for: duration)
    }
    /// PRACK for a response of ours in the dialog of `asking`.
    mutating func acknowledges(
        _ asking: Asking, _ rack: String, sequence: Int, body: String = ""
    ) -> [SIPMessage] {
        ask(within(asking, "PRACK", sequence: sequence, body: body) { $0.fields.append(("RAck", rack)) })
    }

    // MARK: What happened

    /// The statuses of our answers to a method.
    func statuses(of method: Method) -> [Int] {
        peer.responses.filter { $0.method == method }.compactMap { $0.status.map { Int($0.value) } }
    }
    /// What the application was told about sessions, in a word each.
    var story: [String] {
        events.compactMap { event in
            guard case .session(_, let event) = event else { return nil }
            switch event {
            case .incoming: return "incoming"
            case .trying: return "trying"
            case .progress(let status, let description, let leg):
                return "\(status)\(leg == nil ? "" : " leg")\(description == nil ? "" : " described")"
            case .connected(let description): return "connected\(description == nil ? "" : " described")"
            case .offered(let description): return "offered\(description == nil ? " nothing" : "")"
            case .answered: return "answered"
            case .offerFailed(let failure): return "failed \(failure.status.map { "\($0)" } ?? "silence")"
            case .offerCancelled: return "cancelled"
            case .legEnded: return "leg ended"
            case .info: return "info"
            case .infoAnswered(let failure): return "info \(failure == nil ? "accepted" : "refused")"
            case .message: return "message"
            case .delivered: return "delivered"
            case .undelivered: return "undelivered"
            case .redirected(let uri): return "redirected to \(uri)"
            case .redirectionOffered: return "asked where to"
            case .closing(.byUs, _): return "closing by us"
            case .closing(.byPeer, _): return "closing by peer"
            case .closing(.cancelledByPeer, _): return "closing cancelled"
            case .closing(.refused(let status, _), _): return "closing \(status)"
            case .closing(.failed, _): return "closing failed"
            }
        }
    }
    func connectedDescription() -> SessionDescription? {
        for case .session(_, .connected(let description)) in events { return description }
        return nil
    }

    /// The usual description, on another port.
    static func sdp(port: Int) -> String { sdp.replacing("40000", with: "\(port)") }
}
