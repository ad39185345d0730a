import BatchScript
import DialogUsage
import SIPMessage
import SansIO
import SoftphoneCore

/// What an OPTIONS request and what came back tell of the way between us and a server.
enum Diagnosis {
    /// So much may a clock be wrong before anybody minds.
    private static let tolerance: Int64 = 30_000
    /// From here on it will be minded: by certificates, and by logs that are compared.
    private static let alarming: Int64 = 300_000

    /// - Parameters:
    ///   - wall: the time of day here when the answer came, in milliseconds since 1970.
    ///   - answer: nil: there was none.
    static func findings(
        of account: String, sent: SIPMessage, answer: SIPMessage, from remote: SocketAddress,
        over transport: TransportProtocol, after roundTrip: Duration, wall: Int64
    ) -> [Finding] {
        let status = answer.status.map { "\($0)" } ?? "an answer"
        let time = roundTrip.inMilliseconds < 1 ? "under 1 ms" : "\(roundTrip.inMilliseconds) ms"
        let reached = Finding.good(
            "server of \(account)", "\(transport.rawValue.uppercased()) \(remote) answered \(status) in \(time)")
        return [reached] + clock(answer, account, wall) + [way(sent, answer, account)]
    }

    /// Nothing is known of the password of whom nobody has asked for it.
    static func findings(
        ofCredentials account: String, _ result: CommandResult, wereAsked first: StatusCode?
    ) -> [Finding] {
        guard first == 401 || first == 407 else { return [] }
        let subject = "password of \(account)"
        if case .failed(let failure) = result, case .credentials = failure.kind {
            return [.bad(subject, failure.text, "look at login, password and realm of the account", .refused)]
        }
        return [.good(subject, "is the one that the server wants")]
    }

    /// Date (RFC 3261 §20.17) has whole seconds.
    private static func clock(_ answer: SIPMessage, _ account: String, _ wall: Int64) -> [Finding] {
        guard let date = answer.value(.date), let instant = Epoch(seconds: 0).instant(of: date) else { return [] }
        let ahead = wall - (instant - .zero).inMilliseconds
        let distance = Duration.milliseconds(ahead.magnitude < Int64.max ? Int64(ahead.magnitude) : .max)
        guard ahead.magnitude > tolerance else {
            return [.good("clock", "agrees with the server of \(account) within \(tolerance / 1_000) s")]
        }
        let text =
            "is \(distance.inMilliseconds / 1_000) s \(ahead > 0 ? "ahead of" : "behind") the server of \(account)"
        let remedy = "set it by the network: timedatectl set-ntp true; or the server's is wrong"
        return [
            ahead.magnitude > alarming
                ? .bad("clock", text, remedy, .configuration) : .doubtful("clock", text, remedy)
        ]
    }

    /// The answer repeats Via, From, Call-ID and CSeq of the request (§8.2.6.2), so that what differs was changed on the
    /// way; `received` and `rport` say where the server saw us (RFC 3581 §4).
    private static func way(_ sent: SIPMessage, _ answer: SIPMessage, _ account: String) -> Finding {
        let subject = "way to \(account)"
        let repeated: [FieldName] = [.callID, .cSeq, .from]
        let changed = repeated.filter { sent.value($0) != answer.value($0) }.map { "\($0)" }
        guard let ours = try? sent.topVia(), let theirs = try? answer.topVia() else {
            return .doubtful(subject, "the answer has no Via that can be read", "ask who runs the server")
        }
        let sentBy = { (via: Via) in via.host + (via.port.map { ":\($0)" } ?? "") }
        if !changed.isEmpty || sentBy(ours) != sentBy(theirs) {
            let fields =
                changed
                + (sentBy(ours) == sentBy(theirs) ? [] : ["Via (\(sentBy(ours)) came back as \(sentBy(theirs)))"])
            return .bad(
                subject, "something rewrites SIP: \(fields.joined(separator: ", "))",
                "switch the SIP ALG of the router off, or give the account a server with ;transport=tcp", .transport)
        }
        let host = theirs.parameters["received"] ?? ours.host
        let port = theirs.parameters["rport"].flatMap { UInt16($0) } ?? ours.port ?? 5060
        guard host != ours.host || port != ours.port ?? 5060 else {
            return .good(subject, "the server sees us as what we are, \(sentBy(ours)); nothing is rewritten")
        }
        return .doubtful(
            subject,
            "the server sees \(host):\(port) and we are \(sentBy(ours)): there is an address translation (NAT)",
            "calls from outside find the way by rport as long as the translation lives; a short 'expires' or TCP keeps it"
        )
    }
}
