import SIPMessage

/// What a body must be for us to read it (RFC 3261 §8.2.3, RFC 5621).
extension Screening {
    func isEncodingKnown(_ request: SIPMessage) -> Bool {
        request.tokens(.contentEncoding).allSatisfy { $0.lowercased() == Features.encoding }
    }

    /// By ranges, as `en` for `en-GB` (§20.3).
    func isLanguageKnown(_ request: SIPMessage) -> Bool {
        guard !features.languages.isEmpty else { return true }
        return request.tokens(.contentLanguage).allSatisfy { tag in
            features.languages.contains { known in
                let (tag, known) = (tag.lowercased(), known.lowercased())
                return tag == known || tag.hasPrefix(known + "-")
            }
        }
    }

    func isEncrypted(_ body: BodyPart) -> Bool {
        body.leaves.contains { part in
            part.contentType?.essence == "application/pkcs7-mime" && !part.isOptional
                && part.contentType?.parameters["smime-type"]?.lowercased() != "certs-only"
        }
    }

    func isKnown(_ part: BodyPart, of known: [String]) -> Bool {
        if part.isOptional { return true }
        guard let type = part.contentType else { return false }
        guard part.parts.isEmpty else {
            // One of several alternatives will do (RFC 2046 §5.1.4).
            return type.essence == "multipart/alternative"
                ? part.parts.contains { isKnown($0, of: known) } : part.parts.allSatisfy { isKnown($0, of: known) }
        }
        let isSession = type.essence == "application/sdp"
        return known.contains { type.matches($0) } && (!isSession || part.disposition ?? "session" == "session")
    }

    /// An answer to an offer, or an offer of ours, is a session description.
    func isAnswerAccepted(_ request: SIPMessage) -> Bool {
        guard request.method == .invite || request.method == .update, request.has(.accept) else { return true }
        return request.tokens(.accept).contains { MediaType("application", "sdp").matches($0) }
    }
}

extension SIPMessage {
    /// Option tags compare without case, as every token does (RFC 3261 §7.3.1).
    func optionTags(_ name: FieldName) -> [String] { has(name) ? tokens(name).map { $0.lowercased() } : [] }
}

extension MediaType {
    /// By a range of Accept: `type/subtype`, `type/*` or `*/*` (RFC 3261 §20.1).
    func matches(_ range: String) -> Bool {
        let range = range.lowercased()
        return range == "*/*" || range == essence || range == "\(type.lowercased())/*"
    }
}
