import DialogUsage
import SansIO
import SoftphoneCore

/// The first line: accounts with their registrations, and what there is in numbers.
extension App {
    func drawStatus(_ frame: inout Frame, at now: Instant) {
        frame.fill(row: 0, column: 0, width: frame.size.columns, style: Looks.title)
        // The richest that fits; registrations go last.
        let lines = statuses(at: now).map { " " + $0.joined(separator: " │ ") }
        let line = lines.first { Width.of($0) <= frame.size.columns } ?? lines.last ?? ""
        frame.write(Width.fit(line, in: frame.size.columns), row: 0, style: Looks.title)
    }

    private func statuses(at now: Instant) -> [[String]] {
        let long = model.accounts.map { accountText($0, at: now) }
        let plain = model.accounts.map { "\($0.name) \(registrationMark($0)) \(registrationWord($0))" }
        let short = model.accounts.map { "\($0.name) \(registrationMark($0))" }
        let current = model.currentAccount ?? model.accounts.first
        let one = current.map { [accountText($0, at: now) + (long.count > 1 ? " +\(long.count - 1)" : "")] } ?? []
        let idle = model.isArmed ? ["◆ leaves when idle, \(model.idleAfter) to go"] : []
        let sandbox = model.sandbox.map { ["sandbox \($0)"] } ?? []
        let (name, counts) = (["lastcall"], counts)
        return [
            name + long + counts + idle + sandbox, name + long + counts + idle, long + counts + idle,
            name + plain + counts + idle,
            plain + counts + idle, short + counts + idle, short + briefCounts + idle, one + counts + idle,
            one + briefCounts + idle, one + idle,
        ]
    }

    private var counts: [String] {
        let stale = model.presence.staleCount
        let subscriptions = model.usages.range(of: .clientSubscription).count
        let (missed, unread) = (missedCalls, unreadMessages)
        return [
            "calls \(model.calls.count { $0.state != .ended })" + (missed > 0 ? " (\(missed) missed)" : ""),
            "subs \(subscriptions)" + (stale > 0 ? " (\(stale) stale)" : ""),
        ] + (unread > 0 ? ["messages \(unread) new"] : [])
    }

    /// What wants to be seen, and no more.
    private var briefCounts: [String] {
        let stale = model.presence.staleCount
        let numbers = [(missedCalls, "missed"), (stale, "stale"), (unreadMessages, "new")]
        return ["calls \(model.calls.count { $0.state != .ended })"]
            + numbers.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    }

    private func accountText(_ account: AccountRow, at now: Instant) -> String {
        let until =
            account.registration == "failing"
            ? Words.until(account.nextAt, from: now) : Words.until(account.expiresAt ?? account.nextAt, from: now)
        let timer = until.isEmpty ? "" : account.registration == "failing" ? ", again in \(until)" : " \(until)"
        return "\(account.name) \(registrationMark(account)) \(registrationWord(account))\(timer)"
    }
    private func registrationWord(_ account: AccountRow) -> String {
        account.registration == "unregistered" ? "not registered" : account.registration
    }
    private func registrationMark(_ account: AccountRow) -> String {
        switch account.registration {
        case "registered", "refreshing": "●"
        case "failing": "!"
        case "unregistered": "○"
        default: "◐"
        }
    }
}
