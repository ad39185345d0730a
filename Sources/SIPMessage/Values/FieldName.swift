/// The name of a header field. Names compare without case, and a compact form equals the long one (RFC 3261 §7.3.3).
package struct FieldName: Hashable, Sendable, CustomStringConvertible {
    let known: KnownField
    /// As spelled, for a field that has no name here.
    private let spelling: String

    init(_ known: KnownField) {
        self.known = known
        spelling = ""
    }

    package init(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        known =
            bytes.isEmpty || !bytes.allSatisfy(ByteClass.token.contains)
            ? .other : FieldTable.shared.field(named: 0, count: bytes.count, bytes.span)
        spelling = known == .other ? String(text) : ""
    }

    /// The long form.
    package var description: String { known == .other ? spelling : known.name }

    package static func == (a: FieldName, b: FieldName) -> Bool {
        a.known == b.known && (a.known != .other || a.spelling.lowercased() == b.spelling.lowercased())
    }
    package func hash(into hasher: inout Hasher) {
        hasher.combine(known)
        if known == .other { hasher.combine(spelling.lowercased()) }
    }

    /// Whether each occurrence may hold a comma list, so that the occurrences together are one list (§7.3.1).
    package var isList: Bool {
        switch known {
        case .via, .contact, .route, .recordRoute, .path, .serviceRoute, .accept, .acceptEncoding, .acceptLanguage,
            .allow, .allowEvents, .supported, .require, .proxyRequire, .unsupported, .warning, .reason, .alertInfo,
            .callInfo, .errorInfo, .inReplyTo, .contentEncoding, .contentLanguage, .acceptContact, .rejectContact,
            .requestDisposition, .pAssertedIdentity:
            true
        case .other, .from, .to, .callID, .cSeq, .maxForwards, .contentLength, .contentType, .contentDisposition,
            .expires, .minExpires, .retryAfter, .event, .subscriptionState, .sipETag, .sipIfMatch, .wwwAuthenticate,
            .proxyAuthenticate, .authorization, .proxyAuthorization, .authenticationInfo, .userAgent, .server,
            .subject, .date, .timestamp, .organization, .priority, .referTo, .referredBy, .replaces, .rack, .rseq,
            .sessionExpires, .minSE, .mimeVersion, .replyTo, .identity, .privacy, .targetDialog:
            false
        }
    }
}

extension FieldName {
    package static let via = FieldName(.via)
    package static let from = FieldName(.from)
    package static let to = FieldName(.to)
    package static let callID = FieldName(.callID)
    package static let cSeq = FieldName(.cSeq)
    package static let contact = FieldName(.contact)
    package static let maxForwards = FieldName(.maxForwards)
    package static let route = FieldName(.route)
    package static let recordRoute = FieldName(.recordRoute)
    package static let path = FieldName(.path)
    package static let serviceRoute = FieldName(.serviceRoute)
    package static let contentLength = FieldName(.contentLength)
    package static let contentType = FieldName(.contentType)
    package static let contentDisposition = FieldName(.contentDisposition)
    package static let contentEncoding = FieldName(.contentEncoding)
    package static let contentLanguage = FieldName(.contentLanguage)
    package static let expires = FieldName(.expires)
    package static let minExpires = FieldName(.minExpires)
    package static let retryAfter = FieldName(.retryAfter)
    package static let event = FieldName(.event)
    package static let subscriptionState = FieldName(.subscriptionState)
    package static let allowEvents = FieldName(.allowEvents)
    package static let sipETag = FieldName(.sipETag)
    package static let sipIfMatch = FieldName(.sipIfMatch)
    package static let wwwAuthenticate = FieldName(.wwwAuthenticate)
    package static let proxyAuthenticate = FieldName(.proxyAuthenticate)
    package static let authorization = FieldName(.authorization)
    package static let proxyAuthorization = FieldName(.proxyAuthorization)
    package static let authenticationInfo = FieldName(.authenticationInfo)
    package static let accept = FieldName(.accept)
    package static let acceptEncoding = FieldName(.acceptEncoding)
    package static let acceptLanguage = FieldName(.acceptLanguage)
    package static let allow = FieldName(.allow)
    package static let supported = FieldName(.supported)
    package static let require = FieldName(.require)
    package static let proxyRequire = FieldName(.proxyRequire)
    package static let unsupported = FieldName(.unsupported)
    package static let userAgent = FieldName(.userAgent)
    package static let server = FieldName(.server)
    package static let warning = FieldName(.warning)
    package static let reason = FieldName(.reason)
    package static let subject = FieldName(.subject)
    package static let date = FieldName(.date)
    package static let timestamp = FieldName(.timestamp)
    package static let organization = FieldName(.organization)
    package static let priority = FieldName(.priority)
    package static let referTo = FieldName(.referTo)
    package static let referredBy = FieldName(.referredBy)
    package static let replaces = FieldName(.replaces)
    package static let rack = FieldName(.rack)
    package static let rseq = FieldName(.rseq)
    package static let sessionExpires = FieldName(.sessionExpires)
    package static let minSE = FieldName(.minSE)
    package static let alertInfo = FieldName(.alertInfo)
    package static let callInfo = FieldName(.callInfo)
    package static let errorInfo = FieldName(.errorInfo)
    package static let inReplyTo = FieldName(.inReplyTo)
    package static let mimeVersion = FieldName(.mimeVersion)
    package static let replyTo = FieldName(.replyTo)
    package static let identity = FieldName(.identity)
    package static let acceptContact = FieldName(.acceptContact)
    package static let rejectContact = FieldName(.rejectContact)
    package static let requestDisposition = FieldName(.requestDisposition)
    package static let pAssertedIdentity = FieldName(.pAssertedIdentity)
    package static let privacy = FieldName(.privacy)
    package static let targetDialog = FieldName(.targetDialog)
}
