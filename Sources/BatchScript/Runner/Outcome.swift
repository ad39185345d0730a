import DialogUsage
import SIPMessage
import SansIO
import SoftphoneCore

/// What one line came to.
struct Outcome: Sendable {
    var status: StepRecord.Status
    var code: Int?
    var text: String
    var usage: String?
    var account: String?
    /// What the exit code says of it, when it failed.
    var cause: ExitCode?

    static func passed(_ text: String, usage happening: Happening?) -> Outcome {
        Outcome(status: .ok, text: text, usage: happening?.usage?.description)
    }
    static func failed(_ cause: ExitCode, _ text: String) -> Outcome {
        Outcome(status: .failed, text: text, cause: cause)
    }
    static func late(after waited: Duration) -> Outcome {
        .failed(.failed, "no answer within \(waited.scriptText); 'timeout D' allows more")
    }

    /// - Parameter statement: decides what was expected, and that a refusal of REGISTER has an exit code of its own.
    init(_ result: CommandResult, of statement: Statement?, in source: some StateSource) {
        self.init(result, of: statement)
        account = result.usage.flatMap { source.account(of: $0) }
    }

    private init(_ result: CommandResult, of statement: Statement?) {
        switch result {
        case .succeeded(let success):
            self.init(
                status: .ok, code: success.status.map { Int($0.value) }, text: success.text,
                usage: success.usage?.description)
            if let expectation = statement?.expectation, !expectation.isMet(by: code) {
                self = missed(expectation)
            }
        case .failed(let failure):
            self.init(
                status: .failed, code: failure.status.map { Int($0.value) }, text: failure.text,
                usage: failure.usage?.description, cause: failure.exitCode(of: statement))
            if let shutdown = statement?.shutdown, !shutdown.onlyTests {
                // Only `shutdown cancel` makes another shutdown fail; that is what was asked for.
                status = .cutShort
                cause = nil
            }
            guard let expectation = statement?.expectation else { return }
            if expectation.isMet(by: code) {
                status = .ok
                cause = nil
            } else {
                self = missed(expectation)
            }
        }
    }

    init(
        status: StepRecord.Status, code: Int? = nil, text: String, usage: String? = nil, cause: ExitCode? = nil
    ) {
        self.status = status
        self.code = code
        self.text = text
        self.usage = usage
        self.cause = cause
    }

    private func missed(_ expectation: Expectation) -> Outcome {
        let got = code.map(String.init) ?? (text.isEmpty ? "no status" : text)
        var outcome = self
        outcome.status = .failed
        outcome.cause = cause ?? .failed
        outcome.text = "expected \(expectation), got \(got)"
        return outcome
    }
}

extension CommandResult {
    fileprivate var usage: AnyUsageID? {
        switch self {
        case .succeeded(let success): success.usage
        case .failed(let failure): failure.usage
        }
    }
}

extension CommandFailure {
    /// The exit codes of the design's table; what it does not name is a failed step.
    fileprivate func exitCode(of statement: Statement?) -> ExitCode {
        switch kind {
        case .refused: statement?.verb == "register" ? .refused : .failed
        case .credentials: .refused
        case .transport: .transport
        case .needsAccount: .configuration
        case .media: .media
        case .notNow: statement?.shutdown == nil ? .failed : .notIdle
        case .noAnswer, .noSuch, .shuttingDown, .needsSandbox, .limit: .failed
        }
    }
}
