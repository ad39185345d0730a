import DialogUsage
import SIPMessage
import SansIO

/// Removes the bindings that an earlier run left at a registrar: asks what is bound, and takes back what was ours.
extension Softphone {
    /// Said once, so that the event log shows it from the beginning.
    mutating func noteLeftovers() {
        for leftover in leftovers {
            log.note(
                "an earlier run left \(leftover.contact) bound for \(leftover.account); reap removes it", .warning,
                at: .zero)
        }
    }

    mutating func reap(_ name: String?, _ request: RequestID, at now: Instant) throws(CommandFailure) {
        let known = leftovers.map(\.account).first { accounts[$0] != nil }
        let account = try accounts.chosen(name ?? known)
        guard leftovers.contains(where: { $0.account == account.name }) else {
            succeed(request, text: "no earlier run has left anything of \(account.name) behind")
            return
        }
        do throws(UsageError) {
            let (id, outputs) = try core.queryBindings(account.id, at: now)
            reaping[id.any] = account.name
            waiting.add(request, .reaped, for: id.any)
            absorb(outputs, at: now)
        } catch {
            throw CommandFailure(error)
        }
    }

    /// The registrar's list: other devices' bindings, and ours of this run, are not touched.
    mutating func foundBound(_ bindings: [NameAddress], _ id: AnyUsageID, at now: Instant) {
        let requests = waiting.take(.reaped, of: id)
        guard !requests.isEmpty, let account = reaping[id].flatMap({ accounts[$0] }) else { return }
        let own = account.registration.flatMap { core.ownContact(of: $0) }
        let stale = leftovers.filter { leftover in
            leftover.account == account.name && own?.isEquivalent(to: leftover.contact) != true
                && bindings.contains { $0.uri.isEquivalent(to: leftover.contact) }
        }.map(\.contact)
        guard !stale.isEmpty else {
            forgetLeftovers(of: account.name)
            for request in requests { succeed(request, text: "nothing that was left is bound any more") }
            return
        }
        do throws(UsageError) {
            let (removal, outputs) = try core.removeStale(stale, of: account.id, at: now)
            reaping[removal.any] = account.name
            for request in requests { waiting.add(request, .ended, for: removal.any) }
            absorb(outputs, at: now)
        } catch {
            fail(requests, CommandFailure(error))
        }
    }

    private mutating func forgetLeftovers(of account: String) {
        leftovers.removeAll { $0.account == account }
        say(.leftovers(leftovers))
    }

    /// The question or the removal is over. Only a registrar that has answered the removal has forgotten: a question that
    /// we gave up ends without a status.
    mutating func reapingEnded(_ id: AnyUsageID, _ outcome: UsageOutcome) {
        guard let account = reaping.removeValue(forKey: id), case .local(.some) = outcome else { return }
        forgetLeftovers(of: account)
    }
}
