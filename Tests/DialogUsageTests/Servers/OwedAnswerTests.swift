import DialogUsage
import SIPMessage
import SansIO
import Testing

@Suite("OwedAnswer: a request from outside gets one final answer")
struct OwedAnswerTests {
    static let early = Instant.zero + .seconds(1)
    static let late = Instant.zero + .seconds(20)

    struct Row: Sendable {
        var input: OwedAnswer.Input
        var at: Instant
        var state: OwedAnswer.State
        var actions: [OwedAnswer.Action]
    }
    static let fromUnanswered = [
        Row(
            input: .answered(202), at: early, state: .ended(.endedByPeer(202)), actions: [.ended(.endedByPeer(202))]),
        Row(
            input: .endRequested, at: early, state: .ended(.local(480)),
            actions: [.refuse(480), .ended(.local(480))]),
        Row(input: .deadlineReached, at: early, state: .unanswered(until: late), actions: []),
        Row(
            input: .deadlineReached, at: late, state: .ended(.local(500)),
            actions: [.refuse(500), .ended(.local(500))]),
    ]

    @Test("Unanswered: every input", arguments: fromUnanswered)
    func unanswered(row: Row) {
        var owed = OwedAnswer(answerBy: Self.late, whenEnded: 480)
        #expect(owed.nextDeadline == Self.late)
        #expect(owed.handle(row.input, at: row.at) == row.actions)
        #expect(owed.state == row.state)
    }

    @Test(
        "Ended: nothing more is said, whatever happens",
        arguments: [OwedAnswer.Input.answered(200), .endRequested, .deadlineReached])
    func ended(input: OwedAnswer.Input) {
        var owed = OwedAnswer(answerBy: Self.late, whenEnded: 503)
        _ = owed.handle(.answered(200), at: Self.early)
        #expect(owed.handle(input, at: Self.late) == [])
        #expect(owed.state == .ended(.endedByPeer(200)))
        #expect(owed.nextDeadline == nil)
    }

    @Test("Each server request is a usage of its own kind in group 0, and its end is idempotent")
    func kinds() {
        func check<Usage: ServerRequestUsage>(_ type: Usage.Type, _ prefix: String) {
            var usage = Usage(OwedAnswer(answerBy: Self.late, whenEnded: 503))
            #expect(Usage.kind.prefix == prefix)
            #expect(Usage.kind.group == .serverRequests)
            #expect(!Usage.kind.isSoftState)
            #expect(usage.end(at: Self.early) == [.refuse(503), .ended(.local(503))])
            #expect(usage.end(at: Self.early) == [])
            #expect(usage.isEnded)
        }
        check(ServerOutOfDialogRequest.self, "sreq")
        check(ServerPagerMessage.self, "spm")
        check(ServerRegistration.self, "sreg")
        check(ServerPublication.self, "spub")
    }
}
