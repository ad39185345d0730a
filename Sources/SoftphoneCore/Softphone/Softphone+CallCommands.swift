import DialogUsage
import Media
import SDP
import SIPMessage
import SIPTransaction
import SansIO

/// What can be done with a call that there is.
extension Softphone {
    static let callKinds: Set<UsageKind> = [.serverInviteSession, .clientInviteSession]

    /// The call that is meant, which must be fit for it; without a name, the only one that is.
    func call(
        _ name: UsageName?, _ done: String, fit: (Call) -> Bool
    ) throws(CommandFailure) -> AnyUsageID {
        let fitting = Set(calls.filter { fit($0.value) }.keys)
        let id = try live(name, Self.callKinds, among: fitting)
        guard fitting.contains(id) else {
            let state = calls[id]?.state.rawValue ?? "gone"
            throw CommandFailure(
                .notNow, usage: id, "\(names[id] ?? id.description) cannot be \(done) now: it is \(state)")
        }
        return id
    }

    mutating func ring(
        _ name: UsageName?, _ status: StatusCode, _ request: RequestID, at now: Instant
    ) throws(CommandFailure) {
        let id = try call(name, "rung") { $0.isUnanswered }
        do throws(UsageError) {
            absorb(try core.ring(UsageID<ServerInviteSession>(serial: id.serial), status: status, at: now), at: now)
            succeed(request, usage: id, status: status, text: "ringing")
        } catch {
            throw CommandFailure(error)
        }
    }

    mutating func reject(
        _ name: UsageName?, _ status: StatusCode, phrase: String?, _ request: RequestID, at now: Instant
    ) throws(CommandFailure) {
        reject(try call(name, "rejected") { $0.isUnanswered }, status, phrase: phrase, request, at: now)
    }
    private mutating func reject(
        _ id: AnyUsageID, _ status: StatusCode, phrase: String? = nil, _ request: RequestID, at now: Instant
    ) {
        waiting.add(request, .ended, for: id)
        calls[id]?.isEnding = true
        refuse(UsageID<ServerInviteSession>(serial: id.serial), status, phrase: phrase, at: now)
    }

    /// A call of ours that is still being set up: CANCEL, once that is allowed.
    mutating func cancel(_ name: UsageName?, _ request: RequestID, at now: Instant) throws(CommandFailure) {
        let id = try call(name, "cancelled") { $0.isCalling }
        end(id, request, at: now)
    }

    // MARK: Ending

    mutating func hangUp(
        _ name: UsageName?, reason: String?, _ request: RequestID, at now: Instant
    ) throws(CommandFailure) {
        let unborn = dialling.filter { name == nil ? calls.isEmpty : $0.value.alias == name?.text }
        if unborn.count == 1, let media = unborn.keys.first {
            abandonDialling(CommandFailure(.notNow, "hung up"), only: media, at: now)
            return succeed(request, text: "ended before anything was sent")
        }
        let id = try live(name, Self.callKinds, among: Set(calls.filter { !$0.value.isEnding }.keys))
        hangUp(id, reason: reason, request, at: now)
    }
    private mutating func hangUp(
        _ id: AnyUsageID, reason: String?, _ request: RequestID, at now: Instant
    ) {
        if calls[id]?.isUnanswered == true {
            reject(id, 486, request, at: now)
        } else {
            end(id, reason: reason.map(Self.reasonField), request, at: now)
        }
    }

    mutating func hangUpAll(reason: String?, _ request: RequestID, at now: Instant) {
        abandonDialling(CommandFailure(.notNow, "hung up"), at: now)
        let ids = calls.keys.sorted { ($0.kind.prefix, $0.serial) < ($1.kind.prefix, $1.serial) }
        guard !ids.isEmpty else { return succeed(request, text: "there was no call") }
        for id in ids { hangUp(id, reason: reason, request, at: now) }
    }

    /// The Reason field (RFC 3326) that carries the user's words.
    private static func reasonField(_ text: String) -> String {
        let harmless = visible(text.prefix(200)).flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] }
        return "SIP;cause=200;text=\"\(String(harmless))\""
    }

    // MARK: Hold and mute

    /// Hold is a re-INVITE that wants to hear nothing (RFC 6337 §5.3); resuming asks for both ways again.
    mutating func change(
        _ name: UsageName?, _ change: Call.Change, _ request: RequestID, at now: Instant
    ) throws(CommandFailure) {
        let holds = change == .holding
        let id = try call(name, holds ? "held" : "resumed") { $0.isConnected && $0.isHeld != holds }
        guard let call = calls[id], let audio = call.audio, let address = audio.address, let ours = audio.local else {
            throw CommandFailure(.media, usage: id, "the call has no audio")
        }
        guard call.change == .none else {
            throw CommandFailure(.notNow, usage: id, "another change of \(names[id] ?? id.description) is under way")
        }
        let offer = ours.nextOffer(at: address, direction: holds ? .sendOnly : .sendReceive)
        do throws(UsageError) {
            let outputs = try core.offer(call.session, offer, at: now)
            calls[id]?.change = change
            calls[id]?.audio?.proposed = offer
            waiting.add(request, holds ? .held : .resumed, for: id)
            absorb(outputs, at: now)
        } catch {
            throw CommandFailure(error)
        }
    }

    mutating func mute(_ name: UsageName?, _ isMuted: Bool, _ request: RequestID) throws(CommandFailure) {
        let id = try call(name, isMuted ? "muted" : "unmuted") { !$0.isEnding && $0.isMuted != isMuted }
        calls[id]?.isMuted = isMuted
        tellPlan(id)
        succeed(request, usage: id, text: isMuted ? "muted" : "unmuted")
    }

    // MARK: Digits

    mutating func sendDigits(
        _ name: UsageName?, _ digits: String, _ path: DigitPath, _ timing: DigitTiming, _ request: RequestID,
        at now: Instant
    ) throws(CommandFailure) {
        let id = try call(name, "given digits") { $0.isConnected }
        guard let call = calls[id], let audio = call.audio else { return }
        switch path {
        case .rtp:
            guard audio.negotiated?.sendEventPayload != nil else {
                throw CommandFailure(.media, usage: id, "the peer takes no telephone events; use via info")
            }
            waiting.add(request, .digits, for: id)
            say(
                .media(
                    .sendDigits(
                        audio.id, digits.compactMap { DTMFDigit($0) },
                        duration: timing.duration ?? DTMFDigit.usualDuration, gap: timing.gap ?? DTMFDigit.usualGap)))
        case .info:
            guard infoDigits[id] == nil else {
                throw CommandFailure(.notNow, usage: id, "other digits are still on their way")
            }
            infoDigits[id] = InfoDigits(
                request: request, rest: digits[...], duration: timing.duration ?? .milliseconds(160))
            sendInfoDigit(id, at: now)
        }
    }

    /// The first of the digits that are left; each waits for the answer to the one before.
    private mutating func sendInfoDigit(_ id: AnyUsageID, at now: Instant) {
        guard let call = calls[id], let digits = infoDigits[id] else { return }
        guard let digit = digits.rest.first else {
            infoDigits[id] = nil
            return succeed(digits.request, usage: id, status: 200, text: "sent")
        }
        do throws(UsageError) {
            let outputs = try core.sendInfo(
                call.session, contentType: "application/dtmf-relay",
                body: Array("Signal=\(digit)\r\nDuration=\(digits.duration.inMilliseconds)\r\n".utf8),
                at: now)
            absorb(outputs, at: now)
        } catch {
            infoDigits[id] = nil
            fail(digits.request, CommandFailure(error))
        }
    }

    /// The digit in flight has its answer. What the end of the call cuts short fails with it.
    mutating func infoAnswered(_ failure: Failure?, _ id: AnyUsageID, at now: Instant) {
        guard let digits = infoDigits[id], calls[id]?.isEnding != true else { return }
        if let failure {
            infoDigits[id] = nil
            fail(digits.request, CommandFailure(failure, usage: id))
        } else {
            infoDigits[id]?.rest = digits.rest.dropFirst()
            sendInfoDigit(id, at: now)
        }
    }
}
