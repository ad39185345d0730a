package import SIPMessage
import SansIO

/// Why a REGISTER is not carried out, no part of it. Never a 6xx (RFC 3261 §10.3).
package enum RegistrarRefusal: Error, Hashable, Sendable {
    /// A field that cannot be read, or `*` beside anything else than Expires 0 (step 6).
    case malformed
    /// Not who may change these bindings (step 4).
    case forbidden
    /// Not a domain or a user of ours (steps 1 and 5).
    case unknownAddress
    /// A proxy put a Path into it, and the user agent does not know what that is (RFC 3327 §5.3).
    case pathNotSupported
    case tooBrief(minimum: Duration)
    /// An older REGISTER came after a newer one (steps 6 and 7).
    case outOfOrder
    case tooManyBindings
    /// The registrar as a whole is full.
    case full

    package var status: StatusCode {
        switch self {
        case .malformed: 400
        case .forbidden, .tooManyBindings: 403
        case .unknownAddress: 404
        case .pathNotSupported: 420
        case .tooBrief: 423
        case .outOfOrder: 500
        case .full: 503
        }
    }
    /// What the response says beside its status.
    package var fields: FieldList {
        var fields = FieldList()
        switch self {
        case .pathNotSupported: fields.append(.unsupported, "path")
        case .tooBrief(let minimum): fields.append(.minExpires, "\(minimum.inMilliseconds / 1000)")
        case .full: fields.append(.retryAfter, "60")
        case .malformed, .forbidden, .unknownAddress, .outOfOrder, .tooManyBindings: break
        }
        return fields
    }
}
