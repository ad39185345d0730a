import DialogUsage
import SIPMessage
package import SansIO

/// The registrar (RFC 3261 §10.3) and the way to those who registered.
extension Sandbox {
    mutating func registered(_ id: UsageID<ServerOutOfDialogRequest>, _ request: IncomingRequest, at now: Instant) {
        guard let user = user(of: request.to.uri), configuration.users.contains(user) else {
            return answer(id, 404, at: now)
        }
        // Nobody binds contacts to somebody else's address (§10.3 step 4).
        guard request.authenticatedUser == user else { return answer(id, 403, at: now) }
        do {
            try bindings.apply(request.request, for: user, at: now)
        } catch {
            var fields = FieldList()
            switch error {
            case .badRequest, .tooMany: return answer(id, 400, at: now)
            case .outOfOrder: return answer(id, 500, at: now)
            case .tooBrief(let minimum):
                fields.append(.minExpires, "\(minimum.inMilliseconds / 1000)")
                return answer(id, 423, fields: fields, at: now)
            }
        }
        var fields = FieldList()
        for binding in bindings.contacts(of: user, at: now) {
            var contact = binding.contact
            contact.parameters.set("expires", "\(max(0, (binding.expiresAt - now).inMilliseconds / 1000))")
            fields.append(.contact, contact.description)
        }
        answer(id, 200, fields: fields, at: now)
    }

    /// Where requests for this user would go, for those who compare what both ends believe.
    package func boundAddresses(of user: String, at now: Instant) -> Set<IPAddress> {
        Set(bindings.contacts(of: user, at: now).compactMap { $0.contact.uri.sip.flatMap { IPAddress($0.host) } })
    }

    /// MESSAGE: bob and the echo answer it themselves; for others it is carried to where they registered.
    mutating func messaged(_ id: UsageID<ServerPagerMessage>, _ request: IncomingRequest, at now: Instant) {
        guard let target = try? request.request.requestURI(), let user = user(of: target),
            configuration.users.contains(user)
        else { return answer(id, 404, at: now) }
        let text = request.request.bodyText
        switch user {
        case "bob":
            answer(id, 200, at: now)
            write("bob", "I have read: \(text)", to: request.from.uri, at: now)
        case "echo":
            answer(id, 200, at: now)
            write("echo", text, to: request.from.uri, at: now)
        default:
            let contacts = bindings.contacts(of: user, at: now)
            guard !contacts.isEmpty else { return answer(id, 480, at: now) }
            answer(id, 202, at: now)
            let sender = self.user(of: request.from.uri) ?? "echo"
            write(sender, text, toUser: user, at: now)
        }
    }

    private mutating func write(_ sender: String, _ text: String, to peer: AnyURI, at now: Instant) {
        guard let user = user(of: peer) else { return }
        write(sender, text, toUser: user, at: now)
    }
    private mutating func write(_ sender: String, _ text: String, toUser user: String, at now: Instant) {
        guard let account = accountID(sender) else { return }
        for binding in bindings.contacts(of: user, at: now) {
            guard
                let (_, _, produced) = try? core.message(
                    account, to: binding.contact.uri, contentType: "text/plain;charset=UTF-8", body: Array(text.utf8),
                    at: now)
            else { continue }
            absorb(produced, at: now)
        }
    }
}
