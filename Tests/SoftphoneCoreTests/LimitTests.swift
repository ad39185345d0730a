import DialogUsage
import SDP
import SIPMessage
import SansIO
import SoftphoneCore
import Testing

@Suite("What is kept is bounded (hardening.md, section 1)")
struct LimitTests {
    @Test("500 messages are shown, each shortened to 4 KiB; the oldest go first and are counted (H-121)")
    func messages() throws {
        var desk = try Desk()
        for index in 0..<510 {
            let text = "\(index) " + String(repeating: "x", count: index == 509 ? 10_000 : 1)
            try desk.send(.message, to: "alice", [.contentType: "text/plain"], body: Array(text.utf8))
        }
        let model = desk.softphone.model
        #expect(model.messages.count == 500)
        #expect(model.messagesForgotten == 10)
        #expect(model.messages.first?.text.hasPrefix("10 ") == true)
        #expect(model.messages.last?.text.count == 4_096)
    }

    @Test("A ladder keeps the newest 200 messages, the log the newest 1,000 lines (H-121)")
    func ladderAndLog() throws {
        var desk = try Desk()
        try desk.type("subscribe presence bob as s1 expires 600")
        try desk.answer(.subscribe, 200, [.expires: "600", .contact: "<sip:bob@192.0.2.1>"])
        for _ in 0..<1_010 {
            try desk.send(
                .notify, inDialogOf: .subscribe, [.event: "presence", .subscriptionState: "active;expires=600"])
        }
        let model = desk.softphone.model
        let id = try #require(model.usages.first?.id)
        #expect(model.ladder(of: id).count == 200)
        #expect(model.ladder(of: id).last?.summary == "200 OK")
        #expect(model.log.count <= 1_000)
    }

    @Test("Eight calls may ring at a time, the ninth is answered 486")
    func incomingCalls() throws {
        var desk = try Desk()
        for _ in 0..<9 {
            try desk.send(
                .invite, to: "alice", [.contentType: "application/sdp"], body: description().serialised())
        }
        #expect(desk.responses(180).count == 8)
        #expect(desk.responses(486).count == 1)
        #expect(desk.softphone.model.calls.count == 8)
    }
}
