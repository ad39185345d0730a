import DialogUsage
import Media
import SansIO

/// What the audio thread tells.
extension Softphone {
    mutating func heard(_ event: MediaEvent, at now: Instant) {
        if leaving.isOver { return }
        switch event {
        case .opened(let media, let port, _): opened(media, port: port, at: now)
        case .failed(let media, let failure): audioFailed(media, failure, at: now)
        case .started(let media): told(media, "call.media.started", at: now)
        case .stalled(let media): told(media, "call.media.stalled", at: now)
        case .digit(let media, let digit):
            if let id = audioOwners[media] { digitCame(digit, id, via: .rtp, at: now) }
        case .digitsSent(let media, let digits): digitsSent(media, digits)
        case .counters(let media, let counters): count(media, counters, at: now)
        case .playing(let media, let path):
            if let id = audioOwners[media] { playingBegan(id, path) }
        case .recording(let media, let path): recordingBegan(media, path, at: now)
        case .closed(let media, let counters):
            count(media, counters, at: now)
            audioOwners[media] = nil
        }
    }

    private mutating func opened(_ media: MediaID, port: UInt16, at now: Instant) {
        if let waitingCall = dialling.removeValue(forKey: media) {
            dial(waitingCall, media, at: SocketAddress(local.facing(waitingCall.facing).ip, port: port), at: now)
        } else if let id = audioOwners[media], let call = calls[id], call.audio?.id == media {
            pickUp(id, at: SocketAddress(local.facing(call.facing).ip, port: port), at: now)
        }
        // Else its call ended meanwhile, and the port has been told to close.
        changed()
    }

    private mutating func audioFailed(_ media: MediaID, _ failure: MediaFailure, at now: Instant) {
        log.note("\(failure)", .failure, at: now)
        changed()
        if let waitingCall = dialling.removeValue(forKey: media) {
            names.takeBack(waitingCall.alias)
            return giveUp(waitingCall, CommandFailure(.media, failure.description), at: now)
        }
        guard let id = audioOwners[media], let call = calls[id], call.audio?.id == media else { return }
        if case .cannotWrite(let path, _) = failure, path == call.recording.path {
            return recordingFailed(id, failure, at: now)
        }
        if case .cannotRead(let path, _) = failure, path == call.options.play {
            return playingFailed(id, failure.description)
        }
        guard call.audio?.address == nil, case .incoming(let offer, _) = call.phase else { return }
        // It was not opened, so there is nothing to close; the call goes on ringing and can be answered again.
        audioOwners[media] = nil
        calls[id]?.audio = nil
        calls[id]?.phase = .incoming(offer: offer, opening: false)
        fail(waiting.take(.connected, of: id), CommandFailure(.media, usage: id, failure.description))
    }

    private mutating func told(_ media: MediaID, _ name: String, at now: Instant) {
        guard let id = audioOwners[media], calls[id] != nil else { return }
        happened(name, id, at: now)
    }

    private mutating func digitsSent(_ media: MediaID, _ digits: [DTMFDigit]) {
        guard let id = audioOwners[media], let request = waiting.takeFirst(.digits, of: id) else { return }
        if digits.isEmpty {
            fail(request, CommandFailure(.media, usage: id, "the peer takes none of these digits; use via info"))
        } else {
            succeed(request, usage: id, text: "sent \(String(digits.map(\.character)))")
        }
    }

    /// Said when it changes; that a call is good is no news at its beginning.
    private mutating func tellGrade(_ id: AnyUsageID, at now: Instant) {
        guard let call = calls[id], let score = call.quality.recent, CallRow.Grade(score) != call.grade else { return }
        let grade = CallRow.Grade(score)
        calls[id]?.grade = grade
        happened(
            "call.quality", id,
            fields: ["mos": .number((score * 10).rounded() / 10), "reason": .text(grade.rawValue)], at: now)
    }

    private mutating func count(_ media: MediaID, _ told: MediaCounters, at now: Instant) {
        guard let id = audioOwners[media] else { return }
        var counters = AudioCounters()
        counters.sent = told.sent
        counters.received = told.received
        counters.loss = told.loss
        counters.jitter = told.jitter
        counters.roundTrip = told.roundTrip
        if calls[id] != nil {
            calls[id]?.counters = counters
            calls[id]?.quality.take(told, at: now)
            tellGrade(id, at: now)
        } else if let index = endedCalls.lastIndex(where: { $0.id == id }) {
            endedCalls[index].rtp = counters
        }
        changed()
    }
}
