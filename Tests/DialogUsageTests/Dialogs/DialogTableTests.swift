import DialogUsage
import SIPMessage
import SansIO
import Testing

@Suite("Dialogs and what lives in them (RFC 3261 §12, RFC 5057)")
struct DialogTableTests {
    let session = UsageID<ClientInviteSession>(serial: 1).any
    let subscription = UsageID<ClientSubscription>(serial: 1).any
    let key = DialogSetKey(callID: "call", localTag: "ours")

    private func dialog(remoteTag: String?) throws -> Dialog {
        let us = NameAddress(SIPURI(user: "alice", host: "example.com", port: nil))
        let peer = SIPURI(user: "bob", host: "example.com", port: nil)
        var dialog = Dialog(
            callID: "call", localTag: "ours", from: us, to: NameAddress(peer), target: .sip(peer), route: [])
        guard let remoteTag else { return dialog }
        let tag = remoteTag.isEmpty ? "" : ";tag=\(remoteTag)"
        let response = """
            SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK1\r\nFrom: <sip:alice@example.com>;tag=ours\r\n\
            To: <sip:bob@example.com>\(tag)\r\nCall-ID: call\r\nCSeq: 1 INVITE\r\nContact: <sip:bob@192.0.2.1>\r\n\r\n
            """
        try dialog.establish(by: SIPMessage(parsing: Array(response.utf8)))
        return dialog
    }

    @Test("One set, several dialogs: each is found by its remote tag alone (RFC 3261 §12)")
    func forks() throws {
        var table = DialogTable()
        let first = table.open(try dialog(remoteTag: "one"), for: session)
        let second = table.open(try dialog(remoteTag: "two"), for: session)
        #expect(first != second)
        #expect(table.established(key, remoteTag: "one") == first)
        #expect(table.established(key, remoteTag: "two") == second)
        #expect(table.established(key, remoteTag: "three") == nil)
        #expect(table.established(DialogSetKey(callID: "call", localTag: "other"), remoteTag: "one") == nil)
        #expect(table.established(DialogSetKey(callID: "other", localTag: "ours"), remoteTag: "one") == nil)
        #expect(table.set(key) == [first, second])
        #expect(table.setCount == 1)
    }

    @Test("A peer without a tag is found by having none (DLG-208, RFC 3261 §12.1, §12.2.2)")
    func nullTag() throws {
        var table = DialogTable()
        let series = table.open(try dialog(remoteTag: nil), for: session)
        #expect(table.established(key, remoteTag: "") == nil, "before an answer there is no dialog")
        #expect(table.unanswered(key) == series)
        let old = table.open(try dialog(remoteTag: ""), for: session)
        #expect(table.established(key, remoteTag: "") == old)
    }

    @Test("The end of one usage leaves the other alone, the end of the last takes the dialog (DLG-210, RFC 5057 §4)")
    func usages() throws {
        var table = DialogTable()
        let id = table.open(try dialog(remoteTag: "one"), for: session)
        table.join(subscription, id)
        #expect(table.usages(in: id) == [session, subscription])
        table.leave(session, id)
        #expect(table.usages(in: id) == [subscription])
        #expect(table[id]?.remoteTag == "one")
        table.leave(subscription, id)
        #expect(table[id] == nil)
        #expect(table.count == 0)
        #expect(table.setCount == 0)
    }

    @Test("A set lasts as long as one of its dialogs")
    func sets() throws {
        var table = DialogTable()
        let first = table.open(try dialog(remoteTag: "one"), for: session)
        let second = table.open(try dialog(remoteTag: "two"), for: session)
        table.leave(session, first)
        #expect(table.set(key) == [second])
        table.leave(session, second)
        #expect(table.setCount == 0)
        #expect(table.open(try dialog(remoteTag: "one"), for: session) != first, "serials are never used again")
    }
}
