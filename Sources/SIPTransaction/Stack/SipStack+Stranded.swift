import SIPMessage
import SansIO

/// An answer for which no connection could be opened to where its request came from.
struct StrandedAnswer: Sendable {
    var bytes: [UInt8]
    var port: UInt16
    /// The way that has failed.
    var tried: FlowKey
    var alarm: Alarm
}

/// The second way of an answer over a stream: where its connection is gone and the source address takes none, what the
/// sent-by of Via names is asked (RFC 3261 §18.2.2, RFC 3263 §5). It is tried once.
extension SipStack {
    mutating func strand(_ waiting: FlowEntry.Waiting, of tried: FlowKey, at now: Instant) {
        guard let sentBy = waiting.sentBy, strandedAnswers.count < configuration.limits.flows else { return }
        let port = sentBy.port ?? tried.transport.defaultPort
        let id = nextResolution()
        let deadline = now + configuration.limits.resolution
        let alarm = Alarm(token: wheel.schedule(.strandedAnswer(id), at: deadline), at: deadline)
        let answer = StrandedAnswer(bytes: waiting.bytes, port: port, tried: tried, alarm: alarm)
        if let ip = IPAddress(sentBy.host) { return forward(answer, to: [ip]) }
        strandedAnswers[id] = answer
        outputs.append(.network(.resolve(id, host: sentBy.host)))
    }

    /// To the first address that is another one, of a single host, and not our own: nobody makes us talk to ourselves
    /// (H-051).
    mutating func forward(_ answer: StrandedAnswer, to addresses: [IPAddress]) {
        wheel.cancel(answer.alarm.token)
        let transport = answer.tried.transport
        let usable = addresses.prefix(configuration.limits.addresses).lazy
            .filter { $0.canBeSentTo && (!$0.isLoopback || answer.tried.remote.ip.isLoopback) }
            .map { SocketAddress($0, port: answer.port) }
        let known = [answer.tried.remote, localAddress(facing: answer.tried.remote)]
        guard let remote = usable.first(where: { !known.contains($0) }) else { return }
        write(answer.bytes, to: flow(to: remote, transport: transport))
    }

    mutating func nextResolution() -> ResolutionID {
        lastResolution += 1
        return ResolutionID(serial: lastResolution)
    }
}
