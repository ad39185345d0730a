import SDP
import SIPMessage
import SIPTransaction
import SansIO

/// What an invite session needs beside its phase: its INVITE, and what it is in each of its dialogs.
struct SessionDetails: Sendable {
    /// Our INVITE, to be cancelled by.
    var invite: ClientTransactionID?
    /// The peer's INVITE, to be answered.
    var inviteFromPeer: ServerTransactionID?
    var request: SIPMessage?
    /// The user part it called us by.
    var calledUser: String?
    /// CSeq of the INVITE whose 2xx is to be acknowledged.
    var inviteSequence: UInt32 = 0
    /// What our INVITE offered; nil: it left that to the peer.
    var offer: SessionDescription?
    /// MESSAGE and INFO of ours.
    var outbox = DialogOutbox()
    /// What our INVITE was refused with for its session interval (RFC 4028 §7.4).
    var leastInterval = IntervalFloor()
    /// Where else our INVITE may go.
    var redirection: Boxed<Redirection>?
    /// The dialogs of the session: the one it is in, and before that one for each place it rings at.
    var legs = Legs()
    /// Where the newest provisional response came from.
    var newestLeg: DialogID?

    // The called side's answers.
    var delivery: ProvisionalDelivery
    /// The reliable provisional response that waits for its PRACK, for repetition.
    var provisional: Boxed<ResponseDraft>?
    /// What is said again every minute.
    var ringing = ProvisionalDelivery.Provisional(status: 180)
    /// An answer shown in an unreliable provisional response: the 2xx repeats it (RFC 6337 §3.1.1).
    var preview: SessionDescription?
    /// What goes into the 2xx, or into the ACK of the 2xx that brought an offer.
    var answer: SessionDescription?
    /// The 2xx to the peer's INVITE, for repetition.
    var acceptance: Boxed<ResponseDraft>?
    var hasRung = false

    /// The ACK of the newest 2xx, for its repetition, with the CSeq number it belongs to.
    var acknowledgement: Boxed<Acknowledgement>?
    var acknowledgedSequence: UInt32 = 0

    /// The session that ends when this one is answered (RFC 3891).
    var replaces: SessionID?
    /// The REFER that asked us to call, and is told how it goes.
    var referrer: UsageID<ServerSubscription>?

    init(delivery: ProvisionalDelivery) { self.delivery = delivery }

    /// The 2xx has been acknowledged: none of our answers is repeated any more, and a call may stand for hours.
    mutating func forgetAnswers() {
        request = nil
        acceptance = nil
        provisional = nil
        preview = nil
        answer = nil
    }
}
