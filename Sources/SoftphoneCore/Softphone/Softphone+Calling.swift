import DialogUsage
import Media
import SDP
import SIPMessage
import SansIO

/// Calls of ours and answers to others': in both cases the audio port comes first, because the description names it.
extension Softphone {
    mutating func call(
        _ peer: Peer, _ options: CallOptions, _ naming: Naming, _ request: RequestID, at now: Instant
    ) throws(CommandFailure) {
        let account = try accounts.chosen(naming.account)
        try names.check(naming.alias)
        guard !core.isShuttingDown else { throw CommandFailure(.shuttingDown, UsageError.shuttingDown.description) }
        let uri = address(peer, of: account)
        let facing = facing(uri, account.account)
        let media = openAudio(facing: facing)
        names.promise(naming.alias)
        dialling[media] = Dialling(
            request: request, account: account.id, peer: uri, facing: facing, options: options, alias: naming.alias)
    }

    /// The port is open: now the INVITE can say where.
    mutating func dial(_ waitingCall: Dialling, _ media: MediaID, at address: SocketAddress, at now: Instant) {
        names.takeBack(waitingCall.alias)
        var audio = CallAudio(id: media, address: address)
        let offer = SessionDescription.offer(
            capabilities: .of(waitingCall.options.codecs), at: address, sessionID: newSessionID())
        audio.local = offer
        do throws(UsageError) {
            let id: UsageID<ClientInviteSession>
            let outputs: [UsageOutput]
            if let referral = waitingCall.referral {
                transferRequests[referral.any] = nil
                (id, outputs) = try core.acceptReferral(referral, from: waitingCall.account, offer: offer, at: now)
            } else {
                (id, outputs) = try core.invite(
                    waitingCall.account, to: waitingCall.peer, offer: offer, fields: waitingCall.options.fields, at: now
                )
            }
            names.name(id.any, waitingCall.alias)
            let peer = visible(waitingCall.peer.description)
            calls[id.any] = Call(
                session: .client(id), peer: peer, address: peer, phase: .calling(progress: nil), since: now,
                audio: audio, facing: waitingCall.facing, options: waitingCall.options)
            audioOwners[media] = id.any
            if let request = waitingCall.request { waiting.add(request, .ringing, for: id.any) }
            absorb(outputs, at: now)
        } catch {
            say(.media(.close(media)))
            giveUp(waitingCall, CommandFailure(error), at: now)
        }
    }

    /// A call whose INVITE will not be sent.
    mutating func giveUp(_ waitingCall: Dialling, _ failure: CommandFailure, at now: Instant) {
        if let request = waitingCall.request { fail(request, failure) }
        if let referral = waitingCall.referral { decline(referral, 603, at: now) }
    }

    mutating func answer(
        _ name: UsageName?, _ options: CallOptions, alias: String?, _ request: RequestID, at now: Instant
    ) throws(CommandFailure) {
        let id = try call(name, "answered") { $0.isUnanswered }
        try names.check(alias)
        names.name(id, alias)
        guard let call = calls[id], case .incoming(let offer, _) = call.phase else { return }
        let media = openAudio(facing: call.facing)
        audioOwners[media] = id
        calls[id]?.audio = CallAudio(id: media)
        calls[id]?.options = options
        calls[id]?.phase = .incoming(offer: offer, opening: true)
        waiting.add(request, .connected, for: id)
    }

    /// The port is open: now the 2xx can say where.
    mutating func pickUp(_ id: AnyUsageID, at address: SocketAddress, at now: Instant) {
        guard let call = calls[id], case .server(let session) = call.session,
            case .incoming(let offer, _) = call.phase
        else { return }
        calls[id]?.audio?.address = address
        let description: SessionDescription
        if let offer {
            guard let answer = try? SessionDescription.answer(to: offer, at: address, sessionID: newSessionID()) else {
                fail(
                    waiting.take(.connected, of: id),
                    CommandFailure(.media, usage: id, "the caller offers no audio that we have"))
                return refuse(session, 488, at: now)
            }
            description = answer
        } else {
            description = SessionDescription.offer(at: address, sessionID: newSessionID())
        }
        calls[id]?.audio?.local = description
        calls[id]?.phase = .answering
        do throws(UsageError) {
            let outputs = try core.answer(session, with: description, at: now)
            absorb(outputs, at: now)
            if let offer { agree(id, remote: offer, at: now) }
        } catch {
            fail(waiting.take(.connected, of: id), CommandFailure(error))
        }
    }

    mutating func refuse(
        _ session: UsageID<ServerInviteSession>, _ status: StatusCode, phrase: String? = nil, at now: Instant
    ) {
        // Throws only when the call has gone meanwhile, which is what is wanted.
        guard let outputs = try? core.reject(session, status: status, phrase: phrase, at: now) else { return }
        absorb(outputs, at: now)
    }

    // MARK: Audio

    mutating func openAudio(facing: IPAddress) -> MediaID {
        lastMedia += 1
        let media = MediaID(serial: lastMedia)
        say(.media(.open(media, local: local.facing(facing).ip)))
        return media
    }

    /// Which of our addresses the peer is told: that toward whom we send to, where he is known by number.
    func facing(_ uri: AnyURI, _ account: Account) -> IPAddress {
        let host = account.outboundProxy?.host ?? uri.sip?.host ?? ""
        if host.lowercased() == "localhost" { return .loopback4 }
        return IPAddress(host) ?? local.ipv4 ?? local.ipv6 ?? .loopback4
    }

    /// The session identifier of `o=`: a number of 62 bits that nobody else has chosen (RFC 8866 §5.2).
    mutating func newSessionID() -> UInt64 { entropy.next() >> 2 }

    /// The peer's newest description stands: what both say together goes to the audio thread. False when no audio
    /// comes of it.
    @discardableResult
    mutating func agree(_ id: AnyUsageID, remote: SessionDescription, at now: Instant) -> Bool {
        guard let audio = calls[id]?.audio, let ours = audio.local,
            let negotiated = NegotiatedAudio(local: ours, remote: remote)
        else { return false }
        calls[id]?.audio?.remote = remote
        calls[id]?.audio?.negotiated = negotiated
        noteHoldByPeer(id, negotiated.isHeldByPeer, at: now)
        tellPlan(id)
        return true
    }

    /// The same for an answer to our offer, which must be one (RFC 3264 §6).
    @discardableResult
    mutating func agree(_ id: AnyUsageID, answer: SessionDescription, at now: Instant) -> Bool {
        guard let ours = calls[id]?.audio?.local, (try? answer.checkAnswers(ours)) != nil else { return false }
        return agree(id, remote: answer, at: now)
    }

    /// Starts the audio of a call, or tells what is different now.
    mutating func tellPlan(_ id: AnyUsageID) {
        guard let call = calls[id], let audio = call.audio, let negotiated = audio.negotiated else { return }
        let device: AudioDevice =
            call.options.play == nil && call.options.record == nil
            ? configuration.device : .file(input: call.options.play, output: call.options.record)
        var plan = MediaPlan(negotiated, device: device, isMuted: call.isMuted)
        plan.recording = call.recording.plan
        plan.mixes = conferees(of: id).compactMap { calls[$0]?.audio?.id }
        say(.media(audio.isStarted ? .update(audio.id, plan) : .start(audio.id, plan)))
        calls[id]?.audio?.isStarted = true
    }

    private mutating func noteHoldByPeer(_ id: AnyUsageID, _ isHeld: Bool, at now: Instant) {
        guard let call = calls[id], call.isHeldByPeer != isHeld else { return }
        calls[id]?.isHeldByPeer = isHeld
        happened(isHeld ? "call.held" : "call.resumed", id, fields: ["by": .text("peer")], at: now)
    }

    /// Every port is closed exactly once: when its call ends, or when it never came to one.
    mutating func closeAudio(_ id: AnyUsageID) {
        if let audio = calls[id]?.audio { say(.media(.close(audio.id))) }
    }
    mutating func closeAllAudio(at now: Instant) {
        for id in calls.keys.sorted(by: { ($0.kind.prefix, $0.serial) < ($1.kind.prefix, $1.serial) }) {
            forgetCall(id, .forced, at: now)
        }
    }

    /// Calls whose INVITE was never sent.
    mutating func abandonDialling(_ failure: CommandFailure, only media: MediaID? = nil, at now: Instant) {
        for (id, waitingCall) in dialling.sorted(by: { $0.key.serial < $1.key.serial })
        where media == nil || media == id {
            dialling[id] = nil
            names.takeBack(waitingCall.alias)
            say(.media(.close(id)))
            giveUp(waitingCall, failure, at: now)
        }
    }
}

extension Call {
    /// Rings here, and nobody has answered yet.
    var isUnanswered: Bool {
        if case .incoming(_, opening: false) = phase { !isEnding } else { false }
    }
    /// Ours, and without an answer.
    var isCalling: Bool { if case .calling = phase { !isEnding } else { false } }
    var isConnected: Bool { phase == .connected && !isEnding }
}
