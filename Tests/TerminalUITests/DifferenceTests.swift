import Testing

@testable import TerminalUI

@Suite("The difference between two messages")
struct DifferenceTests {
    private func lines(_ old: String, _ new: String) -> [MessageDifference.Line] { MessageDifference(old, new).lines }

    @Test("Fields are paired by name wherever they stand and however they are spelled; the step of CSeq is said")
    func fields() {
        let old = "INVITE sip:a SIP/2.0\nVia: one\nVia: two\nCSeq: 1 INVITE\nSubject: x\nk: timer\n"
        let new = "INVITE sip:a SIP/2.0\nSupported: timer\nVIA: one\nCSeq: 3 INVITE\nContact: c\n"
        #expect(
            lines(old, new) == [
                .same("INVITE sip:a SIP/2.0"), .same("Via: one"), .removed("Via: two"),
                .changed(from: "CSeq: 1 INVITE", to: "3 INVITE", note: "+2"), .removed("Subject: x"),
                .same("Supported: timer"), .added("Contact: c"),
            ])
    }

    @Test("Lines of SDP are compared in their order, a changed one with one of the same type")
    func bodies() {
        let old = "A\n\nv=0\no=1 1\nm=audio 4 RTP/AVP 0\na=sendrecv\na=rtpmap:0 PCMU"
        let new = "B\n\nv=0\no=1 2\nm=audio 4 RTP/AVP 0\na=ptime:20\na=rtpmap:0 PCMU"
        #expect(
            lines(old, new) == [
                .changed(from: "A", to: "B", note: ""), .same(""), .same("v=0"),
                .changed(from: "o=1 1", to: "o=1 2", note: ""), .same("m=audio 4 RTP/AVP 0"), .removed("a=sendrecv"),
                .added("a=ptime:20"), .same("a=rtpmap:0 PCMU"),
            ])
    }

    @Test("Bodies of a hostile length are compared without a table of their product")
    func long() {
        let old = (0..<20_000).map { "a\($0)" }.joined(separator: "\n")
        let new = (0..<20_000).map { "b\($0)" }.joined(separator: "\n")
        #expect(lines("A\n\nsame\n\(old)\nend", "A\n\nsame\n\(new)\nend").count == 40_004)
    }

    @Test("Nothing, or no message at all, differs from nothing")
    func nothing() {
        #expect(lines("", "") == [.same("")])
        #expect(lines("A\n", "A\n") == [.same("A")])
        #expect(lines("A\nnonsense\n", "A\n") == [.same("A")])
    }
}
