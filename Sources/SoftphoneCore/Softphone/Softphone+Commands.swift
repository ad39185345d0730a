import DialogUsage
import SIPMessage
import SansIO

/// From commands to the core.
extension Softphone {
    mutating func perform(_ command: SoftphoneCore.Command, for request: RequestID, at now: Instant) {
        do throws(CommandFailure) {
            guard !leaving.isOver else { throw CommandFailure(.shuttingDown, "the shutdown is over") }
            try start(command, for: request, at: now)
        } catch {
            fail(request, error)
        }
        changed()
    }

    private mutating func start(_ command: SoftphoneCore.Command, for request: RequestID, at now: Instant)
        throws(CommandFailure)
    {
        switch command {
        case .addAccount(let settings): try addAccount(settings, request)
        case .useAccount(let name): try useAccount(name, request)
        case .removeAccount(let name, let forGood): try removeAccount(name, forGood: forGood, request)
        case .saveAccount(let name): try saveAccount(name, request)
        case .addContact(let name, let peer): try addContact(name, peer, request)
        case .removeContact(let name): try removeContact(name, request)
        case .reload: reload(request)
        case .register(let account, let expires, let contacts, let preference, let alias):
            let wishes = RegistrationWishes(contacts: contacts, preference: preference, expires: expires)
            try register(account, wishes, alias: alias, request, at: now)
        case .unregister(let name): end(try registration(name), request, at: now)
        case .reap(let account): try reap(account, request, at: now)
        case .fetchBindings(let account): try fetchBindings(account, request, at: now)

        case .call(let peer, let options, let naming): try call(peer, options, naming, request, at: now)
        case .answer(let name, let options, let alias): try answer(name, options, alias: alias, request, at: now)
        case .ring(let name, let status): try ring(name, status, request, at: now)
        case .reject(let name, let status, let phrase):
            try reject(name, status, phrase: phrase, request, at: now)
        case .cancel(let name): try cancel(name, request, at: now)
        case .hangUp(.one(let name), let reason): try hangUp(name, reason: reason, request, at: now)
        case .hangUp(.all, let reason): hangUpAll(reason: reason, request, at: now)
        case .hold(let name): try change(name, .holding, request, at: now)
        case .resume(let name): try change(name, .resuming, request, at: now)
        case .mute(let name): try mute(name, true, request)
        case .unmute(let name): try mute(name, false, request)
        case .dtmf(let name, let digits, let path, let timing):
            try sendDigits(name, digits, path, timing, request, at: now)

        case .redirect(let name, let peer): try redirect(name, peer, request, at: now)
        case .conference(let names): try confer(names, request, at: now)
        case .split(let name): try split(name, request, at: now)
        case .record(let name, let file): try record(name, file, request, at: now)
        case .play(let name, let file): try play(name, file, request)
        case .renew(let name, let way, let codecs): try renew(name, way, codecs, request, at: now)
        case .stopRecording(let name): try stopRecording(name, request, at: now)
        case .transfer(let name, let destination): try transfer(name, destination, request, at: now)
        case .acceptTransfer(let name): try acceptTransfer(name, request)
        case .denyTransfer(let name): try denyTransfer(name, request, at: now)
        case .setTransfers(let policy):
            transferPolicy = policy
            succeed(request, text: policy.rawValue)

        case .message(let peer, let text, let type, let naming):
            try message(peer, text, contentType: type, naming, request, at: now)
        case .subscribe(let event, let peer, let expires, let accept, let naming):
            try subscribe(event, peer, expires: expires, accept: accept, naming, request, at: now)
        case .unsubscribe(let name): end(try live(name, [.clientSubscription]), request, at: now)
        case .refresh(let name): try refresh(name, request, at: now)
        case .publish(let state, let expires, let naming):
            try publish(state, expires: expires, naming, request, at: now)
        case .unpublish(let name): end(try live(name, [.clientPublication]), request, at: now)
        case .options(let peer, let naming): try options(peer, naming, request, at: now)

        case .fault(let fault):
            guard configuration.sandbox != nil else {
                throw CommandFailure(.needsSandbox, "faults need the embedded domain; start with --sandbox")
            }
            faults.insert(request)
            say(.fault(request, fault))
        case .shutdown(let wanted): try shutDown(wanted, request, at: now)
        case .planShutdown(let giveUp, let order): planShutdown(giveUp, order, request, at: now)
        case .adjust(let adjustment): try adjust(adjustment, request, at: now)
        }
    }

    /// Ends one usage in order; the request is over when the usage is.
    mutating func end(_ id: AnyUsageID, reason: String? = nil, _ request: RequestID, at now: Instant) {
        waiting.add(request, .ended, for: id)
        calls[id]?.isEnding = true
        absorb(core.end(id, reason: reason, at: now), at: now)
    }

    private mutating func options(
        _ peer: Peer, _ naming: Naming, _ request: RequestID, at now: Instant
    ) throws(CommandFailure) {
        let account = try accounts.chosen(naming.account)
        try names.check(naming.alias)
        do throws(UsageError) {
            let (id, outputs) = try core.options(account.id, to: address(peer, of: account), at: now)
            names.name(id.any, naming.alias)
            waiting.add(request, .answered, for: id.any)
            absorb(outputs, at: now)
        } catch {
            throw CommandFailure(error)
        }
    }

    // MARK: Whom and which

    /// A bare word is a contact of that name, or else a user of the account's own domain.
    func address(_ peer: Peer, of account: AccountBook.Entry) -> AnyURI {
        if case .user(let name) = peer, let contact = contacts[name] { return address(.uri(contact.uri), of: account) }
        switch peer {
        case .uri(let uri):
            // A telephone number is rung at the account's domain (RFC 3261 §19.1.6).
            let own = account.account.addressOfRecord.uri.sip
            return uri.tel.map {
                .sip($0.sip(at: account.account.domain, port: own?.port, isSecure: own?.isSecure ?? false))
            } ?? uri
        case .user(let name):
            let own = account.account.addressOfRecord.uri.sip
            return .sip(
                SIPURI(
                    user: SIPURI.escapingUser(name), host: account.account.domain, port: own?.port,
                    isSecure: own?.isSecure ?? false))
        }
    }

    /// The live usage that is meant: by its name, or because there is only one. Never a guess.
    func live(
        _ name: UsageName?, _ kinds: Set<UsageKind>, among fits: Set<AnyUsageID>? = nil
    ) throws(CommandFailure) -> AnyUsageID {
        let what =
            kinds.contains(.clientInviteSession) || kinds.contains(.serverInviteSession)
            ? "call" : kinds.count == 1 ? kinds.first?.rawValue ?? "usage" : "usage"
        let candidates = core.usages.map(\.id).filter { kinds.contains($0.kind) }
        guard let name else {
            let fitting = candidates.filter { fits?.contains($0) ?? true }
            guard let only = fitting.first else { throw CommandFailure(.noSuch, "there is no \(what) for that") }
            guard fitting.count == 1 else {
                let choice = fitting.prefix(8).map { names[$0] ?? $0.description }.joined(separator: ", ")
                throw CommandFailure(.noSuch, "there are \(fitting.count); name one of: \(choice)")
            }
            return only
        }
        let found = names.id(named: name.text) ?? candidates.first { $0.description == name.text }
        if let found, candidates.contains(found) { return found }
        if let found {
            throw CommandFailure(.noSuch, usage: found, "\(name) is no \(what), but a \(found.kind.rawValue)")
        }
        if remembered[name.text] != nil { throw CommandFailure(.notNow, "\(name) has ended") }
        let known = candidates.map { names[$0] ?? $0.description }
        let meant = closest(to: name.text, among: known).map { "; did you mean '\($0)'?" }
        throw CommandFailure(.noSuch, "there is no \(what) '\(name)'" + (meant ?? ""))
    }

    /// By its account's name too; none named: the current account's.
    func registration(_ name: UsageName?) throws(CommandFailure) -> AnyUsageID {
        if let name, accounts[name.text] == nil { return try live(name, [.clientRegistration]) }
        let account = try accounts.chosen(name?.text)
        guard let registration = account.registration else {
            throw CommandFailure(.notNow, "\(account.name) is not registered")
        }
        return registration.any
    }
}

extension CommandFailure {
    init(_ error: UsageError) {
        switch error {
        case .ended, .notNow: self.init(.notNow, error.description)
        case .shuttingDown: self.init(.shuttingDown, error.description)
        case .noSuchAccount: self.init(.needsAccount, error.description)
        case .limitReached: self.init(.limit, error.description)
        }
    }

    /// `hasPassword`: a 403 then means that the credentials are not good enough.
    init(_ failure: Failure, usage: AnyUsageID? = nil, hasPassword: Bool = false) {
        switch failure {
        case .status(let code, _):
            self.init(
                code == 403 && hasPassword ? .credentials(code) : .refused(code), usage: usage, failure.description)
        case .credentials(let code, _): self.init(.credentials(code), usage: usage, failure.description)
        case .timedOut: self.init(.noAnswer, usage: usage, failure.description)
        case .unreachable, .untrusted: self.init(.transport, usage: usage, failure.description)
        }
    }

    /// A usage ended before what was wanted of it had come about.
    init(_ outcome: UsageOutcome, of usage: AnyUsageID) {
        let kind: Kind
        switch outcome {
        case .refused(let status): kind = .refused(status)
        case .endedByPeer(let status?) where !status.isSuccess:
            kind = status == 401 || status == 407 ? .credentials(status) : .refused(status)
        case .peerUnresponsive, .notifyMissing: kind = .noAnswer
        case .transportFailed: kind = .transport
        case .gaveUp, .forced, .skipped, .undelivered: kind = .shuttingDown
        case .local, .endedByPeer, .neverSent, .neverEstablished: kind = .notNow
        }
        self.init(kind, usage: usage, outcome.inWords)
    }
}

extension UsageOutcome {
    /// For people.
    var inWords: String {
        switch self {
        case .local(let status): status.map { "ended, \($0)" } ?? "ended"
        case .endedByPeer(let status): status.map { "ended by the other side, \($0)" } ?? "ended by the other side"
        case .neverSent: "ended before anything was sent"
        case .neverEstablished: "ended before it stood"
        case .notifyMissing: "the final NOTIFY did not come"
        case .refused(let status): "the end was refused, \(status)"
        case .undelivered(let count): "\(count) messages were not delivered"
        case .peerUnresponsive: "no answer"
        case .transportFailed: "the other side cannot be reached"
        case .gaveUp: "given up"
        case .skipped: "skipped"
        case .forced: "dropped"
        }
    }
}
