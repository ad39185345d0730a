import SIPMessage
import SIPTransaction
import SansIO

/// The places an INVITE of ours rang at and that are left by now, and the ACKs that have been sent: for what comes late,
/// until its transaction ends 64·T1 after the first 2xx (Timer M of RFC 6026).
struct InviteForks: Sendable {
    private var acknowledged: [(tag: String, ack: Boxed<Acknowledgement>)] = []
    private var left: [Dialog] = []

    var count: Int { acknowledged.count }

    func acknowledgement(of tag: String) -> Boxed<Acknowledgement>? {
        acknowledged.first { $0.tag.isSameToken(as: tag) }?.ack
    }
    func departed(_ tag: String) -> Dialog? { left.first { $0.remoteTag?.isSameToken(as: tag) == true } }

    mutating func note(_ acknowledgement: Boxed<Acknowledgement>, to tag: String) {
        acknowledged.removeAll { $0.tag.isSameToken(as: tag) }
        acknowledged.append((tag, acknowledgement))
    }
    mutating func depart(_ dialog: Dialog, limit: Int) {
        guard let tag = dialog.remoteTag, left.count < limit else { return }
        left.removeAll { $0.remoteTag?.isSameToken(as: tag) == true }
        left.append(dialog)
    }
}

/// The ACK of one 2xx, for each time that it comes.
struct Acknowledgement: Sendable {
    let draft: RequestDraft
    let target: Target
    let id: AcknowledgementID
}
