import DialogUsage
import SIPMessage
package import SansIO

/// What a face is shown, gathered when one asks.
extension Softphone {
    package var model: SoftphoneModel { model(at: toldAt) }

    package func model(at now: Instant) -> SoftphoneModel {
        var model = SoftphoneModel(now: now)
        let blockers = core.blockers
        let waits = Dictionary(blockers.map { ($0.id, $0) }) { first, _ in first }
        model.usages = core.usages.map { summary in
            UsageRow(
                summary: summary, alias: names[summary.id],
                call: calls[summary.id]?.row(id: summary.id, alias: names[summary.id]),
                document: subscriptions[summary.id]?.document, ladderCount: ladders.count(of: summary.id),
                wait: waits[summary.id], published: publications[summary.id]?.said)
        }
        model.accounts = accounts.entries.map(row)
        model.calls = endedCalls + model.usages.compactMap(\.call)
        model.earlierCalls = configuration.history
        model.transferRequests = transferRequests.filter { !$0.value.isBegun }
            .sorted { $0.key.serial < $1.key.serial }
            .map { TransferRow(id: $0.key, from: $0.value.from, to: $0.value.to) }
        model.presence = presence.all
        model.messages = conversations.rows
        model.messagesForgotten = conversations.forgotten
        model.log = log.lines
        model.shutdown = core.shutdownProgress
        model.blockers = core.isShuttingDown ? blockers : []
        model.isArmed = model.shutdown?.stage == .idleWait
        if model.isArmed {
            model.idleAfter = model.usages.count { !leaving.idleIgnoresSoftState || !$0.id.kind.isSoftState }
        }
        model.report = leaving.report
        model.endings = leaving.endings
        model.leftovers = leftovers
        model.sandbox = configuration.sandbox
        model.sent = sentCounts
        model.received = receivedCounts
        model.malformed = malformed
        model.remembered = remembered
        model.lastResponse = lastResponse
        model.ladders = ladders.ladders
        model.strays = ladders.strays
        return model
    }

    private func row(_ entry: AccountBook.Entry) -> AccountRow {
        let summary = entry.registration.flatMap { core.summary($0.any) }
        return AccountRow(
            name: entry.name, addressOfRecord: visible(entry.account.addressOfRecord.uri.description),
            isCurrent: entry.name == accounts.currentName, registration: summary?.state ?? "unregistered",
            expiresAt: summary?.expiresAt, nextAt: summary?.nextDeadline, lastFailure: entry.lastFailure)
    }
}
