import DialogUsage
import SDP
import SIPMessage
import SansIO

/// Agreeing again about a call, and what its peer hears.
extension Softphone {
    /// The same offer once more, or one of other codecs, by re-INVITE or by UPDATE (RFC 3311).
    mutating func renew(
        _ name: UsageName?, _ way: SessionModification.Way, _ codecs: [AudioCodec], _ request: RequestID,
        at now: Instant
    ) throws(CommandFailure) {
        let id = try call(name, "agreed about again") { $0.isConnected }
        guard let call = calls[id], let audio = call.audio, let address = audio.address, let ours = audio.local else {
            throw CommandFailure(.media, usage: id, "the call has no audio")
        }
        guard call.change == .none else {
            throw CommandFailure(.notNow, usage: id, "another change of \(names[id] ?? id.description) is under way")
        }
        let offer = ours.nextOffer(
            capabilities: .of(codecs.isEmpty ? call.options.codecs : codecs), at: address, direction: call.direction)
        do throws(UsageError) {
            let outputs = try core.offer(call.session, offer, by: way, at: now)
            calls[id]?.change = .renewing
            calls[id]?.audio?.proposed = offer
            waiting.add(request, .renewed, for: id)
            absorb(outputs, at: now)
        } catch {
            throw CommandFailure(error)
        }
    }

    mutating func renewed(_ id: AnyUsageID) {
        let codec = calls[id]?.audio?.negotiated?.codec.rawValue ?? ""
        for request in waiting.take(.renewed, of: id) { succeed(request, usage: id, status: 200, text: codec) }
        changed()
    }

    /// Done when the audio thread has read the file.
    mutating func play(_ name: UsageName?, _ file: String, _ request: RequestID) throws(CommandFailure) {
        let id = try call(name, "played to") { $0.isConnected }
        fail(waiting.take(.playing, of: id), CommandFailure(.notNow, usage: id, "another file is played"))
        calls[id]?.options.play = file
        waiting.add(request, .playing, for: id)
        tellPlan(id)
    }

    mutating func playingBegan(_ id: AnyUsageID, _ path: String) {
        guard calls[id]?.options.play == path else { return }
        for request in waiting.take(.playing, of: id) { succeed(request, usage: id, text: "playing \(path)") }
        changed()
    }

    mutating func playingFailed(_ id: AnyUsageID, _ text: String) {
        let requests = waiting.take(.playing, of: id)
        // What the call began with is told in the log, and stays silence.
        guard !requests.isEmpty else { return }
        calls[id]?.options.play = nil
        tellPlan(id)
        fail(requests, CommandFailure(.media, usage: id, text))
    }
}

extension AudioCapabilities {
    /// nil: everything we have.
    static func of(_ codecs: [AudioCodec]?) -> AudioCapabilities {
        guard let codecs, !codecs.isEmpty else { return .standard }
        var capabilities = AudioCapabilities.standard
        capabilities.codecs = codecs
        return capabilities
    }
}
