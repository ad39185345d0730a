/// What a simulated domain can be made to do wrong, on demand (`fault …` in scripts, keys and prompt).
package enum SandboxFault: Hashable, Sendable {
    /// The presence server dies: nothing to do with presence is answered any more, and nothing it knew is told.
    case crashPresence
    /// It comes back, having forgotten everything.
    case restartPresence
    /// The whole domain stops answering.
    case silence
    /// Every request of this method is refused with this status; "method" as on the wire.
    case refuse(method: String, status: Int)
    /// This share of datagrams, 0 to 1, is lost in each direction.
    case lose(Double)
    /// All of the above is over. What was forgotten stays forgotten.
    case clear
}
