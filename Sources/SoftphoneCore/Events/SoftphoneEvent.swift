package import DialogUsage
package import Media
package import SansIO

/// What a softphone says.
package enum SoftphoneEvent: Sendable {
    case completed(RequestID, CommandResult)
    /// The dotted events of scripts.
    case happened(Happening)
    /// Something that a screen shows has changed: at most once for each thing that was handled.
    case changed
    case snapshot(SoftphoneModel)
    /// For the audio thread.
    case media(MediaCommand)
    /// For the sandbox; `faultApplied` is its answer.
    case fault(RequestID, SandboxFault)
    /// For the user's files; `kept` is the answer.
    case keep(RequestID, Keeping)
    /// For the host, which reads the configuration again; `reloaded` is the answer.
    case reload(RequestID)
    /// For the history: a call is over.
    case callEnded(PastCall)
    /// What a registrar keeps of us from now on, though we came to no orderly end; nil: nothing.
    case bound(AnyUsageID, Leftover?)
    /// What earlier runs have left has become less.
    case leftovers([Leftover])
    /// A usage has ended while we are shutting down. `phase`: the number of its group in `shutdown.md`, section 3.
    case shutdownUsage(ShutdownReport.Row, phase: Int, name: String?)
    /// The shutdown is over; `finished` follows.
    case stopped(ShutdownReport)
    case traced(TraceLine)
}
