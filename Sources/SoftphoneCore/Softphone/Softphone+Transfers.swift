import DialogUsage
import Media
import SIPMessage
import SansIO

/// Transfers that we ask for (RFC 5589): the peer of a call calls somebody else, and when that has come about we leave.
extension Softphone {
    mutating func transfer(
        _ name: UsageName, _ destination: TransferDestination, _ request: RequestID, at now: Instant
    ) throws(CommandFailure) {
        let id = try call(name, "transferred") { $0.isConnected }
        guard let call = calls[id] else { return }
        guard call.transfer == nil else {
            throw CommandFailure(.notNow, usage: id, "another transfer of \(name) is under way")
        }
        let to: String
        let made: (id: UsageID<ClientSubscription>, outputs: [UsageOutput])
        do {
            switch destination {
            case .peer(let peer):
                let uri = address(peer, of: try accounts.chosen(nil))
                to = visible(uri.description)
                made = try core.refer(call.session, to: uri, at: now)
            case .call(let other):
                let other = try self.call(other, "what a call is transferred to") { $0.isConnected }
                guard let target = calls[other] else { return }
                to = target.peer
                made = try core.refer(call.session, toTakeOver: target.session, at: now)
            }
        } catch let error as UsageError {
            throw CommandFailure(error)
        } catch let error as CommandFailure {
            throw error
        } catch {
            throw CommandFailure(.notNow, "\(error)")
        }
        transfers[made.id.any] = Transfer(call: id, to: to)
        calls[id]?.transfer = "asked"
        waiting.add(request, .transferred, for: made.id.any)
        absorb(made.outputs, at: now)
    }

    mutating func heard(_ event: ReferralEvent, of id: UsageID<ClientSubscription>, at now: Instant) {
        guard let transfer = transfers[id.any] else { return }
        switch event {
        case .accepted: transferProgressed(transfer, SipfragStatus(202), at: now)
        case .progress(let status): transferProgressed(transfer, status, at: now)
        case .concluded(let fate): transferConcluded(id.any, transfer, fate, at: now)
        }
    }

    private mutating func transferProgressed(_ transfer: Transfer, _ status: SipfragStatus, at now: Instant) {
        calls[transfer.call]?.transfer = "\(status.status) \(status.reason)"
        happened(
            "call.transfer.progress", transfer.call,
            fields: [
                "status": .integer(status.status), "reason": .text(status.reason), "to": .text(transfer.to),
            ], at: now)
    }

    private mutating func transferConcluded(
        _ id: AnyUsageID, _ transfer: Transfer, _ fate: ClientReferral.Fate, at now: Instant
    ) {
        let requests = waiting.take(.transferred, of: id)
        var left = false
        switch fate {
        case .succeeded(let status):
            transferProgressed(transfer, status, at: now)
            for request in requests {
                succeed(request, usage: transfer.call, status: status.code, text: "transferred to \(transfer.to)")
            }
            left = true
        case .unreported:
            for request in requests { succeed(request, usage: transfer.call, status: 202, text: "accepted") }
        case .failed(let status):
            transferProgressed(transfer, status, at: now)
            let text = "\(status.status) \(status.reason)"
            var failure = CommandFailure(.status(status.code ?? 500, reason: status.reason), usage: transfer.call)
            failure.text = "\(transfer.to) was not reached: \(failure.text)"
            fail(requests, failure)
            log.note("\(transfer.to) was not reached: \(text)", .failure, at: now)
        case .refused(let failure):
            var refusal = CommandFailure(failure, usage: transfer.call)
            refusal.text = "the transfer was refused: \(refusal.text)"
            fail(requests, refusal)
            log.note("the transfer to \(transfer.to) was refused: \(failure)", .failure, at: now)
        case .unknown:
            let failure = CommandFailure(
                .noAnswer, usage: transfer.call, "the peer did not say what became of the transfer")
            fail(requests, failure)
        }
        calls[transfer.call]?.transfer = nil
        changed()
        guard left, let call = calls[transfer.call], !call.isEnding else { return }
        // The peer has somebody else to talk to: we leave (RFC 5589 §6.1).
        calls[transfer.call]?.departure = "transferred to \(transfer.to)"
        calls[transfer.call]?.isEnding = true
        absorb(core.end(transfer.call, at: now), at: now)
    }

    // MARK: Asked of us

    mutating func asked(_ request: ReferralRequest, _ id: UsageID<ServerSubscription>, at now: Instant) {
        let from = visible((request.referredBy ?? request.from).uri.description)
        let to = visible(request.target.uri.description)
        transferRequests[id.any] = TransferRequest(usage: id, target: request.target, from: from, to: to)
        happened(
            "call.transfer.requested", id.any, account: accountName(of: request.request),
            fields: [
                "from": .text(from), "to": .text(to),
                "call": .text(request.session.map { names[$0.any] ?? $0.description } ?? ""),
            ], at: now)
        switch transferPolicy {
        case .ask: break
        case .accept:
            // Throws only when we have no account to call from.
            if (try? accept(id.any, nil)) == nil { decline(id, 603, at: now) }
        case .decline: decline(id, 603, at: now)
        }
    }

    mutating func acceptTransfer(_ name: UsageName?, _ request: RequestID) throws(CommandFailure) {
        try accept(try requested(name), request)
    }
    mutating func denyTransfer(_ name: UsageName?, _ request: RequestID, at now: Instant) throws(CommandFailure) {
        let id = try requested(name)
        decline(UsageID(serial: id.serial), 603, at: now)
        succeed(request, usage: id, status: 603, text: "declined")
    }

    private func requested(_ name: UsageName?) throws(CommandFailure) -> AnyUsageID {
        let undecided = Set(transferRequests.filter { !$0.value.isBegun }.keys)
        guard !undecided.isEmpty else { throw CommandFailure(.noSuch, "nobody asks for a transfer") }
        let id = try live(name, [.serverSubscription], among: undecided)
        guard undecided.contains(id) else { throw CommandFailure(.notNow, usage: id, "it has been answered") }
        return id
    }

    /// The audio port comes first, as for any call of ours.
    private mutating func accept(_ id: AnyUsageID, _ request: RequestID?) throws(CommandFailure) {
        guard let wanted = transferRequests[id] else { return }
        let account: AccountBook.Entry
        if let known = core.summary(id)?.account, let entry = accounts.entries.first(where: { $0.id == known }) {
            account = entry
        } else {
            account = try accounts.chosen(nil)
        }
        let facing = facing(wanted.target.uri, account.account)
        let media = openAudio(facing: facing)
        transferRequests[id]?.isBegun = true
        dialling[media] = Dialling(
            request: request, account: account.id, peer: wanted.target.uri, facing: facing, options: CallOptions(),
            alias: nil, referral: wanted.usage)
    }

    mutating func decline(_ id: UsageID<ServerSubscription>, _ status: StatusCode, at now: Instant) {
        transferRequests[id.any] = nil
        // Throws only when it has been taken back meanwhile.
        if let outputs = try? core.declineReferral(id, status: status, at: now) { absorb(outputs, at: now) }
        changed()
    }

    // MARK: Replaced

    /// An INVITE that takes the place of a call of ours: whoever talks to us goes on to do so (RFC 3891 §3).
    mutating func takeOver(_ id: AnyUsageID, from old: AnyUsageID) {
        guard let call = calls[id], case .incoming(let offer, _) = call.phase else { return }
        calls[old]?.departure = "replaced by \(id)"
        let media = openAudio(facing: call.facing)
        audioOwners[media] = id
        calls[id]?.audio = CallAudio(id: media)
        let isMuted = calls[old]?.isMuted ?? false
        calls[id]?.isMuted = isMuted
        calls[id]?.phase = .incoming(offer: offer, opening: true)
    }
}
