package import SIPMessage
package import SansIO

/// ACK for a 2xx: no transaction, a branch of its own, and the way that any request takes (RFC 3261 §13.2.2.4, RFC 3263
/// §4).
extension SipStack {
    /// Called again for each 2xx that is repeated. Where the next hop is a name, the ACK leaves when it has an address.
    package mutating func sendAck(
        _ ack: RequestDraft, to target: Target, as id: AcknowledgementID? = nil, at now: Instant
    ) -> [StackOutput] {
        let branch = id?.branch ?? Branch(&entropy)
        guard IPAddress(target.host) == nil else {
            return sendOnce(ack, to: target, contact: nil, branch: branch, at: now)
        }
        guard !acknowledgements.contains(branch) else { return [] }
        guard acknowledgements.count < configuration.limits.waitingAcknowledgements else {
            return sendOnce(ack, to: target, contact: nil, branch: branch, at: now)
        }
        let resolution = nextResolution()
        let deadline = now + configuration.limits.resolution
        let alarm = Alarm(token: wheel.schedule(.acknowledgement(resolution), at: deadline), at: deadline)
        acknowledgements.insert(resolution, .init(request: ack, target: target, branch: branch, alarm: alarm))
        outputs.append(.network(.resolve(resolution, host: target.host)))
        return take(at: now)
    }

    package mutating func newAcknowledgement() -> AcknowledgementID { AcknowledgementID(branch: Branch(&entropy)) }

    /// To the first address that can be sent to; where the resolver has none, to where the target was reached last.
    /// false: no ACK waited for this.
    mutating func acknowledge(with addresses: [IPAddress], for resolution: ResolutionID, at now: Instant) -> Bool {
        guard let waiting = acknowledgements.remove(resolution) else { return false }
        wheel.cancel(waiting.alarm.token)
        let ip = addresses.first(where: \.canBeSentTo)
        if let ip {
            reached.learn(waiting.target, waiting.target.address(ip), limit: configuration.limits.reachedAddresses)
        }
        write(waiting.request, to: waiting.target, contact: nil, branch: waiting.branch)
        return true
    }
}
