package import DialogUsage
package import SansIO

/// Everything a face shows, at one moment. Texts from the network in it are harmless to a terminal.
package struct SoftphoneModel: Hashable, Sendable {
    package var now: Instant
    package var accounts: [AccountRow] = []
    /// Live usages, by shutdown group, oldest first.
    package var usages: UsageRows = []
    /// Calls, the ended ones that are still remembered included, oldest first.
    package var calls: [CallRow] = []
    /// Calls of earlier runs, oldest first.
    package var earlierCalls: [PastCall] = []
    /// Transfers that we are asked for and that wait for us, oldest first.
    package var transferRequests: [TransferRow] = []
    package var presence: PresenceRows = []
    package var messages: [MessageRow] = []
    /// Messages dropped from the front of `messages` since the start.
    package var messagesForgotten = 0
    package var log: [LogLine] = []
    package var shutdown: ShutdownProgress?
    /// While we are shutting down; at any other time each usage has its own.
    package var blockers: [Blocker] = []
    /// `shutdownIfNoUsages` waits for the last usage.
    package var isArmed = false
    /// Those it waits for.
    package var idleAfter = 0
    package var report: ShutdownReport?
    /// What earlier runs have left at registrars and nobody has removed.
    package var leftovers: [Leftover] = []
    package var sandbox: SocketAddress?
    /// Requests written, by method, retransmissions not counted.
    package var sent: [String: Int] = [:]
    package var received: [String: Int] = [:]
    /// The newest final response to a request of ours.
    var lastResponse: [UInt8]?
    /// Datagrams and stream bytes that were no SIP.
    package var malformed = 0

    /// Usages that ended while we were shutting down, in the order in which they did.
    package var endings: [UsageEnding] = []

    /// What usages that have ended still answer to paths.
    var remembered = UsageMemory()
    var ladders: [AnyUsageID: Ladder] = [:]
    /// Messages that belong to no usage.
    var strays = Ladder()

    package init(now: Instant) { self.now = now }

    package func usage(named name: String) -> UsageRow? {
        usages.boxes.first { $0.value.name == name || $0.value.id.description == name }?.value
    }
    package var currentAccount: AccountRow? { accounts.first(where: \.isCurrent) }
}
