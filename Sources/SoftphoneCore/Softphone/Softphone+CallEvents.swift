import DialogUsage
import SDP
import SIPMessage
import SIPTransaction
import SansIO

/// What sessions tell, as the user sees calls.
extension Softphone {
    mutating func heard(_ event: SessionEvent, of session: SessionID, at now: Instant) {
        let id = session.any
        switch event {
        case .incoming(let incoming): rangHere(session, incoming, at: now)
        case .trying: happened("call.trying", id, fields: ["status": .integer(100)], at: now)
        case .progress(let status, let description, _): progressed(id, status, description, at: now)
        case .connected(let description): connected(id, description, at: now)
        case .offered(let offer): offered(id, offer, at: now)
        case .answered(let answer): changeAnswered(id, answer, at: now)
        case .offerFailed(let failure): changeFailed(id, failure, at: now)
        case .info(_, let body): digitInInfo(id, body, at: now)
        case .offerCancelled, .legEnded: break  // The call is as it was.
        case .redirected(let uri):
            happened("call.redirected", id, fields: ["to": .text(visible(uri.description))], at: now)
        case .redirectionOffered(let contacts): notFollowed(id, contacts, at: now)
        case .closing(let closing, let causes):
            let ending = CallEnding(closing, causes: causes)
            if ending.isAnsweredElsewhere { calls[id]?.departure = "answered elsewhere" }
            isClosing(id, closing, at: now)
        case .message(let type, let body): saidInCall(id, type, body, at: now)
        case .infoAnswered(let failure): infoAnswered(failure, id, at: now)
        case .delivered, .undelivered: break  // Nothing here sends any.
        }
    }

    /// Only what would leave a protected way is asked about. The user hears of it, and may call there himself.
    private mutating func notFollowed(_ id: AnyUsageID, _ contacts: [NameAddress], at now: Instant) {
        let list = contacts.map { visible($0.uri.description) }.joined(separator: ", ")
        log.note("redirected to \(list), which is not protected: not called", at: now)
        absorb(core.end(id, at: now), at: now)
    }

    // MARK: Coming about

    private mutating func rangHere(_ session: SessionID, _ incoming: IncomingCall, at now: Instant) {
        guard case .server(let id) = session else { return }
        guard isForUs(incoming.request) else {
            log.note("a call for \(incoming.to.uri) is not for us", at: now)
            return refuse(id, 404, at: now)
        }
        let uri = visible(incoming.from.uri.description)
        let displayName = incoming.from.displayName.map { visible($0) } ?? ""
        calls[id.any] = Call(
            session: session, peer: displayName.isEmpty ? uri : "\(displayName) <\(uri)>", address: uri,
            phase: .incoming(offer: incoming.offer, opening: false), since: now, facing: incoming.source.remote.ip,
            options: CallOptions())
        happened(
            "call.incoming", id.any, account: accountName(of: incoming.request),
            fields: [
                "from": .text(uri), "display": .text(displayName), "to": .text(visible(incoming.to.uri.description)),
                "replaces": .text(incoming.replaces.map { names[$0.any] ?? $0.description } ?? ""),
            ],
            at: now)
        if let old = incoming.replaces { return takeOver(id.any, from: old.any) }
        // Throws only when the call has gone meanwhile.
        if let outputs = try? core.ring(id, at: now) { absorb(outputs, at: now) }
    }

    private mutating func progressed(
        _ id: AnyUsageID, _ status: StatusCode, _ description: SessionDescription?, at now: Instant
    ) {
        guard calls[id] != nil else { return }
        calls[id]?.phase = .calling(progress: status)
        if let description { agree(id, answer: description, at: now) }
        for request in waiting.take(.ringing, of: id) {
            succeed(request, usage: id, status: status, text: status == 180 ? "ringing" : "\(status)")
        }
        happened(
            status == 180 ? "call.ringing" : "call.early", id, fields: ["status": .integer(Int(status.value))], at: now)
    }

    private mutating func connected(_ id: AnyUsageID, _ description: SessionDescription?, at now: Instant) {
        guard let call = calls[id] else { return }
        calls[id]?.phase = .connected
        calls[id]?.connectedAt = now
        var isAnswer = true
        if let description, description != call.audio?.remote {
            isAnswer = agree(id, answer: description, at: now)
        }
        guard isAnswer, calls[id]?.audio?.negotiated != nil else {
            fail(waiting.take(.ringing, of: id) + waiting.take(.connected, of: id), endForNoAudio(id, at: now))
            return
        }
        for request in waiting.take(.ringing, of: id) + waiting.take(.connected, of: id) {
            succeed(request, usage: id, status: 200, text: "connected")
        }
        let codec = calls[id]?.audio?.negotiated?.codec.rawValue ?? ""
        happened("call.connected", id, fields: ["status": .integer(200), "codec": .text(codec)], at: now)
    }

    /// An answer that is none (RFC 3264 §6): the session stands, and is of no use.
    private mutating func endForNoAudio(_ id: AnyUsageID, at now: Instant) -> CommandFailure {
        let failure = CommandFailure(.media, usage: id, "the peer agreed to no audio")
        log.note("\(names[id] ?? id.description): \(failure.text)", .failure, at: now)
        calls[id]?.isEnding = true
        absorb(core.end(id, at: now), at: now)
        return failure
    }

    // MARK: Changing

    /// The peer's re-INVITE: answered at once with what we can do, or with our own offer if it brings none.
    private mutating func offered(_ id: AnyUsageID, _ offer: SessionDescription?, at now: Instant) {
        guard let call = calls[id], let audio = call.audio, let address = audio.address, let ours = audio.local else {
            return
        }
        let answer: SessionDescription?
        if let offer {
            let made = try? SessionDescription.answer(
                to: offer, at: address, direction: call.direction, sessionID: 0)
            answer = made?.nextVersion(after: ours)  // And with it our own `o=`.
        } else {
            answer = ours.nextOffer(at: address, direction: call.direction)
        }
        do throws(UsageError) {
            guard let answer else {
                absorb(try core.rejectOffer(call.session, status: 488, at: now), at: now)
                return
            }
            absorb(try core.answerOffer(call.session, with: answer, at: now), at: now)
            calls[id]?.audio?.local = answer
            if let offer { agree(id, remote: offer, at: now) }
        } catch {
            log.note(
                "\(names[id] ?? id.description): the peer's offer could not be answered: \(error)", .warning, at: now)
        }
    }

    /// The answer to our re-INVITE, or in the ACK to the offer that the peer's re-INVITE asked us for.
    private mutating func changeAnswered(_ id: AnyUsageID, _ answer: SessionDescription, at now: Instant) {
        guard let call = calls[id] else { return }
        if call.change != .none {
            if call.change != .renewing { calls[id]?.isHeld = call.change == .holding }
            calls[id]?.audio?.local = call.audio?.proposed ?? call.audio?.local
            calls[id]?.audio?.proposed = nil
            calls[id]?.change = .none
        }
        guard agree(id, answer: answer, at: now) else {
            let requests = waiting.take(.held, of: id) + waiting.take(.resumed, of: id) + waiting.take(.renewed, of: id)
            fail(requests, endForNoAudio(id, at: now))
            return
        }
        switch call.change {
        case .none: changed()
        case .renewing: renewed(id)
        case .holding:
            for request in waiting.take(.held, of: id) { succeed(request, usage: id, status: 200, text: "held") }
            happened("call.held", id, fields: ["by": .text("us")], at: now)
        case .resuming:
            for request in waiting.take(.resumed, of: id) { succeed(request, usage: id, status: 200, text: "resumed") }
            resumedForConference(id)
            happened("call.resumed", id, fields: ["by": .text("us")], at: now)
        }
    }

    private mutating func changeFailed(_ id: AnyUsageID, _ failure: Failure, at now: Instant) {
        calls[id]?.change = .none
        calls[id]?.audio?.proposed = nil
        let joining = waiting.take(.joined, of: id)
        for request in joining { waiting.drop(request) }
        let requests =
            waiting.take(.held, of: id) + waiting.take(.resumed, of: id) + waiting.take(.renewed, of: id) + joining
        // A 2xx whose description answers nothing: the two no longer agree on anything (RFC 3264 §8).
        if failure.status?.isSuccess == true { return fail(requests, endForNoAudio(id, at: now)) }
        fail(requests, CommandFailure(failure, usage: id))
        log.note("\(names[id] ?? id.description) stays as it is: \(failure)", .warning, at: now)
        changed()
    }

    /// `Signal=5` of `application/dtmf-relay`, or the bare digit of `application/dtmf`.
    private mutating func digitInInfo(_ id: AnyUsageID, _ body: [UInt8], at now: Instant) {
        let text = String(decoding: body.prefix(256), as: UTF8.self)
        let signal = text.split(whereSeparator: \.isNewline).first { $0.lowercased().hasPrefix("signal") }
        let value = signal?.split(separator: "=").last ?? Substring(text)
        guard let digit = value.first(where: { !$0.isWhitespace }), "0123456789*#ABCDabcd".contains(digit) else {
            return
        }
        digitCame(digit, id, via: .info, at: now)
    }

    mutating func digitCame(_ digit: Character, _ id: AnyUsageID, via path: DigitPath, at now: Instant) {
        guard let call = calls[id] else { return }
        calls[id]?.digitsReceived = String((call.digitsReceived + digit.uppercased()).suffix(256))
        happened(
            "call.dtmf", id, fields: ["digit": .text(digit.uppercased()), "via": .text(path.rawValue)], at: now)
    }

    // MARK: Ending

    private mutating func isClosing(_ id: AnyUsageID, _ closing: SessionClosing, at now: Instant) {
        calls[id]?.closing = closing
        calls[id]?.isEnding = true
        let requests = waiting.take(.ringing, of: id) + waiting.take(.connected, of: id)
        switch closing {
        case .refused(let status, let reason):
            fail(requests, CommandFailure(.status(status, reason: reason), usage: id))
        case .failed(.status(488, let reason)): fail(requests, CommandFailure(.media, usage: id, reason))
        case .failed(let failure): fail(requests, CommandFailure(failure, usage: id))
        case .cancelledByPeer: fail(requests, CommandFailure(.notNow, usage: id, "the caller gave up"))
        case .byPeer: fail(requests, CommandFailure(.notNow, usage: id, "the peer hung up"))
        case .byUs: fail(requests, CommandFailure(.notNow, usage: id, "we hung up"))
        }
        changed()
    }

    mutating func callEnded(_ id: AnyUsageID, _ outcome: UsageOutcome, at now: Instant) {
        guard let call = calls[id] else { return }
        forgetCall(id, outcome, at: now)
        var status = 0
        let by: String
        switch call.closing {
        case .refused(let code, _):
            by = "peer"
            status = Int(code.value)
        case .failed(let failure):
            by = "network"
            status = Int(failure.status?.value ?? 0)
        case .byPeer, .cancelledByPeer: by = "peer"
        case .byUs, nil: by = "us"
        }
        let duration = call.connectedAt.map { (now - $0).inSeconds } ?? 0
        happened(
            "call.ended", id,
            fields: [
                "status": .integer(status), "by": .text(by), "reason": .text(call.endingInWords(outcome)),
                "duration": .number(duration),
            ], at: now)
    }

    /// The call is over: its port is closed, and its row stays for a while.
    mutating func forgetCall(_ id: AnyUsageID, _ outcome: UsageOutcome, at now: Instant) {
        let others = conferees(of: id)
        if case .running(let path) = calls[id]?.recording { recorded(id, path, at: now) }
        closeAudio(id)
        guard let call = calls.removeValue(forKey: id) else { return }
        if let digits = infoDigits.removeValue(forKey: id) { fail(digits.request, CommandFailure(outcome, of: id)) }
        conferenceShrank(others)
        var row = call.row(id: id, alias: names[id])
        row.state = .ended
        row.endedAt = now
        row.ending = call.endingForHistory(outcome, isIncoming: id.kind == .serverInviteSession)
        row.isMissed = id.kind == .serverInviteSession && call.wasMissed
        endedCalls.append(row)
        say(.callEnded(PastCall(row)))
        if endedCalls.count > configuration.limits.endedCalls { endedCalls.removeFirst() }
    }
}

extension Call {
    /// Of an incoming call. One that another device has answered was not missed (RFC 3326 §2).
    fileprivate var wasMissed: Bool {
        guard connectedAt == nil, departure == nil else { return false }
        return switch closing {
        case .cancelledByPeer, .failed: true
        case .byUs, .byPeer, .refused, nil: false
        }
    }

    /// Who ended it, and why.
    fileprivate func endingForHistory(_ outcome: UsageOutcome, isIncoming: Bool) -> String {
        guard case .byUs = closing, departure == nil else { return endingInWords(outcome) }
        let deed = connectedAt != nil ? "we hung up" : isIncoming ? "we declined" : "we gave up"
        return outcome.isClean ? deed : "\(deed) (\(outcome.inWords))"
    }

    fileprivate func endingInWords(_ outcome: UsageOutcome) -> String {
        if let departure { return departure }
        return switch closing {
        case .refused(let status, let reason): "\(status) \(reason)"
        case .failed(let failure): failure.description
        case .cancelledByPeer: "the caller gave up"
        case .byPeer: "the peer hung up"
        case .byUs, nil: outcome.inWords
        }
    }
}
