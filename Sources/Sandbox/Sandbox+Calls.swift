import DialogUsage
import Media
import SDP
import SIPMessage
import SIPTransaction
import SansIO

/// One call to somebody of the house.
struct HouseCall: Sendable {
    var user: String
    var offer: SessionDescription?
    var peer: IPAddress
    var media: MediaID
    /// When it is picked up; nil once that has been begun.
    var answerAt: Instant?
    var isAnswered = false
    var port: UInt16?
    var version: UInt64
    var negotiated: NegotiatedAudio?
}

/// bob and the echo answer calls; for others we call where they registered.
extension Sandbox {
    mutating func call(_ id: UsageID<ServerInviteSession>, _ event: SessionEvent, at now: Instant) {
        guard !bridged(id, event, at: now) else { return }
        switch event {
        case .incoming(let incoming): calledUp(id, incoming, at: now)
        case .offered(let offer): reoffered(id, offer, at: now)
        case .connected: break
        case .closing, .trying, .progress, .answered, .offerFailed, .offerCancelled, .legEnded, .info, .redirected,
            .redirectionOffered, .infoAnswered, .message, .delivered, .undelivered:
            break
        }
    }

    private mutating func calledUp(_ id: UsageID<ServerInviteSession>, _ incoming: IncomingCall, at now: Instant) {
        guard let target = try? incoming.request.requestURI(), let user = domain.addressOfRecord(target)?.user else {
            return turnAway(id, 404, at: now)
        }
        guard user == "bob" || user == "echo" else {
            let contacts = targets(of: user, at: now)
            guard !contacts.isEmpty else { return turnAway(id, 480, at: now) }
            return connect(id, to: contacts, incoming, at: now)
        }
        guard let offer = incoming.offer else { return turnAway(id, 488, at: now) }
        lastMedia += 1
        let media = MediaID(serial: lastMedia)
        let wait = user == "bob" ? configuration.bobRingsFor : .zero
        calls[id] = HouseCall(
            user: user, offer: offer, peer: incoming.source.remote.ip, media: media, answerAt: now + wait,
            version: entropy.next() >> 16)
        if let produced = try? core.ring(id, at: now) { absorb(produced, at: now) }
        if wait == .zero { pickUp(at: now) }
    }

    mutating func turnAway(_ id: UsageID<ServerInviteSession>, _ status: StatusCode, at now: Instant) {
        if let produced = try? core.reject(id, status: status, at: now) { absorb(produced, at: now) }
    }

    /// Opens the audio of those calls whose time has come; the answer follows when it is open.
    mutating func pickUp(at now: Instant) {
        for id in calls.keys.sorted(by: { $0.serial < $1.serial }) {
            guard let call = calls[id], let answerAt = call.answerAt, answerAt <= now else { continue }
            calls[id]?.answerAt = nil
            tell(.media(.open(call.media, local: local.facing(call.peer).ip)))
        }
    }

    mutating func media(_ event: MediaEvent, at now: Instant) {
        switch event {
        case .opened(let media, let port, _) where transfers[media] != nil: place(media, port: port, at: now)
        case .failed(let media, _) where transfers[media] != nil: noPort(media, at: now)
        case .opened(let media, let port, _):
            guard let id = calls.first(where: { $0.value.media == media })?.key else {
                return tell(.media(.close(media)))  // The caller was gone before.
            }
            calls[id]?.port = port
            pickedUp(id, at: now)
        case .failed(let media, _):
            guard let id = calls.first(where: { $0.value.media == media })?.key else { return }
            turnAway(id, 488, at: now)
        case .started, .stalled, .digit, .digitsSent, .counters, .playing, .recording, .closed: break
        }
    }

    private mutating func pickedUp(_ id: UsageID<ServerInviteSession>, at now: Instant) {
        guard let offer = calls[id]?.offer, let (answer, plan) = negotiate(id, offer) else {
            return turnAway(id, 488, at: now)
        }
        calls[id]?.isAnswered = true
        if let produced = try? core.answer(id, with: answer, at: now) { absorb(produced, at: now) }
        if let media = calls[id]?.media { tell(.media(.start(media, plan))) }
        if calls[id]?.user == "bob" { showBob(at: now) }
    }

    private mutating func reoffered(_ id: UsageID<ServerInviteSession>, _ offer: SessionDescription?, at now: Instant) {
        guard let call = calls[id] else { return }
        guard let offer = offer ?? call.offer, let (answer, plan) = negotiate(id, offer) else {
            if let produced = try? core.rejectOffer(.server(id), status: 488, at: now) { absorb(produced, at: now) }
            return
        }
        calls[id]?.offer = offer
        if let produced = try? core.answerOffer(.server(id), with: answer, at: now) { absorb(produced, at: now) }
        tell(.media(.update(call.media, plan)))
    }

    /// Our answer to an offer, and what the audio thread is to do about it.
    private mutating func negotiate(
        _ id: UsageID<ServerInviteSession>, _ offer: SessionDescription
    ) -> (SessionDescription, MediaPlan)? {
        guard let call = calls[id], let port = call.port else { return nil }
        let address = SocketAddress(local.facing(call.peer).ip, port: port)
        calls[id]?.version += 1
        guard
            let answer = try? SessionDescription.answer(
                to: offer, capabilities: .standard, at: address, sessionID: call.media.serial, version: call.version),
            let audio = NegotiatedAudio(local: answer, remote: offer)
        else { return nil }
        calls[id]?.negotiated = audio
        return (answer, MediaPlan(audio, device: call.user == "echo" ? .echo : .tone(hertz: 440)))
    }

    mutating func hungUp(_ id: UsageID<ServerInviteSession>, at now: Instant) {
        guard let call = calls.removeValue(forKey: id) else { return }
        if call.answerAt == nil { tell(.media(.close(call.media))) }
        if call.user == "bob", call.isAnswered { showBob(at: now) }
    }
}
