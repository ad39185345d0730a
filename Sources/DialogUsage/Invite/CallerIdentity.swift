import SIPMessage
import SIPTransaction

/// Whether the callee is told who calls (RFC 3323, RFC 3325).
package enum CallerIdentity: Hashable, Sendable {
    case shown
    /// From is anonymous. The account's proxy alone is told whose call it is, and asked to keep it to itself.
    case withheld

    static let anonymous = NameAddress(
        uri: .sip(SIPURI(user: "anonymous", host: "anonymous.invalid")), displayName: "Anonymous")

    /// From of our requests.
    func from(_ account: Account) -> NameAddress {
        switch self {
        case .shown: account.addressOfRecord
        case .withheld: Self.anonymous
        }
    }
    /// P-Preferred-Identity goes to a proxy that we are known to, and to nobody else (RFC 3325 §9.2).
    func write(into fields: inout FieldList, _ account: Account) {
        guard self == .withheld else { return }
        fields.append(.privacy, "id")
        guard account.outboundProxy != nil else { return }
        fields.append(FieldName("P-Preferred-Identity"), NameAddress(uri: account.addressOfRecord.uri).description)
    }
    func contact(_ contact: ContactTemplate) -> ContactTemplate {
        guard self == .withheld else { return contact }
        return ContactTemplate(
            user: nil, uriParameters: contact.uriParameters, fieldParameters: contact.fieldParameters)
    }
}
