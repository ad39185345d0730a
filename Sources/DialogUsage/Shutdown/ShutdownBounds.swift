import SIPTransaction
import SansIO

/// How long leaving can take at most, without any give-up time (`shutdown.md` S1).
extension UserAgentConfiguration {
    /// 64·T1: no transaction waits longer for an answer (Timers B, F, H and N).
    package var transactionBound: Duration { stack.timers.t1 * 64 }

    /// A usage is gone so long after its `end()` at the latest. The longest way there: a provisional answer at the last
    /// moment, CANCEL, which a late 2xx crosses, BYE, BYE with credentials, BYE with fresh ones, silence.
    package var usageBound: Duration { transactionBound * 6 + min(notifyGrace, transactionBound) }

    /// A graceful shutdown is over so long after it began at the latest: the soft deadlines of all groups but the last,
    /// the last usage, and what is still to be flushed.
    package var shutdownBound: Duration { transactionBound * 7 + usageBound + transactionBound }
}
