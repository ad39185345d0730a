import SIPMessage
import SIPTransaction

/// Requests outside any dialog whose transactions live, by what copies of one have in common whichever way they took
/// (RFC 3261 §8.2.2.2). There are never more of them than server transactions.
struct OngoingRequests: Sendable {
    /// By Call-ID, From tag and CSeq, in one text: tens of thousands may wait for their last timer.
    private var transactions: [String: ServerTransactionID] = [:]
    private var keys: [ServerTransactionID: String] = [:]

    var count: Int { keys.count }

    /// Whether this request is being dealt with already, in another transaction; if not, it is from now on in this.
    mutating func isMerged(_ request: SIPMessage, _ transaction: ServerTransactionID) -> Bool {
        guard let callID = try? request.callID(), let tag = try? request.fromTag() ?? "", let cSeq = try? request.cSeq()
        else {
            return false
        }
        let key = "\(callID)\n\(tag)\n\(cSeq.number) \(cSeq.method)"
        if let other = transactions[key] { return other != transaction }
        transactions[key] = transaction
        keys[transaction] = key
        return false
    }

    mutating func ended(_ transaction: ServerTransactionID) {
        if let key = keys.removeValue(forKey: transaction) { transactions[key] = nil }
    }
    mutating func removeAll() { self = OngoingRequests() }
}
