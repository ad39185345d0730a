import DialogUsage

/// What a command that is under way waits for (`batch.md`, section 2).
struct Waiting: Sendable {
    enum Goal: Hashable, Sendable {
        /// 2xx to REGISTER.
        case registered
        /// A provisional answer other than 100, or a final one.
        case ringing
        /// The ACK to our 2xx.
        case connected
        case held
        /// The audio thread has opened the file.
        case recording
        /// Every call that was held has been resumed.
        case joined
        case resumed
        /// The answer to an offer that changes nothing but what it says.
        case renewed
        /// The audio thread has read the file.
        case playing
        /// The last digit has been sent.
        case digits
        /// 2xx to SUBSCRIBE and a NOTIFY, in either order.
        case subscribed(accepted: Bool, notified: String?)
        case refreshed
        case published
        case delivered(MessageID)
        case answered
        /// The registrar's list of bindings, of which stale ones are then removed.
        case reaped
        /// The final status of the referred call.
        case transferred
        case ended
    }
    var request: RequestID
    var goal: Goal
}
