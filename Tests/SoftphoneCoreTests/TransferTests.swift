import DialogUsage
import Media
import SDP
import SIPMessage
import SansIO
import SoftphoneCore
import Testing

@Suite("Transfers (RFC 5589)")
struct TransferTests {
    private func connected() throws -> Desk {
        var desk = try Desk()
        try desk.call("c1")
        return desk
    }
    private func notify(_ desk: inout Desk, _ line: String, _ state: String) throws {
        try desk.send(
            .notify, inDialogOf: .refer,
            [.event: "refer", .subscriptionState: state, .contentType: "message/sipfrag"], body: Array(line.utf8))
    }

    @Test("transfer CALL URI: asks the peer, tells how it goes, and leaves when the other has answered (RFC 5589 §6.1)")
    func blind() throws {
        var desk = try connected()
        let transfer = try desk.type("transfer c1 carol")
        #expect(desk.requests(.refer).last?.value(.referTo) == "<sip:carol@192.0.2.1>")
        try desk.answer(.refer, 202)
        try notify(&desk, "SIP/2.0 180 Ringing\r\n", "active;expires=60")
        #expect(desk.result(transfer) == nil)
        #expect(desk.softphone.model.calls.first?.transfer == "180 Ringing")
        #expect(desk.value("call.c1.state") == .text("connected"))
        try notify(&desk, "SIP/2.0 200 OK\r\n", "terminated;reason=noresource")
        #expect(desk.success(transfer)?.status == 200)
        #expect(desk.requests(.bye).count == 1)
        try desk.answer(.bye, 200)
        #expect(desk.value("call.c1.state") == .text("ended"))
        #expect(desk.softphone.model.calls.first?.ending == "transferred to sip:carol@192.0.2.1")
        let progress = desk.happenings.filter { $0.name == "call.transfer.progress" }
        #expect(progress.map { $0["status"] } == [.integer(202), .integer(180), .integer(200)])
        #expect(progress.allSatisfy { $0.isOf("c1") })
        #expect(desk.names(of: "sub.").isEmpty)
        #expect(desk.value("usages.total") == .integer(0))
        try desk.leave()
    }

    @Test(
        "The other does not answer: the command says why, and the call goes on",
        arguments: ["486 Busy Here", "603 Decline"])
    func failed(line: String) throws {
        var desk = try connected()
        let transfer = try desk.type("transfer c1 carol")
        try desk.answer(.refer, 202)
        try notify(&desk, "SIP/2.0 \(line)\r\n", "terminated;reason=noresource")
        #expect(desk.failure(transfer)?.text.hasSuffix(" was not reached: \(line)") == true)
        #expect(desk.requests(.bye).isEmpty)
        #expect(desk.value("call.c1.state") == .text("connected"))
        #expect(desk.softphone.model.calls.first?.transfer == nil)
        // And it can be tried again.
        let again = try desk.type("transfer c1 dave")
        try desk.answer(.refer, 405)
        #expect(desk.failure(again)?.status == 405)
        #expect(desk.failure(again)?.text.hasPrefix("the transfer was refused: 405") == true)
        try desk.leave()
    }

    @Test("transfer CALL to CALL: the peer takes our place in the other call (RFC 5589 §7)")
    func attended() throws {
        var desk = try connected()
        try desk.call("c2", to: "carol")
        let consultation = try #require(desk.requests(.invite).last)
        let transfer = try desk.type("transfer c1 to c2")
        let refer = try #require(desk.requests(.refer).last)
        let target = try refer.referTarget()
        #expect(target.uri.description == "sip:bob@192.0.2.1")
        #expect(
            try target.replaces
                == Replaces(
                    callID: consultation.callID(), toTag: "server", fromTag: try #require(consultation.from().tag)))
        #expect(try refer.callID() == desk.requests(.invite).first?.callID())
        try desk.answer(.refer, 202)
        try notify(&desk, "SIP/2.0 200 OK\r\n", "terminated;reason=noresource")
        #expect(desk.success(transfer) != nil)
        #expect(try desk.requests(.bye).map { try $0.callID() } == [refer.callID()])
        // carol ends the other one, whose place was taken.
        try desk.answer(.bye, 200)
        try desk.send(.bye, inDialogOf: .invite)
        #expect(desk.value("usages.total") == .integer(0))
        try desk.leave()
    }

    @Test(
        "What cannot be transferred is refused, and nothing is sent",
        arguments: ["transfer c9 carol", "transfer c1 to c1", "transfer c1 to c9", "accept transfer", "deny transfer"])
    func refused(line: String) throws {
        var desk = try connected()
        let request = try desk.type(line)
        #expect(desk.failure(request) != nil)
        #expect(desk.requests(.refer).isEmpty)
        try desk.leave()
    }

    @Test(
        "transfer needs a URI or a call, and not both",
        arguments: ["transfer", "transfer c1", "transfer c1 carol to c2", "transfer to c2"])
    func grammar(line: String) {
        #expect(throws: CommandError.self) { try Command.parse(line: line) }
    }

    // MARK: Asked of us

    /// bob has called, and asks us to call carol.
    private func asked(_ more: KeyValuePairs<FieldName, String> = [:], policy: String? = nil) throws -> Desk {
        var desk = try Desk()
        if let policy { try desk.type("transfers \(policy)") }
        try desk.send(.invite, to: "alice", [.contentType: "application/sdp"], body: description().serialised())
        try desk.type("answer as c1")
        try desk.follow(.ack)
        try desk.follow(.refer, [.referTo: "<sip:carol@192.0.2.1>", .referredBy: "<sip:bob@192.0.2.1>"])
        return desk
    }

    @Test("We are asked first; accepted, the call is placed with its own port, and told of (RFC 3515 §2.4.2)")
    func accepted() throws {
        var desk = try asked()
        let happening = try #require(desk.happenings.last { $0.name == "call.transfer.requested" })
        #expect(happening["from"] == .text("sip:bob@192.0.2.1"))
        #expect(happening["to"] == .text("sip:carol@192.0.2.1"))
        #expect(happening["call"] == .text("c1"))
        #expect(desk.requests(.invite).isEmpty && desk.responses(202).isEmpty)
        #expect(desk.softphone.model.transferRequests.map(\.to) == ["sip:carol@192.0.2.1"])
        #expect(desk.softphone.model.obstacle(to: .acceptTransfer) == nil)
        let accept = try desk.type("accept transfer")
        #expect(desk.responses(202).count == 1)
        #expect(desk.softphone.model.transferRequests.isEmpty, "it is decided")
        let invite = try #require(desk.requests(.invite).last)
        #expect(invite.value(.referredBy) == "<sip:bob@192.0.2.1>")
        #expect(try SessionDescription(parsing: Array(invite.body)).media.first?.port == 40_004)
        try desk.answer(.invite, 180)
        #expect(desk.success(accept)?.status == 180)
        try desk.answer(.invite, 200, try answer(to: invite))
        #expect(desk.softphone.model.calls.count { $0.state == .connected } == 2)
        try desk.leave()
    }

    @Test("Declined: 603, and the call that it came in goes on")
    func declined() throws {
        var desk = try asked()
        let deny = try desk.type("deny transfer")
        #expect(desk.success(deny) != nil)
        #expect(desk.responses(603).count == 1)
        #expect(desk.value("call.c1.state") == .text("connected"))
        let late = try desk.type("accept transfer")
        #expect(desk.failure(late)?.kind == .noSuch)
        try desk.leave()
    }

    @Test("A policy answers for the user")
    func policy() throws {
        var desk = try asked(policy: "accept")
        #expect(desk.responses(202).count == 1)
        #expect(desk.requests(.invite).count == 1)
        try desk.leave()
        desk = try asked(policy: "decline")
        #expect(desk.responses(603).count == 1)
        #expect(desk.requests(.invite).isEmpty)
        try desk.leave()
    }

    @Test(
        "No audio port: the request fails, and the referrer is told 603, which ends no call as 480 would (RFC 5057 §5.1)"
    )
    func noPort() throws {
        var desk = try asked()
        desk.hasAudio = false
        let accept = try desk.type("accept transfer")
        #expect(desk.failure(accept)?.kind == .media)
        #expect(desk.responses(603).count == 1)
        #expect(desk.value("call.c1.state") == .text("connected"))
        try desk.type("shutdown force")
        #expect(desk.isFinished && desk.report?.census == ManagerCensus())
    }

    // MARK: Replaced

    @Test("A call that takes the place of ours is answered by itself, and the old one is ended (RFC 3891 §3)")
    func replaced() throws {
        var desk = try connected()
        try desk.type("mute c1")
        let invite = try #require(desk.requests(.invite).last)
        let tag = try #require(try invite.from().tag)
        try desk.send(
            .invite, to: "alice",
            [
                .contentType: "application/sdp", .replaces: "\(try invite.callID());to-tag=\(tag);from-tag=server",
                .referredBy: "<sip:bob@192.0.2.1>", .require: "replaces",
            ], body: description().serialised())
        #expect(desk.responses(180).isEmpty)
        #expect(desk.responses(200).count { $0.method == .invite } == 1)
        try desk.follow(.ack)
        #expect(desk.requests(.bye).count == 1)
        try desk.answer(.bye, 200)
        let calls = desk.softphone.model.calls
        #expect(calls.map(\.state) == [.ended, .connected])
        #expect(calls.first?.ending == "replaced by sis-1")
        #expect(calls.last?.isMuted == true)
        #expect(desk.happenings.last { $0.name == "call.incoming" }?["replaces"] == .text("c1"))
        try desk.leave()
    }
}
