package import SIPMessage

/// A URI that somebody picked as the target of a request, the user or a 3xx: what of it goes into the Request-URI, and
/// what of its headers may be taken over (RFC 3261 §8.1.3.4, §19.1.5).
package struct ChosenTarget: Hashable, Sendable {
    /// Without `method` and headers.
    package let uri: AnyURI
    /// The method it asks for; nil: any.
    package let method: Method?
    package let fields: FieldList

    /// Fields that say something to the person called, and nothing of who calls, from where, and what he can do.
    private static let harmless: [FieldName] = [.subject, .priority, .inReplyTo, .replyTo, .callInfo]

    package init(_ chosen: AnyURI) {
        var fields = FieldList()
        guard case .sip(var uri) = chosen else {
            self.uri = chosen
            method = nil
            self.fields = fields
            return
        }
        method = uri.parameters["method"].map { Method($0.unescaped) }
        for header in uri.headers.all {
            let name = FieldName(header.name.unescaped)
            guard Self.harmless.contains(name) else { continue }
            fields.append(name, (header.value ?? "").unescaped)
        }
        uri.parameters.remove("method")
        uri.headers = Parameters()
        self.uri = .sip(uri)
        self.fields = fields
    }

    /// Lists grow, single values are replaced (§8.1.3.4).
    package func apply(to draft: inout RequestDraft) {
        draft.uri = uri
        apply(to: &draft.fields)
    }
    package func apply(to other: inout FieldList) {
        for entry in fields.entries {
            if entry.name.isList {
                other.append(entry.name, entry.value)
            } else {
                other.set(entry.name, entry.value)
            }
        }
    }
}

extension AnyURI {
    /// For From and To, where a URI names somebody and not a way to him (§19.1.1, Table 1).
    package var asIdentity: AnyURI {
        guard case .sip(var uri) = self else { return self }
        for name in ["method", "maddr", "ttl", "transport", "lr"] { uri.parameters.remove(name) }
        uri.headers = Parameters()
        return .sip(uri)
    }
    var isSecure: Bool { sip?.isSecure == true }
}
