package import SIPMessage
package import SIPTransaction
package import SansIO

/// What a user agent is told once, at its start.
package struct UserAgentConfiguration: Sendable {
    package var stack: StackConfiguration
    package var role: Role
    /// Sent as User-Agent and Server.
    package var userAgent: String
    /// Event packages for which SUBSCRIBE from outside makes a ServerSubscription; others get 489.
    package var notifierPackages: Set<String>
    /// Stand-alone requests, MESSAGE among them, which the application answers itself; others get 405. OPTIONS is always answered here.
    package var servedMethods: Set<Method>
    /// Makes us the registrar of a domain: REGISTER from outside is carried out.
    package var registrar: RegistrarConfiguration?
    /// Makes us the event state compositor of a domain: PUBLISH from outside is carried out, and its watchers are told.
    package var compositor: CompositorConfiguration?
    /// What the bodies of these may be, as `text/plain` or `text/*`; the core answers others 415. A method that is not
    /// here has its bodies judged by the application.
    package var servedBodies: [Method: [String]] = [:]
    /// Whose requests are taken (RFC 3261 §8.2.2.1).
    package var addresses = Addresses.ours
    /// Whose P-Asserted-Identity is believed (RFC 3325 §5).
    package var trustedProxies: Set<IPAddress> = []
    /// Languages of bodies that are understood; empty: all (§20.3).
    package var languages: [String] = []
    /// nil: no session timers (RFC 4028).
    package var sessionTimer: SessionTimerPolicy? = SessionTimerPolicy()
    /// What is done when an INVITE of ours is redirected.
    package var redirection = RedirectionPolicy.follow
    /// Extensions that a peer must support for these methods, lest it gets 421 (§8.2.4).
    package var demandedExtensions: [Method: Set<String>] = [:]
    /// For Date in what we say and hear; nil: it is neither said nor read.
    package var epoch: Epoch?
    /// Digest for requests from outside; nil asks nobody.
    package var serverAuthentication: ServerAuthentication?
    /// How long after a 2xx to SUBSCRIBE 0 the final NOTIFY may take (`shutdown.md` W19).
    package var notifyGrace: Duration
    /// The order in which shutdown ends the groups.
    package var plan: ShutdownPlan
    /// Whose INVITE may take the place of a call that we have.
    package var replacing = ReplacementPolicy.theReplacedOrReferredByHim
    /// What becomes of messages that wait when their usage is ended (`shutdown.md` W23).
    package var queueAtEnd = QueueAtEnd.giveBack
    /// Which lost subscriptions are asked for again.
    package var resubscription = ResubscriptionPolicy.standard
    /// Event packages of which one SUBSCRIBE may reach several notifiers, each with a state of its own (RFC 6665 §5.4.9).
    /// Of all others the first notifier alone counts, and further ones are told 481.
    package var forkingPackages: Set<String> = ["dialog", "message-summary"]
    package var limits: Limits
    package var reliableProvisionals: ReliableProvisionals

    /// What a request from outside is told that comes too late (`shutdown.md` G1, W31): a person may be tried again, a
    /// server be passed over for another one.
    package enum Role: Hashable, Sendable {
        case endpoint
        case server

        package var refusal: StatusCode {
            switch self {
            case .endpoint: 480
            case .server: 503
            }
        }
    }

    package enum QueueAtEnd: Hashable, Sendable {
        /// They go back to their writer at once.
        case giveBack
        /// They are sent, one after the other, while time allows.
        case flush
    }

    package enum Addresses: Hashable, Sendable {
        /// Those of the accounts and of our Contacts; others get 404.
        case ours
        /// A server's: the application looks for itself.
        case any
    }

    /// Every limit of this layer, in one place.
    package struct Limits: Hashable, Sendable {
        /// Calls from outside that wait for an answer, in all; further ones get 486.
        package var pendingIncomingCalls = 8
        /// Usages of one kind; beyond it the application's own requests are refused.
        package var usagesPerKind = 100_000
        /// ServerSubscriptions; further SUBSCRIBEs get 503.
        package var serverSubscriptions = 20_000
        /// Stand-alone requests of one kind that wait for the application; further ones get 503.
        package var waitingRequests = 1_000
        /// SUBSCRIBE for less gets 423 with this (RFC 6665 §4.2.1.1). Not above an hour.
        package var briefestSubscription = Duration.seconds(1)
        /// How long the application may take to answer a stand-alone request; then the core answers 500.
        package var answerTime = Duration.seconds(20)
        /// URIs that one request is tried at, the first included (RFC 3261 §8.1.3.4).
        package var redirections = 6
        /// How long the application may take to choose where a redirected call goes.
        package var redirectionChoice = Duration.seconds(60)
        /// In seconds: when whom we turn away, as we go, may try again (§20.33).
        package var absence = 30
        /// The same where there is too much to do, and where the like of it is under way.
        package var overloadPause = 60
        package var busyPause = 1
        /// Servers that asked to be left alone for a while (§21.5.4).
        package var pausedServers = 64
        /// Octets of a body from outside; beyond it 413.
        package var requestBody = 262_144
        /// Messages waiting in one ClientPagerMessage.
        package var queuedMessages = 500
        /// Early dialogs of one call of ours; what rings at more places is not told apart (IVC-224).
        package var legsPerCall = 16
        /// Places that a call of ours has left, whose dialogs are kept for the BYE; one more begins its CSeq anew.
        package var leftPlaces = 64
        /// Places whose 2xx to one call of ours is acknowledged; further ones are left to their own patience (H-066).
        package var answersPerCall = 128
        /// Provisional responses that wait for the PRACK of the one before; further ones are not sent.
        package var heldProvisionals = 8
        /// Realms that are kept for one account; the oldest goes when there are more.
        package var protectionSpaces = 16
        /// Nonces of ours that are kept, and how long one is good.
        package var nonces = 4096
        package var nonceLife = Duration.seconds(300)
        /// Repetitions of one request: for challenges (RFC 3261 §22.2), `stale` ones included, or because it had been
        /// overtaken (§12.2.2).
        package var repetitions = 2
        /// Contacts that one registration binds beside our own (RFC 3261 §10.2.1).
        package var furtherContacts = 16
        /// How often in a row a server may find our time too brief and name a longer one (H-084).
        package var intervalRaises = 2
        /// Proxies of a Service-Route that are kept (RFC 3608).
        package var serviceRoutes = 16
        /// The longest we let a peer make us wait before a retry (H-006).
        package var longestRetry = Duration.seconds(3600)
        /// The longest registration, subscription or publication we believe in (H-006).
        package var longestLease = Duration.seconds(86_400)
        /// The shortest, lest a peer has us refresh without pause (H-006).
        package var shortestLease = Duration.seconds(1)

        /// How long a REFER waits for the application before it is answered 202 (RFC 3515 §2.4.2).
        package var referralDecision = Duration.seconds(2)
        /// How long the subscription of a REFER lasts that nobody renews.
        package var referralLease = Duration.seconds(300)
        /// Subscriptions that one SUBSCRIBE may make by forking; further notifiers are told 481.
        package var forkedSubscriptions = 16
        /// Ended dialogs which Replaces is still told of (RFC 3891 §3), for 64·T1.
        package var endedDialogs = 64

        package init() {}
    }

    package init(
        stack: StackConfiguration, role: Role = .endpoint, userAgent: String = "lastcall",
        notifierPackages: Set<String> = [],
        servedMethods: Set<Method> = [.message], registrar: RegistrarConfiguration? = nil,
        compositor: CompositorConfiguration? = nil, serverAuthentication: ServerAuthentication? = nil,
        notifyGrace: Duration = .seconds(5), plan: ShutdownPlan = .proposal, limits: Limits = Limits(),
        reliableProvisionals: ReliableProvisionals = .supported
    ) {
        self.stack = stack
        self.role = role
        self.userAgent = userAgent
        self.notifierPackages = notifierPackages
        self.servedMethods = servedMethods
        self.registrar = registrar
        self.compositor = compositor
        self.serverAuthentication = serverAuthentication
        self.notifyGrace = notifyGrace
        self.plan = plan
        self.limits = limits
        self.reliableProvisionals = reliableProvisionals
    }
}

/// Digest toward others (RFC 3261 §22, RFC 7616): which requests we challenge, and whose passwords we know.
package struct ServerAuthentication: Sendable {
    package var realm: String
    package var methods: Set<Method>
    package var passwords: [String: Secret<String>]
    /// Users whose programs give up when they are offered SHA-256 beside MD5, although they could pass it over (RFC
    /// 8760 §2.4): they are asked for MD5 alone.
    package var md5OnlyUsers: Set<String>
    /// What we offer, the one we would rather have first (RFC 8760 §2.3).
    package var algorithms: [DigestAlgorithm] = [DigestAlgorithm(.sha256), DigestAlgorithm(.md5)]
    package var protections: [DigestProtection] = [.authentication]
    /// Whether users may hide their names (RFC 7616 §3.4.4). Every name is hashed once for it, at the start.
    package var acceptsHashedNames = false

    package init(
        realm: String, methods: Set<Method>, passwords: [String: Secret<String>], md5OnlyUsers: Set<String> = []
    ) {
        self.md5OnlyUsers = md5OnlyUsers
        self.realm = realm
        self.methods = methods
        self.passwords = passwords
    }
}
