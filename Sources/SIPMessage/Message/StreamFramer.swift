/// What a stream holds next.
package enum StreamItem: Hashable, Sendable {
    case message([UInt8])
    /// CRLF CRLF, to be answered with CRLF (RFC 5626 §3.5.1).
    case keepAlivePing
    case keepAlivePong
    /// The stream cannot be cut into messages any more and has to be closed.
    case failed(SIPParseError)
}

/// Cuts a stream into messages by Content-Length (RFC 3261 §18.3). Every octet is looked at once, however it arrives.
package struct StreamFramer: Sendable {
    /// What is tightened for tests and for strict configurations; never widened.
    package struct Limits: Hashable, Sendable {
        package var headerSection: Int
        package var body: Int
        package init(headerSection: Int = MessageLimits.headerSection, body: Int = MessageLimits.body) {
            self.headerSection = min(headerSection, MessageLimits.headerSection)
            self.body = min(body, MessageLimits.body)
        }
    }

    private enum State: Hashable, Sendable {
        /// Looking for the end of the header section; up to `scanned` it is not.
        case header(scanned: Int)
        case body(end: Int)
        /// The error, until it has been told.
        case failed(SIPParseError?)
    }

    private let limits: Limits
    private var buffer: [UInt8] = []
    /// Where the next item begins.
    private var start = 0
    private var state = State.header(scanned: 0)

    package init(limits: Limits = Limits()) { self.limits = limits }

    /// Whether part of a message has come and the rest is awaited: how long is for the owner to limit.
    package var isIncomplete: Bool { buffer.count > start }
    /// That part.
    package var incomplete: [UInt8] { Array(buffer[start...]) }
    /// After a failure: the header section of what could not be framed, if it was whole, so that it can be answered.
    package private(set) var refused: [UInt8] = []

    package mutating func append(_ bytes: [UInt8]) {
        if case .failed = state { return }
        // What has been delivered is dropped once it is the greater part, so that each octet moves a few times at most.
        if start > 0, start >= buffer.count / 2 {
            buffer.removeFirst(start)
            switch state {
            case .header(let scanned): state = .header(scanned: scanned - start)
            case .body(let end): state = .body(end: end - start)
            case .failed: break
            }
            start = 0
        }
        buffer += bytes
    }

    /// nil: nothing whole is there yet. After `.failed`, which is told once, nothing comes any more.
    package mutating func next() -> StreamItem? {
        while true {
            switch state {
            case .failed(let error):
                state = .failed(nil)
                return error.map(StreamItem.failed)
            case .body(let end):
                guard buffer.count >= end else { return nil }
                let message = Array(buffer[start..<end])
                begin(at: end)
                return .message(message)
            case .header(let scanned):
                if scanned == start, let item = keepAlive() { return item }
                guard findHeaderEnd(from: scanned) else { return nil }
            }
        }
    }

    private mutating func begin(at position: Int) {
        start = position
        state = .header(scanned: position)
    }

    /// Line ends between messages (RFC 3261 §7.5, RFC 5626 §4.4.1).
    private mutating func keepAlive() -> StreamItem? {
        let rest = buffer.count - start
        guard rest >= 2, buffer[start] == 13, buffer[start + 1] == 10 else { return nil }
        if rest >= 4, buffer[start + 2] == 13, buffer[start + 3] == 10 {
            begin(at: start + 4)
            return .keepAlivePing
        }
        // A CR that may be the beginning of the second half of a ping is waited for.
        if rest == 3, buffer[start + 2] == 13 { return nil }
        begin(at: start + 2)
        return .keepAlivePong
    }

    /// Moves on to the body, or to failure; false if more octets are needed.
    private mutating func findHeaderEnd(from scanned: Int) -> Bool {
        var at = scanned
        while at + 4 <= buffer.count {
            if buffer[at] == 13, buffer[at + 1] == 10, buffer[at + 2] == 13, buffer[at + 3] == 10 {
                if at + 4 - start > limits.headerSection { return fail(SIPParseError(.tooLong, at: at - start)) }
                return frame(headerEnd: at + 4)
            }
            at += 1
        }
        if buffer.count - start > limits.headerSection { return fail(SIPParseError(.tooLong, at: at - start)) }
        // Three octets alone may be CRLF and half a CRLF: only `keepAlive` can tell, and it starts anew.
        if at > start || buffer.count - start > 3 { state = .header(scanned: at) }
        return false
    }

    private mutating func frame(headerEnd: Int) -> Bool {
        let header = Array(buffer[start..<headerEnd])
        do throws(SIPParseError) {
            let fields = try MessageIndex.fields(header.span)
            guard let length = try Frame.contentLength(fields, header.span).get() else {
                throw SIPParseError(.contentLength, at: header.count, in: .contentLength)
            }
            if length > limits.body { throw SIPParseError(.tooLong, at: header.count, in: .contentLength) }
            state = .body(end: headerEnd + length)
            return true
        } catch {
            refused = header
            return fail(error)
        }
    }

    /// True: there is something to say.
    private mutating func fail(_ error: SIPParseError) -> Bool {
        buffer = []
        start = 0
        state = .failed(error)
        return true
    }
}
