/// What happened, for a program that uses the library.
public enum ManagerEvent: Hashable, Sendable {
    case registered(UsageHandle, expires: Duration)
    case registrationFailed(UsageHandle, String)
    /// A call from outside: `answer` or `reject` it. The offer is the text of its session description.
    case incomingCall(UsageHandle, from: String, offer: String?)
    case ringing(UsageHandle)
    /// The session stands; with the peer's session description.
    case connected(UsageHandle, description: String?)
    /// The peer's re-INVITE or UPDATE: `answerOffer` or `rejectOffer` it. nil: the peer wants our offer.
    case offered(UsageHandle, description: String?)
    /// The peer's answer to our `modify`; nil when it refused, and the session is as before.
    case answered(UsageHandle, description: String?)
    /// Somebody wants to watch an event package of ours: `accept` or `refuse` it.
    case watched(UsageHandle, by: String, event: String)
    /// The peer asks us to call somebody else, in a call or outside (RFC 3515): `acceptTransfer` or `declineTransfer` it. After
    /// a while without a decision it is declined.
    case transferRequested(UsageHandle, by: String, to: String)
    /// What the peer reports of a transfer we asked it for: the status that it hears.
    case transferProgress(UsageHandle, status: Int)
    /// How a transfer that we asked for came out; nil: refused, or never heard of again.
    case transferConcluded(UsageHandle, status: Int?)
    /// A NOTIFY; `state` is `pending`, `active`, `terminated`, or a word that the notifier made up.
    case notified(UsageHandle, state: String, contentType: String?, body: [UInt8])
    /// A subscription is lost for now, and why. The manager asks for it again by itself; the usage stays the same.
    case interrupted(UsageHandle, String)
    /// Our SUBSCRIBE has reached one more notifier: its news come under a usage of their own.
    case forked(UsageHandle, from: UsageHandle)
    case published(UsageHandle, entityTag: String)
    case publicationFailed(UsageHandle, String)
    case delivered(UsageHandle, status: Int)
    case deliveryFailed(UsageHandle, String)
    /// A message from outside. It has been answered 200.
    case message(from: String, contentType: String?, body: [UInt8])
    /// Exactly one for each usage that was ever told of.
    case ended(UsageHandle, UsageEnd)
    /// What the shutdown still waits for, in one sentence each.
    case shutdownProgress(waitingFor: [String])

    /// The usage it is about; nil for what is about none.
    public var usage: UsageHandle? {
        switch self {
        case .registered(let usage, _), .registrationFailed(let usage, _), .incomingCall(let usage, _, _),
            .ringing(let usage), .connected(let usage, _), .offered(let usage, _), .answered(let usage, _),
            .notified(let usage, _, _, _), .interrupted(let usage, _), .forked(let usage, _), .published(let usage, _),
            .publicationFailed(let usage, _),
            .delivered(let usage, _), .deliveryFailed(let usage, _), .watched(let usage, _, _),
            .transferRequested(let usage, _, _),
            .transferProgress(let usage, _), .transferConcluded(let usage, _), .ended(let usage, _):
            usage
        case .message, .shutdownProgress: nil
        }
    }
}
