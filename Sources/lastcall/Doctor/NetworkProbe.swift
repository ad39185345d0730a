import BatchScript
import DialogUsage
import Media
import Runtime
import SIPMessage
import SansIO
import SoftphoneCore

/// A softphone that asks servers what they can do (OPTIONS, RFC 3261 §11), registers nothing and calls nobody.
struct NetworkProbe {
    let accounts: [Account]
    private let stack: StackThread<Softphone>
    private let news: Outbox<News>
    private let surroundings: Surroundings
    private var lastRequest: UInt64 = 0

    private enum News: Sendable {
        case traced(TraceLine)
        case completed(RequestID, CommandResult)
        case finished
    }

    /// Whoever has not answered by then will not.
    private static let patience = Duration.seconds(5)

    init(_ options: Options, _ configuration: Configuration, accounts: [Account]) throws {
        let surroundings = try Surroundings(
            options, configuration, accounts: accounts, device: nil, tracesMessages: true, applied: Wire<UInt64>())
        var patient = surroundings.softphone
        patient.giveUpRequests(after: Self.patience)
        let setup = patient
        let news = Outbox<News>()
        stack = try StackThread<Softphone>.start(
            listen: surroundings.listen,
            make: { Softphone(setup, local: $0, entropy: SystemEntropy.make()) },
            onEvent: { event in
                switch event {
                case .traced(let line): news.post(.traced(line))
                case .completed(let request, let result): news.post(.completed(request, result))
                case .happened, .changed, .snapshot, .media, .fault, .keep, .reload, .callEnded, .bound, .leftovers,
                    .shutdownUsage, .stopped:
                    break
                }
            },
            onFinished: { news.post(.finished) })
        self.accounts = setup.accounts
        self.news = news
        self.surroundings = surroundings
    }

    var port: UInt16 { stack.addresses.port }

    /// Waits for the answer, or until it will not come.
    mutating func ask(_ account: Account) -> [Finding] {
        lastRequest += 1
        let request = RequestID(serial: lastRequest)
        guard let domain = try? AnyURI(parsing: "sip:\(account.domain)") else { return [] }
        stack.send(.request(request, .options(.uri(domain), Naming(account: account.name))))
        var sent: TraceLine?
        var received: TraceLine?
        while true {
            for letter in news.takeAll() {
                switch letter {
                case .traced(let line) where line.isSent: if sent == nil { sent = line }
                // A challenge is an answer too; what comes after it does not count.
                case .traced(let line): if received == nil, !line.text.hasPrefix("SIP/2.0 1") { received = line }
                case .completed(request, let result):
                    return findings(account, sent, received, result)
                case .completed: break
                case .finished: return []
                }
            }
        }
    }

    private func findings(
        _ account: Account, _ sent: TraceLine?, _ received: TraceLine?, _ result: CommandResult
    ) -> [Finding] {
        if let sent, let received, let question = Self.message(sent), let answer = Self.message(received) {
            let way = Diagnosis.findings(
                of: account.name, sent: question, answer: answer, from: received.remote, over: received.transport,
                after: received.at - sent.at, wall: WallClock.time(of: received.at).milliseconds)
            return way + Diagnosis.findings(ofCredentials: account.name, result, wereAsked: answer.status)
        }
        let subject = "server of \(account.name)"
        guard case .failed(let failure) = result else { return [] }
        let server = account.outboundProxy?.description ?? account.domain
        guard let sent else {
            return [
                .bad(
                    subject, "\(server): \(failure.text)",
                    "look at the address and at the name service: getent ahosts \(account.outboundProxy?.host ?? account.domain)",
                    .transport)
            ]
        }
        return [
            .bad(
                subject, "\(sent.transport.rawValue.uppercased()) \(sent.remote): \(failure.text)",
                "see whether the server runs, and whether a firewall lets that port through; try ;transport=tcp",
                .transport)
        ]
    }

    /// The head of it; a trace has line ends of its own.
    private static func message(_ line: TraceLine) -> SIPMessage? {
        let lines = line.text.split(separator: "\n", omittingEmptySubsequences: false).prefix { !$0.isEmpty }
        let head = lines.filter { !$0.lowercased().hasPrefix("content-length:") }.map { $0 + "\r\n" }.joined()
        return try? SIPMessage(parsing: Array((head + "\r\n").utf8))
    }

    /// Nothing of it stays.
    func end() {
        stack.send(.request(RequestID(serial: .max), .shutdown(ShutdownRequest(.force(bestEffort: false)))))
        while !news.takeAll().contains(where: { if case .finished = $0 { true } else { false } }) {}
        _ = surroundings.end()
    }
}
