/// What happened, for a program that uses the library.
public enum ManagerEvent: Hashable, Sendable {
    // MARK: Registration (RFC 3261 §10)

    /// 2xx to REGISTER, first or refresh; `expires` is the shortest time granted to any contact of ours.
    case registered(UsageHandle, expires: Duration)
    /// What the registrar has bound for the address, contacts of other devices included: after each `.registered`, and in
    /// answer to `queryBindings`. `missing`: what was given to `register` and is not listed; each refresh asks for it again.
    case bindings(UsageHandle, [Contact], missing: [String])
    /// What `removeBindings` was to remove is removed.
    case bindingsRemoved(UsageHandle)
    /// Why, in a sentence. The manager tries again by itself, later each time, or the usage's end follows.
    case registrationFailed(UsageHandle, String)

    // MARK: Calls (RFC 3261 §13 to §15)

    /// A call from outside: `answer`, `redirect` or `reject` it. The offer is the text of its session description.
    case incomingCall(UsageHandle, from: Caller, offer: String?)
    /// 100: somebody has our call, and nothing more is known.
    case trying(UsageHandle)
    /// 180: it rings over there.
    case ringing(UsageHandle)
    /// Any status from 180 to 199 to our call; with the peer's session description where there is media already.
    case progress(UsageHandle, status: Int, description: String?)
    /// A 3xx: our call goes to this address now (RFC 3261 §8.1.3.4).
    case redirected(UsageHandle, to: String)
    /// A 3xx that the user has to decide on: `follow` some of the contacts, or end the call. It ends with the 3xx after a
    /// minute without a decision. Said where `Configuration.redirection` is `.ask`; and where it is `.follow`, of contacts
    /// that would lead a `sips` call over an unprotected way (RFC 3261 §26.4.4).
    case redirectionOffered(UsageHandle, [Contact])
    /// The session stands; with the peer's session description.
    case connected(UsageHandle, description: String?)
    /// The peer's re-INVITE or UPDATE: `answerOffer` or `rejectOffer` it. nil: the peer wants our offer.
    case offered(UsageHandle, description: String?)
    /// The peer has taken its `.offered` back; the session is as before.
    case offerCancelled(UsageHandle)
    /// The peer's answer to our `modify`; nil when it refused, and the session is as before.
    case answered(UsageHandle, description: String?)
    /// An INFO in a call (RFC 6086), of one of the kinds that are taken: digits, as `application/dtmf-relay` or
    /// `application/dtmf`. It has been answered.
    case info(UsageHandle, contentType: String, body: [UInt8])
    /// What became of an `info` of ours, in their order; `failure` in a sentence, nil where the peer accepted it.
    case infoAnswered(UsageHandle, failure: String?)
    /// A message in a call (RFC 3428 §4). It has been answered 200.
    case messageInCall(UsageHandle, contentType: String, body: [UInt8])
    /// Why a call ends, and what was given as the reason (RFC 3326); its `.ended` follows, once the peer has agreed.
    case closing(UsageHandle, CallClosing, reasons: [CallReason])

    // MARK: Transfer (RFC 3515)

    /// The peer asks us to call somebody else, in a call or outside (RFC 3515): `acceptTransfer` or `declineTransfer` it. After
    /// a while without a decision it is declined.
    case transferRequested(UsageHandle, by: String, to: String)
    /// What the peer reports of a transfer we asked it for: the status that it hears.
    case transferProgress(UsageHandle, status: Int)
    /// How a transfer that we asked for came out; nil: refused, or never heard of again.
    case transferConcluded(UsageHandle, status: Int?)

    // MARK: Events (RFC 6665)

    /// 2xx to the first SUBSCRIBE, and what was granted. The state comes with the first `.notified`.
    case subscribed(UsageHandle, expires: Duration)
    /// The first SUBSCRIBE was refused, and why; the usage's end follows.
    case subscriptionRefused(UsageHandle, String)
    /// A NOTIFY; `state` is `pending`, `active`, `terminated`, or a word that the notifier made up.
    case notified(UsageHandle, state: String, contentType: String?, body: [UInt8])
    /// Renewed. A NOTIFY comes with it unless nothing has changed (RFC 5839).
    case refreshed(UsageHandle)
    /// Not renewed, and why: what is known is stale; the subscription stands until its time has run out.
    case refreshFailed(UsageHandle, String)
    /// A subscription is lost for now, and why. The manager asks for it again by itself; the usage stays the same.
    case interrupted(UsageHandle, String)
    /// Our SUBSCRIBE has reached one more notifier: its news come under a usage of their own.
    case forked(UsageHandle, from: UsageHandle)
    /// Somebody wants to watch an event package of ours: `accept` or `refuse` it.
    case watched(UsageHandle, by: String, event: String)
    /// A watcher has renewed; the state has been told to it again.
    case watcherRefreshed(UsageHandle, expires: Duration)

    // MARK: Publication (RFC 3903), messages (RFC 3428), OPTIONS (RFC 3261 §11)

    case published(UsageHandle, entityTag: String)
    /// 412: the server has forgotten what was published, and is being told all of it again (RFC 3903 §4.4).
    case publicationConflict(UsageHandle)
    case publicationFailed(UsageHandle, String)
    /// 2xx to a message; the usage is the message's own, or the call it was sent in.
    case delivered(UsageHandle, status: Int)
    case deliveryFailed(UsageHandle, String)
    /// A message from outside. It has been answered 200.
    case message(from: String, contentType: String?, body: [UInt8])
    /// The answer to `options`: methods, extensions and content types that the peer says it understands.
    case capabilities(UsageHandle, status: Int, methods: [String], extensions: [String], contentTypes: [String])

    // MARK: The end

    /// Exactly one for each usage that was ever told of.
    case ended(UsageHandle, UsageEnd)
    /// What the shutdown still waits for, in one sentence each.
    case shutdownProgress(waitingFor: [String])

    /// The usage it is about; nil for what is about none.
    public var usage: UsageHandle? {
        switch self {
        case .registered(let usage, _), .bindings(let usage, _, _), .bindingsRemoved(let usage),
            .registrationFailed(let usage, _), .incomingCall(let usage, _, _), .trying(let usage), .ringing(let usage),
            .progress(let usage, _, _), .redirected(let usage, _), .redirectionOffered(let usage, _),
            .connected(let usage, _), .offered(let usage, _), .offerCancelled(let usage), .answered(let usage, _),
            .info(let usage, _, _), .infoAnswered(let usage, _), .messageInCall(let usage, _, _),
            .closing(let usage, _, _),
            .transferRequested(let usage, _, _), .transferProgress(let usage, _), .transferConcluded(let usage, _),
            .subscribed(let usage, _), .subscriptionRefused(let usage, _), .notified(let usage, _, _, _),
            .refreshed(let usage),
            .refreshFailed(let usage, _), .interrupted(let usage, _), .forked(let usage, _), .watched(let usage, _, _),
            .watcherRefreshed(let usage, _), .published(let usage, _), .publicationConflict(let usage),
            .publicationFailed(let usage, _), .delivered(let usage, _), .deliveryFailed(let usage, _),
            .capabilities(let usage, _, _, _, _), .ended(let usage, _):
            usage
        case .message, .shutdownProgress: nil
        }
    }
}
