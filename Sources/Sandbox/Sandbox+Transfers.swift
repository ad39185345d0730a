import DialogUsage
import Media
import SDP
import SIPMessage
import SIPTransaction
import SansIO

/// A call that bob makes because somebody who talks to him asked him to.
struct HouseTransfer: Sendable {
    var referral: UsageID<ServerSubscription>
    var target: AnyURI
    /// Toward whom the audio goes.
    var facing: IPAddress
    /// nil while the port is being opened.
    var caller: UsageID<ClientInviteSession>?
    var offer: SessionDescription?
    var isAnswered = false
    /// bob never talks longer, whoever hangs up or is gone without a word.
    var endsAt: Instant?
}

/// bob follows transfers, so that one can see what they are like: he calls whom he is asked to, be it the echo, somebody
/// who has registered, or an address.
extension Sandbox {
    mutating func asked(_ id: UsageID<ServerSubscription>, _ request: ReferralRequest, at now: Instant) {
        guard case .server(let session)? = request.session, calls[session]?.user == "bob",
            let target = reachable(request.target.uri, at: now), let host = target.sip?.host,
            let address = IPAddress(host)
        else {
            if let produced = try? core.declineReferral(id, at: now) { absorb(produced, at: now) }
            return
        }
        lastMedia += 1
        let media = MediaID(serial: lastMedia)
        transfers[media] = HouseTransfer(referral: id, target: target, facing: address)
        tell(.media(.open(media, local: local.facing(address).ip)))
    }

    /// Where a request to this address goes: into the house itself, to where its user registered, or to the number it
    /// names. nil: nowhere that can be found without asking others.
    func reachable(_ uri: AnyURI, at now: Instant) -> AnyURI? {
        guard let sip = uri.sip else { return nil }
        guard let user = domain.addressOfRecord(uri)?.user else { return IPAddress(sip.host) == nil ? nil : uri }
        if user == "bob" || user == "echo" {
            return .sip(SIPURI(user: user, host: "\(local.ipv4 ?? .loopback4)", port: local.port))
        }
        return targets(of: user, at: now).first
    }

    /// The port is open: now the INVITE can say where.
    mutating func place(_ media: MediaID, port: UInt16, at now: Instant) {
        guard let transfer = transfers[media], let account = accountID("bob") else { return }
        let address = SocketAddress(local.facing(transfer.facing).ip, port: port)
        let offer = SessionDescription.offer(at: address, sessionID: media.serial, version: entropy.next() >> 16)
        guard
            let (caller, produced) = try? core.acceptReferral(
                transfer.referral, from: account, reaching: transfer.target, offer: offer, at: now)
        else { return endTransfer(media) }
        transfers[media]?.caller = caller
        transfers[media]?.offer = offer
        let endsAt = now + configuration.bobTalksFor
        transfers[media]?.endsAt = endsAt
        absorb(produced, at: now)
    }

    mutating func noPort(_ media: MediaID, at now: Instant) {
        guard let transfer = transfers.removeValue(forKey: media) else { return }
        if let produced = try? core.declineReferral(transfer.referral, at: now) { absorb(produced, at: now) }
    }

    mutating func call(_ id: UsageID<ClientInviteSession>, _ event: SessionEvent, at now: Instant) {
        guard let media = transfers.first(where: { $0.value.caller == id })?.key else { return }
        switch event {
        case .connected(let answer):
            guard let offer = transfers[media]?.offer, let answer,
                let audio = NegotiatedAudio(local: offer, remote: answer)
            else { return absorb(core.end(id.any, at: now), at: now) }
            transfers[media]?.isAnswered = true
            tell(.media(.start(media, MediaPlan(audio, device: .tone(hertz: 440)))))
            showBob(at: now)
        case .offered:
            // bob does not change what has been agreed.
            if let produced = try? core.rejectOffer(.client(id), status: 488, at: now) { absorb(produced, at: now) }
        case .incoming, .trying, .progress, .answered, .offerFailed, .offerCancelled, .legEnded, .info, .closing,
            .redirected, .redirectionOffered, .infoAnswered, .message, .delivered, .undelivered:
            break
        }
    }

    mutating func hungUp(_ id: UsageID<ClientInviteSession>, at now: Instant) {
        guard let media = transfers.first(where: { $0.value.caller == id })?.key else { return }
        let wasAnswered = transfers[media]?.isAnswered == true
        endTransfer(media)
        if wasAnswered { showBob(at: now) }
    }

    private mutating func endTransfer(_ media: MediaID) {
        transfers[media] = nil
        tell(.media(.close(media)))
    }

    var transfersEndAt: Instant? { transfers.values.reduce(nil) { earliest($0, $1.endsAt) } }

    mutating func endLongTransfers(at now: Instant) {
        for media in transfers.keys.sorted(by: { $0.serial < $1.serial }) {
            guard let transfer = transfers[media], let caller = transfer.caller, let endsAt = transfer.endsAt,
                endsAt <= now
            else { continue }
            transfers[media]?.endsAt = nil
            absorb(core.end(caller.any, at: now), at: now)
        }
    }

    var isBobCalling: Bool { transfers.values.contains(where: \.isAnswered) }
}
