import DialogUsage
import Media
import SIPMessage
import SansIO

/// Recordings of both sides, and callers who are sent elsewhere.
extension Softphone {
    mutating func record(
        _ name: UsageName?, _ file: String?, _ request: RequestID, at now: Instant
    ) throws(CommandFailure) {
        let id = try call(name, "recorded") { $0.isConnected && $0.recording == .none }
        let path = file ?? recordingPath(of: id, at: now)
        if let other = calls.first(where: { $0.value.recording.path == path })?.key {
            throw CommandFailure(.notNow, usage: other, "\(names[other] ?? other.description) is recorded to \(path)")
        }
        calls[id]?.recording = .opening(MediaPlan.Recording(path: path, isNamedByUs: file == nil))
        waiting.add(request, .recording, for: id)
        tellPlan(id)
    }

    /// `…/call-20261125-170455-cis-4.wav`; with a number behind it where such a file is there already.
    private func recordingPath(of id: AnyUsageID, at now: Instant) -> String {
        let stamp = configuration.epoch?.stamp(at: now) ?? "\((now - .zero).inMilliseconds)"
        let folder = configuration.recordings.isEmpty ? "" : configuration.recordings + "/"
        return "\(folder)call-\(stamp)-\(names[id] ?? id.description).wav"
    }

    mutating func recordingBegan(_ media: MediaID, _ path: String, at now: Instant) {
        guard let id = audioOwners[media], case .opening = calls[id]?.recording else { return }
        calls[id]?.recording = .running(path)
        for request in waiting.take(.recording, of: id) { succeed(request, usage: id, text: "recording to \(path)") }
        happened("call.recording", id, fields: ["file": .text(path)], at: now)
    }

    mutating func recordingFailed(_ id: AnyUsageID, _ failure: MediaFailure, at now: Instant) {
        let before = calls[id]?.recording
        calls[id]?.recording = .none
        tellPlan(id)
        fail(waiting.take(.recording, of: id), CommandFailure(.media, usage: id, failure.description))
        if case .running(let path) = before { recorded(id, path, reason: failure.description, at: now) }
    }

    /// - Parameter reason: why it broke off; nil: it is whole.
    mutating func recorded(_ id: AnyUsageID, _ path: String, reason: String? = nil, at now: Instant) {
        happened(
            "call.recorded", id,
            fields: reason.map { ["file": .text(path), "reason": .text($0)] } ?? ["file": .text(path)], at: now)
    }

    mutating func stopRecording(_ name: UsageName?, _ request: RequestID, at now: Instant) throws(CommandFailure) {
        let id = try call(name, "stopped recording") { $0.recording != .none || $0.options.play != nil }
        let played = calls[id]?.options.play
        calls[id]?.options.play = nil
        fail(waiting.take(.playing, of: id), CommandFailure(.notNow, usage: id, "stopped"))
        guard let path = calls[id]?.recording.path else {
            tellPlan(id)
            return succeed(request, usage: id, text: "played \(played ?? "")")
        }
        fail(waiting.take(.recording, of: id), CommandFailure(.notNow, usage: id, "stopped"))
        calls[id]?.recording = .none
        tellPlan(id)
        recorded(id, path, at: now)
        succeed(request, usage: id, text: "recorded to \(path)")
    }

    /// 302 with the address in Contact (RFC 3261 §21.3.3).
    mutating func redirect(
        _ name: UsageName?, _ peer: Peer, _ request: RequestID, at now: Instant
    ) throws(CommandFailure) {
        let id = try call(name, "redirected") { $0.isUnanswered }
        let uri = address(peer, of: try accounts.chosen(nil))
        var fields = FieldList()
        fields.append(.contact, "<\(uri)>")
        do throws(UsageError) {
            let session = UsageID<ServerInviteSession>(serial: id.serial)
            let outputs = try core.reject(session, status: 302, fields: fields, at: now)
            calls[id]?.isEnding = true
            calls[id]?.departure = "sent to \(visible(uri.description))"
            waiting.add(request, .ended, for: id)
            absorb(outputs, at: now)
        } catch {
            throw CommandFailure(error)
        }
    }
}
