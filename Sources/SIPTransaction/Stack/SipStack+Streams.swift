import SIPMessage
import SansIO

/// What comes in on connections, cut into messages (RFC 3261 §18.3).
extension SipStack {
    mutating func flowReceived(_ id: FlowID, _ bytes: [UInt8], at now: Instant) {
        let read = flows.change(id) { flow -> Reading? in
            guard let ends = flow.ends else { return nil }
            let source = Source(remote: ends.remote, local: ends.local, transport: ends.transport, flow: id)
            return Reading(bytes, with: &flow.framer, from: source)
        }
        guard case .some(.some(let reading)) = read else { return }
        watch(id, isIncomplete: reading.isIncomplete, isAnother: reading.isProgress, at: now)
        // One answer however many pings came at once, so that a flood of them is not doubled (H-040).
        if reading.hasPing { write([13, 10], to: id) }
        if !reading.messages.isEmpty { flows.change(id) { $0.lastUsed = now } }
        for message in reading.messages { received(message, from: reading.source, at: now) }
        if let error = reading.failure {
            // What cannot be framed cannot be gone on with.
            let status: StatusCode? = error.fault == .tooLong ? 513 : error.suggestedStatus
            leave(id, reading.refused, reading.source, error, status, at: now)
        }
    }

    /// The rest of a message did not come in time (H-038). 408 is for INVITE alone (RFC 4320 §4.2).
    mutating func flowStalled(_ id: FlowID, at now: Instant) {
        guard let flow = flows[id], let ends = flow.ends else { return }
        flows.change(id) { $0.alarm = nil }
        let source = Source(remote: ends.remote, local: ends.local, transport: ends.transport, flow: id)
        let partial = flow.framer.incomplete
        let isInvite = (try? SIPMessage(parsing: partial, from: .stream))?.method == .invite
        let error = SIPParseError.unfinished(at: partial.count)
        leave(id, partial, source, error, isInvite ? 408 : 400, at: now)
    }

    /// Answers what can be answered, reports it, and closes.
    private mutating func leave(
        _ id: FlowID, _ octets: [UInt8], _ source: Source, _ error: SIPParseError, _ status: StatusCode?,
        at now: Instant
    ) {
        outputs.append(.malformed(error, source, octets))
        if let status, let message = try? SIPMessage(parsing: octets, from: .stream), message.isRequest {
            refuse(message, with: status, source)
        }
        outputs.append(.network(.close(id)))
        forget(id, .closed, at: now)
    }

    /// The time for a message runs from its first octet, and anew for the next one.
    private mutating func watch(_ id: FlowID, isIncomplete: Bool, isAnother: Bool, at now: Instant) {
        guard let alarm = flows[id].map(\.alarm) else { return }
        let deadline = now + configuration.limits.incompleteMessage
        let kept = isIncomplete ? (isAnother ? deadline : alarm?.at ?? deadline) : nil
        let next = rescheduled(alarm, .flow(id), at: kept)
        if next != alarm { flows.change(id) { $0.alarm = next } }
    }

    /// What one piece of a stream held.
    private struct Reading {
        var source: Source
        var messages: [[UInt8]] = []
        var hasPing = false
        var failure: SIPParseError?
        /// Of what could not be framed, the header section if that was whole.
        var refused: [UInt8] = []
        /// Something became whole, so that what is incomplete now is the next message.
        var isProgress = false
        var isIncomplete = false

        init(_ bytes: [UInt8], with framer: inout StreamFramer, from source: Source) {
            self.source = source
            framer.append(bytes)
            while failure == nil, let item = framer.next() {
                isProgress = true
                switch item {
                case .message(let message): messages.append(message)
                case .keepAlivePing: hasPing = true
                case .keepAlivePong: break
                case .failed(let error): failure = error
                }
            }
            refused = framer.refused
            isIncomplete = framer.isIncomplete
        }
    }
}
