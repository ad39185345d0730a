package import SIPMessage
import SansIO

/// What the peer says, made from what it heard.
extension ScriptedPeer {
    /// An answer made from the request that really came.
    package mutating func answer(
        _ request: SIPMessage, _ status: StatusCode, after delay: Duration = .zero, tag: String? = nil,
        body: String = "", _ more: (inout FieldList) -> Void = { _ in }
    ) {
        var draft = ResponseDraft(status, to: request, toTag: tag ?? "peer")
        draft.fields.append(.contact, contact)
        if !body.isEmpty {
            draft.fields.append(.contentType, "application/sdp")
            draft.body = Array(body.utf8)
        }
        more(&draft.fields)
        send(draft.serialised(), after: delay)
    }

    /// A NOTIFY in the dialog that this SUBSCRIBE made or is in.
    package mutating func notify(_ subscribe: SIPMessage, state: String, after delay: Duration = .zero) {
        guard let call = try? subscribe.callID(), let from = try? subscribe.from() else { return }
        let sequence = (notifySequence[call] ?? 0) + 1
        notifySequence[call] = sequence
        var to = (try? subscribe.to()) ?? from
        if to.tag == nil { to.tag = "peer" }
        inDialog(.notify, call: call, from: to, to: from, sequence: sequence, after: delay) { fields in
            fields.append(.event, subscribe.value(.event) ?? "presence")
            fields.append(.subscriptionState, state)
        }
    }

    package mutating func inDialog(
        _ method: Method, _ uri: AnyURI? = nil, call: String, from: NameAddress, to: NameAddress, sequence: Int,
        after delay: Duration = .zero, body: String = "", _ more: (inout FieldList) -> Void = { _ in }
    ) {
        serial += 1
        var fields = FieldList()
        fields.append(.via, "SIP/2.0/UDP \(address);branch=z9hG4bKpeer\(serial);rport")
        fields.append(.maxForwards, "70")
        fields.append(.from, from.description)
        fields.append(.to, to.description)
        fields.append(.callID, call)
        fields.append(.cSeq, "\(sequence) \(method)")
        fields.append(.contact, contact)
        if !body.isEmpty { fields.append(.contentType, "application/sdp") }
        more(&fields)
        let draft = RequestDraft(method: method, uri: uri ?? agentURI, fields: fields, body: Array(body.utf8))
        if method == .invite { invites[call] = draft }
        send(draft.serialised(), after: delay)
    }

    /// CANCEL of its own INVITE: same branch, same number (RFC 3261 §9.1).
    package mutating func cancel(call: String, after delay: Duration = .zero) {
        guard var draft = invites[call] else { return }
        draft.method = .cancel
        let number = draft.fields.first(.cSeq)?.prefix { $0 != " " } ?? "1"
        draft.fields.set(.cSeq, "\(number) CANCEL")
        draft.fields.remove(.contentType)
        draft.body = []
        send(draft.serialised(), after: delay)
    }

    /// A request in the dialog that its INVITE and our answer made.
    package mutating func inCall(
        _ call: String, _ method: Method, after delay: Duration = .zero, body: String = "",
        _ more: (inout FieldList) -> Void = { _ in }
    ) {
        guard let dialog = inviteDialogs[call] else { return }
        inviteDialogs[call]?.sequence += 1
        inDialog(
            method, call: call, from: dialog.from, to: dialog.to, sequence: dialog.sequence + 1, after: delay,
            body: body,
            more)
    }

    /// 407 with a challenge that any password answers (RFC 7616 §3.3).
    package mutating func challenge(_ request: SIPMessage, nonce: String = "nonce") {
        answer(request, 407) {
            $0.append(
                .proxyAuthenticate, "Digest realm=\"example.com\", nonce=\"\(nonce)\", algorithm=MD5, qop=\"auth\"")
        }
    }

    /// A request outside any dialog, from carol; `toTag` pretends one that nobody knows.
    package mutating func outside(
        _ method: Method, body: String = "", expires: String? = nil, toTag: String? = nil
    ) {
        var from = NameAddress(uri: .sip(SIPURI(user: "carol", host: "example.com", port: nil)))
        from.tag = "carol\(serial)"
        var to = NameAddress(uri: .sip(SIPURI(user: "alice", host: "example.com", port: nil)))
        to.tag = toTag
        inDialog(method, call: "outside\(serial)", from: from, to: to, sequence: 1, body: body) { fields in
            switch method {
            case .subscribe, .publish: fields.append(.event, "presence")
            case .notify:
                fields.append(.event, "presence")
                fields.append(.subscriptionState, "active;expires=600")
            case .refer: fields.append(FieldName("Refer-To"), "<sip:dave@example.com>")
            case .invite, .ack, .bye, .cancel, .options, .register, .message, .info, .prack, .update, .other: break
            }
            if let expires { fields.append(.expires, expires) }
        }
    }
}
