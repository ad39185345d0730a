import SIPMessage
import SIPTransaction
import SansIO

/// Where the screening meets what the core knows.
extension UsageCore {
    /// false: it has been answered.
    mutating func passesScreening(
        _ message: SIPMessage, _ transaction: ServerTransactionID, _ place: Screening.Circumstances.Place,
        at now: Instant
    ) -> Bool {
        var circumstances = Screening.Circumstances(place)
        if place == .outside {
            circumstances.isAddressOurs = isOurs(message)
            circumstances.isMerged = ongoing.isMerged(message, transaction)
        }
        guard let refusal = screening.refusal(of: message, circumstances) else { return true }
        reply(transaction, message, refusal.status, fields: refusal.fields, at: now)
        return false
    }

    /// The option tags that we say we support.
    package var supportedExtensions: [String] { features.extensions }

    /// Whether the Request-URI names somebody here (RFC 3261 §8.2.2.1): the user of an account, which is also that of
    /// our Contacts, or nobody in particular. The host may be any: it is not for us to know all names of this machine. A
    /// server of a domain finds out for itself.
    private func isOurs(_ message: SIPMessage) -> Bool {
        switch configuration.addresses {
        case .any: return true
        case .ours where registrar != nil || compositor != nil: return true
        case .ours:
            guard !accounts.isEmpty, let uri = try? message.requestURI(), let user = uri.sip?.userDecoded else {
                return true
            }
            return accounts.values.contains { $0.addressOfRecord.uri.sip?.userDecoded == user }
        }
    }

    /// What an INVITE would be refused with at this moment; so OPTIONS tells it too (§11.2).
    var refusalOfCalls: StatusCode? {
        guard callees.count < configuration.limits.usagesPerKind else { return 486 }
        return callees.offered < configuration.limits.pendingIncomingCalls ? nil : 486
    }
}
