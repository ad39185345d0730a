package import SansIO

/// Answering offers (RFC 3264 §6, RFC 6337).
extension SessionDescription {
    /// Our answer: as many sections as the offer, in its order; the first audio we can do is taken, all others are
    /// refused with port 0. Throws when nothing would be left (488).
    ///
    /// `direction` is what we would like; the answer never goes beyond what the offer allows (§6.1). An offer that
    /// holds us, by direction or by `c=0.0.0.0` (§8.4), is answered by receiving at most.
    package static func answer(
        to offer: SessionDescription, capabilities: AudioCapabilities = .standard, at address: SocketAddress,
        direction: MediaDirection = .sendReceive, sessionID: UInt64, version: UInt64 = 1
    ) throws(SDPError) -> SessionDescription {
        var sections = offer.media.map(\.refusal)
        var isTaken = false
        for (place, section) in offer.media.enumerated() where !isTaken && offer.isUsable(section) {
            let formats = section.audioFormats
            let chosen = formats.codecs.filter { capabilities.codecs.contains($0.codec) }
            guard !chosen.isEmpty else { continue }
            isTaken = true
            sections[place] = .audio(
                codecs: chosen,
                telephoneEvent: capabilities.telephoneEvent == nil ? nil : formats.telephoneEvent,
                events: .digits, packetTime: capabilities.packetTime, port: address.port,
                direction: offer.effectiveDirection(of: section).reversed.limited(to: direction))
        }
        guard isTaken else {
            throw SDPError(.nothingInCommon, "no audio section with a codec and an address we can use")
        }
        let origin = Origin(sessionID: sessionID, version: version, address: address.ip)
        return own(origin: origin, timing: offer.timing, at: address.ip).with(sections)
    }

    /// An answer that takes nothing: it ends an exchange which nobody wants any more.
    package static func rejectingAnswer(
        to offer: SessionDescription, origin: Origin = Origin(sessionID: 0, version: 0, address: .v4(0))
    ) -> SessionDescription {
        own(origin: origin, timing: offer.timing, at: .v4(0)).with(offer.media.map(\.refusal))
    }

    /// Checks that this is an answer to `offer` at all: as many sections, of the same kinds, in the same order, and
    /// nothing taken that was not offered (RFC 3264 §6). Throws what was wrong; the call then cannot go on.
    package func checkAnswers(_ offer: SessionDescription) throws(SDPError) {
        guard media.count == offer.media.count else {
            throw SDPError(
                .notAnAnswer, "the answer has \(media.count) sections, the offer has \(offer.media.count)")
        }
        for (ours, theirs) in zip(offer.media, media) {
            guard ours.kind == theirs.kind, theirs.isRefused || ours.transport == theirs.transport else {
                throw SDPError(.notAnAnswer, "the answer has \(theirs.kind) where the offer has \(ours.kind)")
            }
            guard theirs.isRefused || !ours.isRefused else {
                throw SDPError(.notAnAnswer, "the answer takes a section that was not offered")
            }
        }
    }

    /// Without an offer to hold it against it is taken as it is.
    package func isAnswer(to offer: SessionDescription?) -> Bool {
        guard let offer else { return true }
        return (try? checkAnswers(offer)) != nil
    }

    /// Whether media of this section could be exchanged: plain audio, a port, an address of one host.
    func isUsable(_ section: MediaDescription) -> Bool {
        guard section.isPlainAudio, !section.isRefused, case .ip(let ip)? = connection(of: section)?.address else {
            return false
        }
        return ip.isUsableForMedia
    }

    /// The direction a section means: who gives `0.0.0.0` wants to hear nothing (RFC 3264 §8.4).
    func effectiveDirection(of section: MediaDescription) -> MediaDirection {
        let named = direction(of: section)
        guard case .ip(let ip)? = connection(of: section)?.address, ip.isUnspecified else { return named }
        return MediaDirection(sends: named.sends, receives: false)
    }
}
