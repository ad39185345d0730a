import DialogUsage
import SIPMessage
package import SansIO

/// What a face is shown, gathered when one asks.
extension Softphone {
    package var model: SoftphoneModel { model(at: toldAt) }

    package func model(at now: Instant) -> SoftphoneModel {
        var book = rows
        var calls = calls
        renew(&book, touchedCalls: calls.takeTouched())
        return model(book.rows, at: now)
    }

    /// The same, with what was made for it kept for the next one.
    mutating func newModel(at now: Instant) -> SoftphoneModel {
        keepRows()
        return model(rows.rows, at: now)
    }
    mutating func keepRows() {
        let touched = calls.takeTouched()
        var book = RowBook()
        swap(&book, &rows)
        renew(&book, touchedCalls: touched)
        swap(&book, &rows)
    }

    private func renew(_ book: inout RowBook, touchedCalls: Set<AnyUsageID>) {
        for id in touchedCalls { book.touch(id) }
        book.renew(core.usageIDs, under: core.bounds) { rows(of: $0) }
        assert(book.rows.count > 64 || book.rows == UsageRows(rows(of: Set(core.usageIDs))), "a change went unnoticed")
    }

    private func rows(of ids: Set<AnyUsageID>) -> [UsageRow] {
        let waits = core.blockers(among: ids)
        return ids.compactMap { id in
            core.summary(id).map { summary in
                UsageRow(
                    summary: summary, alias: names[id], call: calls[id]?.row(id: id, alias: names[id]),
                    document: subscriptions[id]?.document, wait: waits[id], published: publications[id]?.said)
            }
        }
    }

    private func model(_ rows: UsageRows, at now: Instant) -> SoftphoneModel {
        var model = SoftphoneModel(now: now)
        model.usages = rows
        model.accounts = accounts.entries.map(row)
        let sessions = [UsageKind.serverInviteSession, .clientInviteSession]
        model.calls = endedCalls + sessions.flatMap { rows.members(of: $0).compactMap { row in row.call } }
        model.earlierCalls = configuration.history
        model.transferRequests = transferRequests.filter { !$0.value.isBegun }
            .sorted { $0.key.serial < $1.key.serial }
            .map { TransferRow(id: $0.key, from: $0.value.from, to: $0.value.to) }
        model.presence = presence.rows
        model.messages = conversations.rows
        model.messagesForgotten = conversations.forgotten
        model.log = log.lines
        model.shutdown = core.shutdownProgress
        model.blockers = core.isShuttingDown ? rows.boxes.compactMap { $0.value.wait } : []
        model.isArmed = model.shutdown?.stage == .idleWait
        if model.isArmed {
            let kinds = UsageKind.allCases.filter { !leaving.idleIgnoresSoftState || !$0.isSoftState }
            model.idleAfter = kinds.reduce(0) { $0 + rows.range(of: $1).count }
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
