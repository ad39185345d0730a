package import SIPMessage

/// Whether a request from outside is processed at all: the checks of RFC 3261 §8.2, in their order, of which the first
/// that objects decides. Authentication comes before, the method's own rules after it.
///
/// ACK and CANCEL never come here: the stack takes them, so that a Require in them is ignored (§8.2.2.3).
/// Max-Forwards and Proxy-Require mean nothing to an endpoint, and nobody asks for them here.
package struct Screening: Hashable, Sendable {
    package enum Check: CaseIterable, Hashable, Sendable {
        /// 481: in a dialog that we do not have (§12.2.2).
        case dialog
        /// 501 what nobody knows, 405 what is known and not done here (§8.2.1).
        case method
        /// 416 (§8.2.2.1).
        case scheme
        /// 404: not an address of ours (§8.2.2.1). Only the Request-URI counts.
        case address
        /// 482: the same request on another path (§8.2.2.2).
        case merged
        /// 400: a dialog is replaced by INVITE alone (RFC 3891 §3).
        case replaces
        /// 420: an extension that we do not have (§8.2.2.3).
        case required
        /// 413: more than we care to read (§21.4.11).
        case size
        /// 400: a body in parts that cannot be told apart.
        case parts
        /// 415 (§8.2.3).
        case encoding, language
        /// 493: encrypted to a key, of which we have none (§23.2).
        case encryption
        /// 469: a package of information, of which we have none (RFC 6086 §4.2.2).
        case infoPackage
        /// 415 (§8.2.3).
        case type
        /// 406: what we would answer with is not accepted (§21.4.7).
        case acceptable
        /// 421: an extension which the configuration insists on (§8.2.4).
        case demanded
    }
    package struct Refusal: Hashable, Sendable {
        package var status: StatusCode
        package var fields = FieldList()
    }
    /// What of a request does not stand in it.
    package struct Circumstances: Hashable, Sendable {
        package enum Place: Hashable, Sendable { case outside, inDialog, inUnknownDialog }
        package var place: Place
        package var isAddressOurs = true
        package var isMerged = false

        package init(_ place: Place, isAddressOurs: Bool = true, isMerged: Bool = false) {
            self.place = place
            self.isAddressOurs = isAddressOurs
            self.isMerged = isMerged
        }
    }

    package let features: Features
    /// What a peer must support, by method, lest it gets 421.
    package let demanded: [Method: Set<String>]
    package let longestBody: Int

    package init(_ configuration: UserAgentConfiguration) {
        features = Features(configuration)
        var demanded = configuration.demandedExtensions
        if configuration.reliableProvisionals == .require {
            demanded[.invite, default: []].insert(Features.reliableProvisionals)
        }
        self.demanded = demanded
        longestBody = configuration.limits.requestBody
    }

    /// nil: to be processed.
    package func refusal(of request: SIPMessage, _ circumstances: Circumstances) -> Refusal? {
        var body: BodyPart?
        for check in Self.checks {
            if let refusal = judge(request, circumstances, check, &body) { return refusal }
        }
        return nil
    }
    private static let checks = Check.allCases

    /// `body`: what the request is held to of its body, once that has been read (RFC 3261 §8.2.3, RFC 5621).
    private func judge(
        _ request: SIPMessage, _ circumstances: Circumstances, _ check: Check, _ body: inout BodyPart?
    ) -> Refusal? {
        switch check {
        case .dialog: return refuse(481, if: circumstances.place == .inUnknownDialog)
        case .method: return methodRefusal(request.method, circumstances.place)
        case .scheme: return refuse(416, if: (try? request.requestURIView())?.isSIP != true)
        case .address: return refuse(404, if: circumstances.place == .outside && !circumstances.isAddressOurs)
        case .merged: return refuse(482, if: circumstances.place == .outside && circumstances.isMerged)
        case .replaces: return refuse(400, if: request.method != .invite && request.has(.replaces))
        case .required:
            let unknown = request.optionTags(.require).filter { !features.knows(option: $0, in: request.method) }
            return refuse(420, if: !unknown.isEmpty, .unsupported, unknown.joined(separator: ", "))
        case .size: return refuse(413, if: request.body.count > longestBody)
        case .parts:
            guard !request.body.isEmpty else { return nil }
            guard let whole = try? request.bodyPart() else { return refuse(400, if: true) }
            // What its sender calls optional is never held against the request.
            if features.bodies[request.method] != nil, !whole.isOptional { body = whole }
            return nil
        case .encoding:
            let isKnown = body == nil || isEncodingKnown(request)
            return refuse(415, if: !isKnown, .acceptEncoding, Features.encoding)
        case .language:
            let isKnown = body == nil || isLanguageKnown(request)
            return refuse(415, if: !isKnown, .acceptLanguage, features.acceptLanguage)
        case .encryption: return refuse(493, if: body.map(isEncrypted) ?? false)
        case .infoPackage:
            guard request.method == .info else { return nil }
            return refuse(469, if: request.has(FieldName("Info-Package")), FieldName("Recv-Info"), "")
        case .type:
            let isOfKnownType = body.map { isKnown($0, of: features.bodies[request.method] ?? []) } ?? true
            return refuse(415, if: !isOfKnownType, .accept, features.accept(in: request.method))
        case .acceptable: return refuse(406, if: !isAnswerAccepted(request))
        case .demanded:
            guard let demanded = demanded[request.method] else { return nil }
            let offered = request.optionTags(.supported) + request.optionTags(.require)
            let missing = demanded.subtracting(offered).sorted()
            return refuse(421, if: !missing.isEmpty, .require, missing.joined(separator: ", "))
        }
    }

    private func refuse(
        _ status: StatusCode, if isWrong: Bool, _ field: FieldName? = nil, _ value: @autoclosure () -> String = ""
    ) -> Refusal? {
        guard isWrong else { return nil }
        var refusal = Refusal(status: status)
        if let field { refusal.fields.append(field, value()) }
        return refusal
    }

    private func methodRefusal(_ method: Method, _ place: Circumstances.Place) -> Refusal? {
        if features.understands(method, inDialog: place == .inDialog) { return nil }
        if case .other = method { return refuse(501, if: true, .allow, features.allow) }
        return refuse(405, if: true, .allow, features.allow)
    }
}
