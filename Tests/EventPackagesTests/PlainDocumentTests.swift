import EventPackages
import Testing

@Suite("Message summaries (RFC 3842)")
struct MessageSummaryTests {
    @Test("The example of RFC 3842 §5.2 is read")
    func example() throws {
        let text =
            "Messages-Waiting: yes\r\nMessage-Account: sip:alice@vmail.example.com\r\nVoice-Message: 2/8 (0/2)\r\n"
        let summary = try MessageSummary(parsing: Array(text.utf8))
        #expect(summary.isWaiting)
        #expect(summary.account == "sip:alice@vmail.example.com")
        #expect(
            summary.counts == [
                .init(messageClass: "Voice-Message", new: 2, old: 8, urgentNew: 0, urgentOld: 2)
            ])
    }

    @Test("Counts of thirty digits are capped, lines that mean nothing are passed over (EVT-380, RFC 3842 §3.5, H-030)")
    func hostileCounts() throws {
        let digits = String(repeating: "9", count: 30)
        let text = """
            Messages-Waiting: no
            Fax-Message: \(digits)/1
            Voice-Message: -1/2
            Text-Message: x/y
            \(String(repeating: "z", count: 5_000))
            Pager-Message: 1/2/3
            """
        let summary = try MessageSummary(parsing: Array(text.utf8))
        #expect(!summary.isWaiting)
        #expect(summary.counts.map(\.messageClass) == ["Fax-Message"])
        #expect(summary.counts.first?.new == MessageSummary.largestCount)
    }

    @Test("Without Messages-Waiting, or with too many lines or octets, it is no summary (H-030)")
    func refused() {
        let inputs = [
            "", "Voice-Message: 1/2", String(repeating: "\n", count: 2_000), String(repeating: "m", count: 300_000),
        ]
        for text in inputs {
            #expect(throws: DocumentError.self) { try MessageSummary(parsing: Array(text.utf8)) }
        }
    }
}
