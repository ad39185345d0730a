import SIPMessage
import SIPTransaction
import SansIO

/// What the core keeps of every usage whatever its kind.
struct UsageRecord: Sendable {
    var account: AccountID?
    /// The dialog, or the series of requests before there is one.
    var dialog: DialogID
    /// Who is at the other end, as shown to people.
    var peer: String
    var since: Instant
    /// The deadline now in the wheel.
    var deadline: Instant?
    var timer: TimerToken?
    /// When the end was begun, by whomever.
    var endedAt: Instant?
    /// When the other side's belief in it ran out, as it was when the end was begun.
    var believedUntil: Instant?
    /// End requests written since then, retransmissions included.
    var endRequests = 0
    var lastStatus: StatusCode?
    /// When the peer was last heard of in this usage.
    var lastHeard: Instant?
    /// Given to the application in the Reason field of BYE or the like.
    var reason: String?
    /// What the peer gave as the reason for the end (RFC 3326).
    var causes: [Reason] = []
}

/// One request of ours, from sending to its last answer.
struct SentRequest: Sendable {
    /// What it is for, so that its answer finds the right input.
    enum Purpose: Hashable, Sendable {
        case register, unregister
        case publish, unpublish
        case subscribe(ClientSubscription.Request)
        case notify, notifyFinal
        case message(MessageID)
        case invite, reinvite, update, prack, bye, cancel, info, messageInSession
        /// UPDATE without a description (RFC 4028 §7.4).
        case refresh
        case outOfDialog
        /// BYE for a leg of a fork that nobody was told of (W4).
        case byeOfFork

        /// Ends a usage: is repeated once per fresh challenge also while ending (R4).
        var isEnd: Bool {
            switch self {
            case .unregister, .unpublish, .subscribe(.end), .notifyFinal, .bye, .byeOfFork, .cancel: true
            case .register, .publish, .subscribe, .notify, .message, .invite, .reinvite, .update, .refresh, .prack,
                .info, .messageInSession, .outOfDialog:
                false
            }
        }

        /// An offer that is refused with 500 crossed another one (RFC 3261 §14.2), whatever the order.
        var mayBeOvertaken: Bool {
            switch self {
            case .subscribe, .notify, .notifyFinal, .message, .bye, .prack, .info, .messageInSession: true
            case .register, .unregister, .publish, .unpublish, .invite, .reinvite, .update, .refresh, .cancel,
                .outOfDialog, .byeOfFork:
                false
            }
        }
    }
    var usage: AnyUsageID
    var purpose: Purpose
    /// Once it is answered only what a further 2xx to an INVITE needs of it: number and credentials.
    var draft: RequestDraft
    /// The INVITE left it to the answer to offer.
    let isSilent: Bool
    var target: Target
    var contact: ContactTemplate?
    var account: AccountID?
    /// Times it was repeated so far: to answer a challenge, or because it had been overtaken.
    var rounds: Int
    /// The dialog it was sent in, where that is one of the table.
    var dialog: DialogID?
    /// A dialog or series of its own: for an INVITE what each place that it rings at begins from, also when the usage is
    /// gone already; for the BYE of a fork its dialog, which nothing else lives in.
    var series: Boxed<Dialog>?
    /// For one outside any dialog that has been redirected.
    var targets: TargetSet?
    /// For an INVITE.
    var forks = InviteForks()
    var transaction: ClientTransactionID?
    var isAnswered = false
    var sentAt = Instant.zero

    init(
        usage: AnyUsageID, purpose: Purpose, draft: RequestDraft, target: Target, contact: ContactTemplate? = nil,
        account: AccountID?, rounds: Int, dialog: DialogID? = nil, series: Dialog? = nil,
        transaction: ClientTransactionID? = nil, sentAt: Instant
    ) {
        self.usage = usage
        self.purpose = purpose
        self.draft = draft
        isSilent = draft.body.isEmpty
        self.target = target
        self.contact = contact
        self.account = account
        self.rounds = rounds
        self.dialog = dialog
        self.series = series.map { Boxed($0) }
        self.transaction = transaction
        self.sentAt = sentAt
    }

    /// It has been answered, and is not sent again; its transaction may go on for half a minute.
    mutating func forgetDraft() {
        let isInvite = purpose == .invite || purpose == .reinvite
        draft = draft.keeping(isInvite ? [.cSeq, .authorization, .proxyAuthorization] : [])
        targets = nil
        if purpose == .invite { return }  // The application may still follow a redirection of it.
        contact = nil
        series = nil
    }
}
