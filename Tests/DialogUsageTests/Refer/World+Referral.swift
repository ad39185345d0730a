import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

extension World {
    /// The REFERs and NOTIFYs of ours that reached the peer.
    func sent(_ method: Method) -> [SIPMessage] { requests.filter { $0.method == method } }
    func answers(to method: Method) -> [SIPMessage] { peer.responses.filter { $0.method == method } }

    /// A call from outside, answered; with the Call-ID that a REFER in it has.
    mutating func answeredCall() throws -> (id: SessionID, call: String) {
        let id = try calledUp(answering: true)
        let invite = try #require(answers(to: .invite).last)
        return (.server(id), try invite.callID())
    }

    /// The peer's REFER in the dialog of its call.
    mutating func referred(
        in call: String, to target: String = "<sip:dave@example.com>", settling: Duration = .milliseconds(50),
        _ more: (inout FieldList) -> Void = { _ in }
    ) {
        peer.inCall(call, .refer) { fields in
            fields.append(.referTo, target)
            more(&fields)
        }
        run(for: settling)
    }

    @discardableResult
    mutating func accept(
        _ id: UsageID<ServerSubscription>, settling: Duration = .milliseconds(200)
    ) throws -> UsageID<ClientInviteSession> {
        let account = account
        let offer = try Self.description()
        let caller = try perform { core, now in try core.acceptReferral(id, from: account, offer: offer, at: now) }
        run(for: settling)
        return caller
    }
    mutating func decline(_ id: UsageID<ServerSubscription>, settling: Duration = .milliseconds(200)) throws {
        try perform { core, now in ((), try core.declineReferral(id, at: now)) }
        run(for: settling)
    }

    /// The peer takes every REFER and ends its subscription when asked to, unless `refusal` has answered a SUBSCRIBE.
    mutating func takeReferrals(_ refusal: @escaping (inout World, SIPMessage) -> Void?) {
        let trying = "SIP/2.0 100 Trying\r\n"
        intercept = { world, request in
            switch request.method {
            case .refer:
                world.peer.answer(request, 202)
                let number = try? request.cSeq().number
                world.report(request, trying, state: "active;expires=60", id: number, after: .milliseconds(1))
            case .subscribe:
                guard refusal(&world, request) == nil else { return true }
                world.peer.answer(request, 200) { $0.append(.expires, "0") }
                let id = (try? request.event()).flatMap { $0 }?.id.flatMap { UInt32($0) }
                world.report(
                    request, trying, state: "terminated;reason=noresource", id: id, after: .milliseconds(1))
            default: return false
            }
            return true
        }
    }

    /// The peer's phone rings until our CANCEL comes.
    mutating func ringUntilCancelled() {
        intercept = { world, request in
            switch request.method {
            case .invite: world.peer.answer(request, 180)
            case .cancel:
                world.peer.answer(request, 200)
                if let invite = world.sent(.invite).last { world.peer.answer(invite, 487) }
            default: return false
            }
            return true
        }
    }

    /// We ask the peer of a call to call somebody else.
    mutating func refer(
        _ session: SessionID, to user: String = "carol", wantsReports: Bool = true,
        settling: Duration = .milliseconds(200)
    ) throws -> UsageID<ClientSubscription> {
        let id = try perform { core, now in
            try core.refer(session, to: Self.uri(user), wantsReports: wantsReports, at: now)
        }
        run(for: settling)
        return id
    }

    /// The peer's NOTIFY about a REFER of ours, or about a SUBSCRIBE in the same dialog.
    mutating func report(
        _ refer: SIPMessage, _ line: String, state: String, id: UInt32?, after delay: Duration = .zero
    ) {
        guard let call = try? refer.callID(), let from = try? refer.from(), var to = try? refer.to() else { return }
        if to.tag == nil { to.tag = "peer" }
        peerSequence += 1
        peer.inDialog(.notify, call: call, from: to, to: from, sequence: peerSequence, after: delay, body: line) {
            $0.append(.event, id.map { "refer;id=\($0)" } ?? "refer")
            $0.append(.subscriptionState, state)
            $0.set(.contentType, "message/sipfrag;version=2.0")
        }
    }
}
