package import SIPMessage
import SansIO

/// Why a PUBLISH is not carried out, no part of it (RFC 3903 §6, in the order of its steps).
package enum CompositorRefusal: Error, Hashable, Sendable {
    case malformed
    /// Not a resource of ours (step 1).
    case unknownResource
    case forbidden
    /// No Event, or a package not served here (step 2).
    case badEvent(served: [String])
    /// More than one entity-tag in SIP-If-Match (step 3).
    case severalTags
    /// No publication of this resource and package has this entity-tag (step 3).
    case unknownTag
    case tooBrief(minimum: Duration)
    /// A document of a type that does not belong to the package (step 5).
    case wrongType(accepted: [String])
    /// A first publication without a document (step 5).
    case nothingPublished
    case tooLarge
    case tooManyPublications
    /// The compositor as a whole is full.
    case full

    package var status: StatusCode {
        switch self {
        case .malformed, .severalTags, .nothingPublished: 400
        case .forbidden, .tooManyPublications: 403
        case .unknownResource: 404
        case .unknownTag: 412
        case .tooLarge: 413
        case .wrongType: 415
        case .tooBrief: 423
        case .badEvent: 489
        case .full: 503
        }
    }
    /// What the response says beside its status.
    package var fields: FieldList {
        var fields = FieldList()
        switch self {
        case .badEvent(let served): fields.append(.allowEvents, served.joined(separator: ", "))
        case .wrongType(let accepted): fields.append(.accept, accepted.joined(separator: ", "))
        case .tooBrief(let minimum): fields.append(.minExpires, "\(minimum.inMilliseconds / 1000)")
        case .full: fields.append(.retryAfter, "60")
        case .malformed, .unknownResource, .forbidden, .severalTags, .unknownTag, .nothingPublished, .tooLarge,
            .tooManyPublications:
            break
        }
        return fields
    }
}
