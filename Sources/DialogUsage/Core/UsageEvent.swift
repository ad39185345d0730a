package import SDP
package import SIPMessage
package import SIPTransaction
package import SansIO

/// What the core answers with, in the order in which to do it.
package enum UsageOutput: Sendable {
    case network(NetworkOutput)
    case event(UsageEvent)
    /// The shutdown is over: no usage, transaction or flow is left. The host closes its sockets, joins its threads
    /// and only then tells anybody (`shutdown.md` S8). Said once; nothing follows it.
    indirect case ended(ShutdownReport)
}

/// What happened, for the layer above. What is large is `indirect`: most events are small, and are handed on often.
package enum UsageEvent: Sendable {
    case registration(UsageID<ClientRegistration>, RegistrationEvent)
    indirect case session(SessionID, SessionEvent)
    case subscription(UsageID<ClientSubscription>, SubscriptionEvent)
    case publication(UsageID<ClientPublication>, PublicationEvent)
    case pager(UsageID<ClientPagerMessage>, PagerEvent)
    indirect case watcher(UsageID<ServerSubscription>, WatcherEvent)
    /// What becomes of a REFER of ours.
    case referral(UsageID<ClientSubscription>, ReferralEvent)
    /// A REFER from outside: `acceptReferral` or `declineReferral`.
    indirect case referralRequested(UsageID<ServerSubscription>, ReferralRequest)
    /// A MESSAGE from outside: the application owes it one `respond(to:status:)`.
    indirect case message(UsageID<ServerPagerMessage>, IncomingRequest)
    /// A stand-alone request of another served method: the application owes it one `respond(to:status:)`.
    indirect case request(UsageID<ServerOutOfDialogRequest>, IncomingRequest)
    indirect case registrar(RegistrarEvent)
    indirect case compositor(CompositorEvent)
    /// The answer to a request of our own outside any usage (OPTIONS).
    case outOfDialog(UsageID<ClientOutOfDialogRequest>, SIPMessage)
    /// The terminal event: exactly one for each usage the application was told of (E1).
    case ended(AnyUsageID, UsageOutcome)
    /// Something in a usage's summary changed.
    case changed(AnyUsageID)
    indirect case shutdownProgress(ShutdownProgress)
    /// A shutdown was taken back; its callers are told so (S7).
    case shutdownCancelled
    /// A message in or out, with the usage it belongs to, for ladders and traces.
    case traced(Trace, AnyUsageID?)
    /// Bytes that are not SIP, dropped or answered.
    case malformed(SIPParseError, Source)
}

package enum RegistrationEvent: Hashable, Sendable {
    /// 2xx to REGISTER, first or refresh, with the shortest time that the registrar granted to any contact of ours, and
    /// all that it lists. `missing`: contacts of ours beside our own that it does not list; each refresh asks for them again.
    case registered(expires: Duration, bindings: [NameAddress], missing: [AnyURI])
    /// What is bound at the registrar, asked for by a query (RFC 3261 §10.2.3).
    case bindings([NameAddress])
    /// What we had bound is removed, because the application wanted it; the usage stays.
    case removed
    /// The registrar refused or was silent; the usage tries again at the instant given, or has ended.
    case failed(Failure, retryAt: Instant?)
}

package enum SessionEvent: Sendable {
    /// A 3xx: our INVITE goes there now.
    case redirected(to: AnyURI)
    /// A 3xx whose contacts are the user's to choose from: `follow` some of them, or end the call.
    case redirectionOffered([NameAddress])
    /// A call from outside: `answer`, `ring`, `reject`. The offer is nil when the caller leaves it to us.
    case incoming(IncomingCall)
    /// 100 to our INVITE.
    case trying
    /// 180 to 199 to our INVITE, from one of the places it rings at (nil: the response made no dialog), and the answer
    /// that was heard from there so far, if any: early media.
    case progress(StatusCode, SessionDescription?, leg: DialogID?)
    /// 2xx to our INVITE, or ACK to our 2xx. What the peer described last; nil when it never did.
    case connected(SessionDescription?)
    /// The peer's offer, in whatever it came (re-INVITE, UPDATE, PRACK, or an answer to an INVITE of ours that had none):
    /// `answerOffer` or `rejectOffer`, soon. nil: a re-INVITE that wants our offer, of all that we could do (§14.2).
    case offered(SessionDescription?)
    /// The answer to our re-INVITE or UPDATE, or to an offer that the peer asked us for.
    case answered(SessionDescription)
    /// Our re-INVITE failed; the session is as before.
    case offerFailed(Failure)
    /// The peer has taken its re-INVITE back before it was answered: the session is as before.
    case offerCancelled
    /// One of the places our call rang at has given up, or another was quicker. Not said of the one that the session goes
    /// on with, nor of any that `progress` did not name.
    case legEnded(DialogID)
    /// An INFO with a body of a kind we know (digits).
    case info(contentType: String, body: [UInt8])
    /// The peer took the call back before we answered, or we or they ended it: said just before `ended`.
    /// `causes`: what BYE, CANCEL or the answer gave as the reason, or we did (`CallEnding`).
    case closing(SessionClosing, causes: [Reason])
    /// A MESSAGE in the dialog of the call.
    case message(contentType: String, body: [UInt8])
    /// What has become of an INFO of ours, in their order; nil: it was accepted.
    case infoAnswered(Failure?)
    /// What has become of a MESSAGE of ours.
    case delivered(MessageID, StatusCode)
    case undelivered(MessageID, Failure)
}

/// Why a session ends, as the user thinks of it.
package enum SessionClosing: Hashable, Sendable {
    case byUs
    case byPeer
    case cancelledByPeer
    /// Our INVITE got this final answer.
    case refused(StatusCode, reason: String)
    case failed(Failure)
}

package struct IncomingCall: Sendable {
    package var request: SIPMessage
    package var from: NameAddress
    package var to: NameAddress
    package var offer: SessionDescription?
    /// The session whose place this one takes when it is answered (RFC 3891), which ends then.
    package var replaces: SessionID?
    package var source: Source
    /// Whom a proxy that we trust says the call is from (RFC 3325); nobody, where none does.
    package var assertedIdentities: [NameAddress] = []

    package var autoAnswer: AutoAnswer? { AutoAnswer(askedBy: request) }
}

package struct IncomingRequest: Sendable {
    package var method: Method
    package var request: SIPMessage
    package var from: NameAddress
    package var to: NameAddress
    package var source: Source
    /// Whose credentials the request carried, when we asked for some.
    package var authenticatedUser: String?
    /// Its time was over when it came: what it says may be shown, but as such (RFC 3428 §7).
    package var hasExpired = false
}

package enum SubscriptionEvent: Hashable, Sendable {
    /// 2xx to the first SUBSCRIBE; the NOTIFY is still to come.
    case accepted(expires: Duration)
    /// The first SUBSCRIBE was refused, and why; nothing more comes of it.
    case refused(Failure)
    /// A NOTIFY: our standing and the document, possibly empty.
    case notified(Standing, contentType: String?, body: [UInt8], expires: Duration?)
    /// A refresh was accepted. A NOTIFY comes with it, unless nothing has changed (RFC 5839).
    case refreshed
    /// A refresh failed; the subscription stands until it runs out.
    case refreshFailed(Failure)
    /// The subscription is lost for now. The usage stands: it is asked for again then, in a new dialog.
    case interrupted(SubscriptionLoss, retryAt: Instant)
    /// A SUBSCRIBE of this other usage has reached several notifiers, and this is one more of them (RFC 6665 §4.4.1).
    case forked(from: UsageID<ClientSubscription>)
}

/// What the notifier last said of us, in Subscription-State (RFC 6665 §4.1.3).
package enum Standing: Hashable, Sendable {
    case pending, active
    /// A word from the future (§8.2.3 lets them come): the subscription stands, and more we do not know.
    case unknown(String)
    case terminated(reason: String?, retryAfter: Duration?)
}

package enum PublicationEvent: Hashable, Sendable {
    case published(entityTag: String, expires: Duration)
    /// 412: our entity-tag was unknown, the whole document is being sent again (RFC 3903 §4.4).
    case conflict
    case failed(Failure, retryAt: Instant?)
}

package enum PagerEvent: Hashable, Sendable {
    case delivered(MessageID, StatusCode)
    case failed(MessageID, Failure)
    /// Never sent, because the usage ended first; the content is given back (W23).
    case undelivered(MessageID, UndeliveredMessage)
}

/// Names one message given to a ClientPagerMessage.
package struct MessageID: Hashable, Sendable {
    package let serial: UInt32
    package init(serial: UInt32) { self.serial = serial }
}

package struct UndeliveredMessage: Hashable, Sendable {
    package var to: AnyURI
    package var contentType: String
    package var body: [UInt8]
}

package enum WatcherEvent: Sendable {
    /// A new SUBSCRIBE: `accept` or `reject`. `fetch`: Expires 0, one NOTIFY and no more.
    case requested(SubscriptionRequest)
    /// A new SUBSCRIBE to what is published here: the core has accepted it and tells the state by itself.
    case admitted(SubscriptionRequest)
    /// The watcher renewed; the core has answered and notifies again.
    case refreshed(expires: Duration)
}

package struct SubscriptionRequest: Sendable {
    package var event: EventType
    package var request: SIPMessage
    package var from: NameAddress
    package var to: NameAddress
    package var expires: Duration
    package var authenticatedUser: String?
}

/// Why a request of ours did not succeed.
package enum Failure: Hashable, Sendable, CustomStringConvertible {
    case status(StatusCode, reason: String)
    /// Nobody answered in time (Timer B or F).
    case timedOut
    /// Transport, name or connection failure; the text is for people.
    case unreachable(String)
    /// The server wants credentials that we do not have, or refused those we sent. `foreignRealm`: it asks for a realm that
    /// our password is not for, and so nothing was told to it.
    case credentials(StatusCode, foreignRealm: String? = nil)
    /// A 2xx whose sender does not know our password, although it says so (RFC 7616 §3.5).
    case untrusted

    package var description: String {
        switch self {
        case .status(let code, let reason): "\(code) \(reason)"
        case .timedOut: "no answer"
        case .unreachable(let text): text
        case .credentials(let code, nil): "\(code): credentials refused or missing"
        case .credentials(let code, let realm?): "\(code): \(Self.foreign(realm))"
        case .untrusted: "the answer does not come from the server that knows our password"
        }
    }
    package var status: StatusCode? {
        switch self {
        case .status(let code, _), .credentials(let code, _): code
        case .timedOut, .unreachable, .untrusted: nil
        }
    }
    static func foreign(_ realm: String) -> String {
        "the realm '\(visible(realm))' wants a password, and ours is for another realm"
    }
}
