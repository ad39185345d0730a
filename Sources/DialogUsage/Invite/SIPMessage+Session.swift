package import SDP
package import SIPMessage

/// What the body of a message says about the session.
package enum SessionBody: Hashable, Sendable {
    case none
    case described(SessionDescription)
    /// 400, 415 or 488: it cannot be taken apart, holds what we must understand and do not, or no readable description.
    case refused(StatusCode)
}

extension SIPMessage {
    /// The session description in the body, also as one part of several (RFC 5621 §4.2). A part of another kind or
    /// another disposition is passed over where its sender says that this may be done, and refused where not (RFC 3261
    /// §20.11).
    package var sessionBody: SessionBody {
        guard !body.isEmpty else { return .none }
        guard let whole = try? bodyPart() else { return .refused(400) }
        var found = SessionBody.none
        let isAlternative = whole.contentType?.essence == "multipart/alternative"
        for part in whole.leaves {
            if part.isSession {
                guard found == .none else { continue }
                guard let description = try? SessionDescription(parsing: part.body) else { return .refused(488) }
                found = .described(description)
            } else if !part.isOptional, !isAlternative {
                return .refused(415)
            }
        }
        return found
    }

    /// The session description in the body; nil if there is none or it cannot be read.
    package var sessionDescription: SessionDescription? {
        if case .described(let description) = sessionBody { description } else { nil }
    }
}

extension BodyPart {
    fileprivate var isSession: Bool {
        contentType?.essence == "application/sdp" && (disposition == nil || disposition == "session")
    }
}
