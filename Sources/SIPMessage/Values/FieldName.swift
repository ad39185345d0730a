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

    /// Of the long form.
    var octetCount: Int { known == .other ? spelling.utf8.count : known.lineStart.count - 2 }

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
            .expires, .minExpires, .retryAfter, .event, .subscriptionState, .sipETag, .sipIfMatch, .suppressIfMatch,
            .wwwAuthenticate, .proxyAuthenticate, .authorization, .proxyAuthorization, .authenticationInfo, .userAgent,
            .server,
            .subject, .date, .timestamp, .organization, .priority, .referTo, .referredBy, .referSub, .replaces, .rack,
            .rseq, .sessionExpires, .minSE, .mimeVersion, .replyTo, .identity, .privacy, .targetDialog:
            false
        }
    }
}

extension FieldName {
    package static var via: FieldName { FieldName(.via) }
    package static var from: FieldName { FieldName(.from) }
    package static var to: FieldName { FieldName(.to) }
    package static var callID: FieldName { FieldName(.callID) }
    package static var cSeq: FieldName { FieldName(.cSeq) }
    package static var contact: FieldName { FieldName(.contact) }
    package static var maxForwards: FieldName { FieldName(.maxForwards) }
    package static var route: FieldName { FieldName(.route) }
    package static var recordRoute: FieldName { FieldName(.recordRoute) }
    package static var path: FieldName { FieldName(.path) }
    package static var serviceRoute: FieldName { FieldName(.serviceRoute) }
    package static var contentLength: FieldName { FieldName(.contentLength) }
    package static var contentType: FieldName { FieldName(.contentType) }
    package static var contentDisposition: FieldName { FieldName(.contentDisposition) }
    package static var contentEncoding: FieldName { FieldName(.contentEncoding) }
    package static var contentLanguage: FieldName { FieldName(.contentLanguage) }
    package static var expires: FieldName { FieldName(.expires) }
    package static var minExpires: FieldName { FieldName(.minExpires) }
    package static var retryAfter: FieldName { FieldName(.retryAfter) }
    package static var event: FieldName { FieldName(.event) }
    package static var subscriptionState: FieldName { FieldName(.subscriptionState) }
    package static var allowEvents: FieldName { FieldName(.allowEvents) }
    package static var sipETag: FieldName { FieldName(.sipETag) }
    package static var sipIfMatch: FieldName { FieldName(.sipIfMatch) }
    package static var suppressIfMatch: FieldName { FieldName(.suppressIfMatch) }
    package static var wwwAuthenticate: FieldName { FieldName(.wwwAuthenticate) }
    package static var proxyAuthenticate: FieldName { FieldName(.proxyAuthenticate) }
    package static var authorization: FieldName { FieldName(.authorization) }
    package static var proxyAuthorization: FieldName { FieldName(.proxyAuthorization) }
    package static var authenticationInfo: FieldName { FieldName(.authenticationInfo) }
    package static var accept: FieldName { FieldName(.accept) }
    package static var acceptEncoding: FieldName { FieldName(.acceptEncoding) }
    package static var acceptLanguage: FieldName { FieldName(.acceptLanguage) }
    package static var allow: FieldName { FieldName(.allow) }
    package static var supported: FieldName { FieldName(.supported) }
    package static var require: FieldName { FieldName(.require) }
    package static var proxyRequire: FieldName { FieldName(.proxyRequire) }
    package static var unsupported: FieldName { FieldName(.unsupported) }
    package static var userAgent: FieldName { FieldName(.userAgent) }
    package static var server: FieldName { FieldName(.server) }
    package static var warning: FieldName { FieldName(.warning) }
    package static var reason: FieldName { FieldName(.reason) }
    package static var subject: FieldName { FieldName(.subject) }
    package static var date: FieldName { FieldName(.date) }
    package static var timestamp: FieldName { FieldName(.timestamp) }
    package static var organization: FieldName { FieldName(.organization) }
    package static var priority: FieldName { FieldName(.priority) }
    package static var referTo: FieldName { FieldName(.referTo) }
    package static var referredBy: FieldName { FieldName(.referredBy) }
    package static var referSub: FieldName { FieldName(.referSub) }
    package static var replaces: FieldName { FieldName(.replaces) }
    package static var rack: FieldName { FieldName(.rack) }
    package static var rseq: FieldName { FieldName(.rseq) }
    package static var sessionExpires: FieldName { FieldName(.sessionExpires) }
    package static var minSE: FieldName { FieldName(.minSE) }
    package static var alertInfo: FieldName { FieldName(.alertInfo) }
    package static var callInfo: FieldName { FieldName(.callInfo) }
    package static var errorInfo: FieldName { FieldName(.errorInfo) }
    package static var inReplyTo: FieldName { FieldName(.inReplyTo) }
    package static var mimeVersion: FieldName { FieldName(.mimeVersion) }
    package static var replyTo: FieldName { FieldName(.replyTo) }
    package static var identity: FieldName { FieldName(.identity) }
    package static var acceptContact: FieldName { FieldName(.acceptContact) }
    package static var rejectContact: FieldName { FieldName(.rejectContact) }
    package static var requestDisposition: FieldName { FieldName(.requestDisposition) }
    package static var pAssertedIdentity: FieldName { FieldName(.pAssertedIdentity) }
    package static var privacy: FieldName { FieldName(.privacy) }
    package static var targetDialog: FieldName { FieldName(.targetDialog) }
}
