package import SIPMessage

/// What can be left out of a request that was refused for it (RFC 3261 §8.1.3.5).
extension RequestDraft {
    /// nil: there is no sense in asking again.
    package func repaired(after response: SIPMessage, _ status: StatusCode, domain: String?) -> RequestDraft? {
        switch status {
        case 420: return without(extensions: response.tokens(.unsupported))
        case 413, 415: return withoutOptionalBody
        case 416: return asSIP(in: domain)
        default: return nil
        }
    }

    /// Without the extensions that were refused, if any of them was demanded.
    private func without(extensions refused: [String]) -> RequestDraft? {
        var again = self
        var isChanged = false
        for name in [FieldName.require, .proxyRequire] {
            let all = fields.all(name).joined(separator: ",").split(separator: ",").map { element in
                element.filter { $0 != " " && $0 != "\t" }
            }
            let kept = all.filter { tag in !refused.contains { $0.isSameToken(as: tag) } }
            guard kept.count < all.count else { continue }
            isChanged = true
            again.fields.remove(name)
            if !kept.isEmpty { again.fields.append(name, kept.joined(separator: ", ")) }
        }
        return isChanged ? again : nil
    }

    private var withoutOptionalBody: RequestDraft? {
        guard !body.isEmpty, fields.first(.contentDisposition).map(BodyPart.isOptional) == true else { return nil }
        var again = self
        again.body = []
        for name in [FieldName.contentType, .contentDisposition, .contentEncoding, .contentLanguage] {
            again.fields.remove(name)
        }
        return again
    }

    /// A telephone number as a SIP URI of our own domain (§19.1.6).
    private func asSIP(in domain: String?) -> RequestDraft? {
        guard case .other(let scheme, let number) = uri, scheme.lowercased() == "tel", let domain else { return nil }
        var again = self
        var parameters = Parameters()
        parameters.set("user", "phone")
        again.uri = .sip(SIPURI(user: SIPURI.escapingUser(number), host: domain, parameters: parameters))
        return again
    }
}
