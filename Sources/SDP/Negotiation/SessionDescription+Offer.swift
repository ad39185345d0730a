package import SansIO

/// Making offers (RFC 3264 §5, §8).
extension SessionDescription {
    /// A first offer of one audio stream. `address` is where we want to hear RTP.
    package static func offer(
        capabilities: AudioCapabilities = .standard, at address: SocketAddress,
        direction: MediaDirection = .sendReceive, sessionID: UInt64, version: UInt64 = 1
    ) -> SessionDescription {
        let origin = Origin(sessionID: sessionID, version: version, address: address.ip)
        return own(origin: origin, timing: ["0 0"], at: address.ip)
            .with([.audio(capabilities, port: address.port, direction: direction)])
    }

    /// A later offer in the session that this description of ours is the last word of: its sections stay where they
    /// are, audio in the place it has, what was refused with port 0 (§8), and the version moves on if anything differs.
    package func nextOffer(
        capabilities: AudioCapabilities = .standard, at address: SocketAddress, direction: MediaDirection = .sendReceive
    ) -> SessionDescription {
        let place = media.firstIndex { $0.isPlainAudio && !$0.isRefused } ?? media.firstIndex { $0.kind == "audio" }
        var sections = media.map(\.refusal)
        let audio = place.map { media[$0] }
        let section = MediaDescription.audio(
            capabilities.keepingNumbers(of: audio), port: address.port, direction: direction)
        if let place { sections[place] = section } else { sections.append(section) }
        return Self.own(origin: origin, timing: timing, at: address.ip).with(sections).nextVersion(after: self)
    }

    /// This description as the successor of one that was sent before: `o=` is the earlier one's, one version later if
    /// anything has changed and the same if nothing has (§8).
    package func nextVersion(after previous: SessionDescription) -> SessionDescription {
        var next = self
        next.origin = previous.origin
        if next != previous { next.origin = previous.origin.next }
        return next
    }

    /// The `t=` lines with what follows from them, to be repeated in an answer (RFC 3264 §6).
    var timing: [String] {
        let found = lines.filter { $0.isOf("t") }.map(\.text)
        return found.isEmpty ? ["0 0"] : found
    }

    static func own(origin: Origin, timing: [String], at ip: IPAddress) -> SessionDescription {
        SessionDescription(
            origin: origin,
            lines: [SDPLine]([("s", "-"), ("c", Connection(ip).text)] + timing.map { ("t", $0) }))
    }

    func with(_ sections: [MediaDescription]) -> SessionDescription {
        var copy = self
        copy.media = sections
        return copy
    }
}

extension AudioCapabilities {
    /// A payload number keeps its meaning for the length of a session (RFC 3264 §8.3.2).
    fileprivate func keepingNumbers(of section: MediaDescription?) -> AudioCapabilities {
        guard let section, telephoneEvent != nil, let known = section.telephoneEvent else { return self }
        var copy = self
        copy.telephoneEvent = known
        return copy
    }
}
