package import DialogUsage
package import Media
package import SIPTransaction
package import SansIO

/// What a softphone is told once, at its start.
package struct SoftphoneConfiguration: Sendable {
    /// The first one is the current one.
    package var accounts: [Account]
    package var userAgent: String
    package var timers: TimerValues
    /// How long a shutdown may take when nobody says otherwise.
    package var giveUp: Duration
    /// The order in which shutdown ends the groups when nobody says otherwise.
    package var plan: ShutdownPlan
    package var notifyGrace: Duration
    /// Where the embedded domain listens; nil: there is none, and `fault` is refused.
    package var sandbox: SocketAddress?
    /// What calls hear and say when `play` and `record` say nothing.
    package var device: AudioDevice
    /// What is done about transfers that others ask for, until `transfers` says otherwise.
    package var transfers = TransferPolicy.ask
    /// Bindings that earlier runs could not take back.
    package var leftovers: [Leftover] = []
    package var contacts: [Contact] = []
    /// Calls of earlier runs, oldest first.
    package var history: [PastCall] = []
    /// For the dates in messages; nil: they are not read.
    package var epoch: Epoch?
    /// The folder of recordings that nobody has named a file for; empty: where the program was started.
    package var recordings = ""
    /// Whether `.traced` is said for each message (`--trace`).
    package var tracesMessages: Bool
    package var limits: Limits

    /// Every limit of this layer, in one place (`hardening.md`, section 1).
    package struct Limits: Hashable, Sendable {
        package var messages = 500
        package var messageText = 4_096
        package var logLines = 1_000
        package var logText = 16_384
        /// Calls, ladders and names of usages that have ended are remembered so many.
        package var endedCalls = 100
        package var endedLadders = 64
        package var presentities = 10_000
        package var contacts = 5_000
        /// Messages kept in all ladders together.
        package var ladderMessages = 20_000
        package var documentText = 65_536

        package init() {}
    }

    package init(
        accounts: [Account] = [], userAgent: String = "lastcall", timers: TimerValues = TimerValues(),
        giveUp: Duration = .seconds(5), plan: ShutdownPlan = .proposal, notifyGrace: Duration = .seconds(5),
        sandbox: SocketAddress? = nil, device: AudioDevice = .tone, tracesMessages: Bool = false,
        limits: Limits = Limits()
    ) {
        self.accounts = accounts
        self.userAgent = userAgent
        self.timers = timers
        self.giveUp = giveUp
        self.plan = plan
        self.notifyGrace = notifyGrace
        self.sandbox = sandbox
        self.device = device
        self.tracesMessages = tracesMessages
        self.limits = limits
    }

    /// Timer F is 64·T1 (RFC 3261 §17.1.2.2): requests are repeated accordingly faster.
    package mutating func giveUpRequests(after patience: Duration) { timers.t1 = patience / 64 }
}
