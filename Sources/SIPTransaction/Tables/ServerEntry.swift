import SIPMessage
import SansIO

/// One server transaction.
struct ServerEntry: Sendable {
    var key: ServerKey
    /// nil once it has its final answer, which is all that is said again.
    var request: SIPMessage?
    var way: WayBack
    var machine: ServerMachine
    /// The first Via field of every answer: as it came, with received and rport filled in (RFC 3261 §18.2.1, RFC 3581 §4).
    /// A 2xx to INVITE may be given again.
    var via: String
    /// The last response, for repetition.
    var response: [UInt8] = []
    /// How often that one was repeated.
    var copies = 0
    /// How often the request came again.
    var repetitions = 0
    var alarm: Alarm?

    mutating func handle(_ input: ServerMachine.Input, at now: Instant) -> [ServerAction] {
        let actions = machine.handle(input, at: now)
        if !isUnanswered {
            request = nil
            if key.method != .invite { via = "" }
        }
        return actions
    }

    mutating func forgetAnswer() {
        response = []
        via = ""
    }

    /// To of the last response, whose tag an answer to CANCEL carries too (RFC 3261 §9.2); nil where it has none.
    var answeredTo: (field: String, tag: String)? {
        guard let answer = try? SIPMessage(parsing: response, from: .datagram), let tag = try? answer.toTag(),
            let field = answer.value(.to)
        else { return nil }
        return (field, tag)
    }

    var isUnanswered: Bool { machine.isUnanswered }
    var awaitsAcknowledgement: Bool { machine.awaitsAcknowledgement }
}
