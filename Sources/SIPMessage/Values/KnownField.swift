/// The header fields that have a name here. The raw value is what a field's entry in the index holds.
enum KnownField: UInt8, CaseIterable, Hashable, Sendable {
    case other
    case via, from, to, callID, cSeq, contact, maxForwards, route, recordRoute, path, serviceRoute
    case contentLength, contentType, contentDisposition, contentEncoding, contentLanguage
    case expires, minExpires, retryAfter, event, subscriptionState, allowEvents
    case sipETag, sipIfMatch, suppressIfMatch
    case wwwAuthenticate, proxyAuthenticate, authorization, proxyAuthorization, authenticationInfo
    case accept, acceptEncoding, acceptLanguage, allow, supported, require, proxyRequire, unsupported
    case userAgent, server, warning, reason, subject, date, timestamp, organization, priority
    case referTo, referredBy, referSub, replaces, rack, rseq, sessionExpires, minSE
    case alertInfo, callInfo, errorInfo, inReplyTo, mimeVersion, replyTo, identity
    case acceptContact, rejectContact, requestDisposition, pAssertedIdentity, privacy, targetDialog

    var name: String { Self.names[Int(rawValue)].long }
    /// How its lines begin when we write them.
    var lineStart: [UInt8] { Self.lineStarts[Int(rawValue)] }
    private static let lineStarts = names.map { Array("\($0.long): ".utf8) }

    /// The one-letter form of RFC 3261 §7.3.3 and of the registry.
    var compact: UInt8? { Self.names[Int(rawValue)].compact?.utf8.first }

    static let names: [(long: String, compact: String?)] = allCases.map { spelling(of: $0) }

    private static func spelling(of field: KnownField) -> (long: String, compact: String?) {
        switch field {
        case .other: ("", nil)
        case .via: ("Via", "v")
        case .from: ("From", "f")
        case .to: ("To", "t")
        case .callID: ("Call-ID", "i")
        case .cSeq: ("CSeq", nil)
        case .contact: ("Contact", "m")
        case .maxForwards: ("Max-Forwards", nil)
        case .route: ("Route", nil)
        case .recordRoute: ("Record-Route", nil)
        case .path: ("Path", nil)
        case .serviceRoute: ("Service-Route", nil)
        case .contentLength: ("Content-Length", "l")
        case .contentType: ("Content-Type", "c")
        case .contentDisposition: ("Content-Disposition", nil)
        case .contentEncoding: ("Content-Encoding", "e")
        case .contentLanguage: ("Content-Language", nil)
        case .expires: ("Expires", nil)
        case .minExpires: ("Min-Expires", nil)
        case .retryAfter: ("Retry-After", nil)
        case .event: ("Event", "o")
        case .subscriptionState: ("Subscription-State", nil)
        case .allowEvents: ("Allow-Events", "u")
        case .sipETag: ("SIP-ETag", nil)
        case .sipIfMatch: ("SIP-If-Match", nil)
        case .suppressIfMatch: ("Suppress-If-Match", nil)
        case .wwwAuthenticate: ("WWW-Authenticate", nil)
        case .proxyAuthenticate: ("Proxy-Authenticate", nil)
        case .authorization: ("Authorization", nil)
        case .proxyAuthorization: ("Proxy-Authorization", nil)
        case .authenticationInfo: ("Authentication-Info", nil)
        case .accept: ("Accept", nil)
        case .acceptEncoding: ("Accept-Encoding", nil)
        case .acceptLanguage: ("Accept-Language", nil)
        case .allow: ("Allow", nil)
        case .supported: ("Supported", "k")
        case .require: ("Require", nil)
        case .proxyRequire: ("Proxy-Require", nil)
        case .unsupported: ("Unsupported", nil)
        case .userAgent: ("User-Agent", nil)
        case .server: ("Server", nil)
        case .warning: ("Warning", nil)
        case .reason: ("Reason", nil)
        case .subject: ("Subject", "s")
        case .date: ("Date", nil)
        case .timestamp: ("Timestamp", nil)
        case .organization: ("Organization", nil)
        case .priority: ("Priority", nil)
        case .referTo: ("Refer-To", "r")
        case .referredBy: ("Referred-By", "b")
        case .referSub: ("Refer-Sub", nil)
        case .replaces: ("Replaces", nil)
        case .rack: ("RAck", nil)
        case .rseq: ("RSeq", nil)
        case .sessionExpires: ("Session-Expires", "x")
        case .minSE: ("Min-SE", nil)
        case .alertInfo: ("Alert-Info", nil)
        case .callInfo: ("Call-Info", nil)
        case .errorInfo: ("Error-Info", nil)
        case .inReplyTo: ("In-Reply-To", nil)
        case .mimeVersion: ("MIME-Version", nil)
        case .replyTo: ("Reply-To", nil)
        case .identity: ("Identity", "y")
        case .acceptContact: ("Accept-Contact", "a")
        case .rejectContact: ("Reject-Contact", "j")
        case .requestDisposition: ("Request-Disposition", "d")
        case .pAssertedIdentity: ("P-Asserted-Identity", nil)
        case .privacy: ("Privacy", nil)
        case .targetDialog: ("Target-Dialog", nil)
        }
    }
}
