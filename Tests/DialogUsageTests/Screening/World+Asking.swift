import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

/// A request from outside as its text has it, so that anything can stand in it.
struct Asking {
    var method: String
    var uri = "sip:alice@127.0.0.1:5060"
    var to = "<sip:alice@example.com>"
    var call = "asking"
    var fromTag = "carol"
    var branch = "z9hG4bKasking"
    var sequence = 1
    var fields: [(String, String)] = []
    var body = ""
    var type: String? = "application/sdp"

    init(_ method: String, body: String = "", _ change: (inout Asking) -> Void = { _ in }) {
        self.method = method
        self.body = body
        branch += method
        change(&self)
    }

    var bytes: [UInt8] {
        var text = "\(method) \(uri) SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5090;branch=\(branch);rport\r\n"
        text += "Max-Forwards: 70\r\nFrom: \"Carol\" <sip:carol@example.com>;tag=\(fromTag)\r\nTo: \(to)\r\n"
        text += "Call-ID: \(call)\r\nCSeq: \(sequence) \(method)\r\nContact: <sip:carol@127.0.0.1:5090>\r\n"
        for (name, value) in fields { text += "\(name): \(value)\r\n" }
        if !body.isEmpty, let type { text += "Content-Type: \(type)\r\n" }
        return Array((text + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)").utf8)
    }
}

extension World {
    /// Sends it, and answers with what it was answered within a moment.
    @discardableResult
    mutating func ask(_ asking: Asking, for duration: Duration = .milliseconds(100)) -> [SIPMessage] {
        let before = peer.responses.count
        peer.send(asking.bytes)
        run(for: duration)
        return Array(peer.responses.dropFirst(before))
    }
    /// The status of the final answer, or nil.
    mutating func status(of asking: Asking) -> Int? {
        ask(asking).last { $0.status?.isFinal == true }?.status.map { Int($0.value) }
    }
    /// Answers the call that came first.
    mutating func answerFirst() throws -> UsageID<ServerInviteSession> {
        let call = try #require(incoming.first)
        let answer = try Self.description()
        try perform { core, now in ((), try core.answer(call, with: answer, at: now)) }
        run(for: .milliseconds(100))
        return call
    }
    /// Leaves and checks that nothing is left over.
    mutating func leave(sourceLocation: SourceLocation = #_sourceLocation) {
        shutdown()
        runToTheEnd()
        finish(sourceLocation: sourceLocation)
    }
    /// The same request in the dialog that answering `asking` made.
    mutating func within(
        _ asking: Asking, _ method: String, sequence: Int, body: String = "",
        _ change: (inout Asking) -> Void = { _ in }
    ) -> Asking {
        var next = Asking(method, body: body)
        next.call = asking.call
        next.fromTag = asking.fromTag
        next.branch += "\(sequence)"
        next.sequence = sequence
        next.to = peer.responses.last { (try? $0.callID()) == asking.call && $0.status != 100 }?.value(.to) ?? next.to
        change(&next)
        return next
    }
}
