import DialogUsage
import SansIO
import SoftphoneCore

/// What there is, as lines.
struct LinearReport {
    private let model: SoftphoneModel
    private let now: Instant

    init(_ model: SoftphoneModel, now: Instant) {
        self.model = model
        self.now = now
    }

    /// Words that only look; nil: the line is a command.
    func answer(to word: String, _ rest: [String]) -> [String]? {
        switch (word, rest.count) {
        case ("help", 0), ("?", 0): Self.help
        case ("help", _): Self.help(of: rest)
        case ("list", 0): list
        case ("show", 1): shown(rest[0])
        case ("accounts", 0): accounts
        case ("contacts", 0): contacts
        case ("log", 0): log
        case ("messages", 0): messages
        default: nil
        }
    }

    var greeting: [String] {
        var lines = ["lastcall, one line at a time. help lists the commands, quit leaves in order."]
        if let sandbox = model.sandbox { lines.append("sandbox at \(sandbox); try call sip:echo@sandbox.test") }
        lines += accounts
        for leftover in model.leftovers {
            lines.append("an earlier run left \(leftover.account) registered as \(leftover.contact); reap removes that")
        }
        return lines
    }

    // MARK: Help

    private static let looking: [(String, String)] = [
        ("help [COMMAND]", "this list, or one command"), ("list", "every usage and its state"),
        ("show USAGE", "one usage, what it waits for, and its messages"), ("accounts", "accounts and registrations"),
        ("contacts", "who is there, and whether that is fresh"), ("log", "what happened last"),
        ("messages", "conversations"), ("quit", "the same as shutdown"),
    ]
    private static var help: [String] {
        looking.map { "\($0.0): \($0.1)" }
            + CommandSpec.Section.allCases.flatMap { section in
                [section.rawValue + ":"]
                    + CommandSpec.all.filter { $0.section == section }.map { "  \($0.grammar): \($0.summary)" }
            }
    }
    private static func help(of words: [String]) -> [String] {
        let wanted = words.joined(separator: " ")
        let found = CommandSpec.all.filter { $0.word == wanted || $0.word.hasPrefix(wanted + " ") }
        guard !found.isEmpty else { return ["there is no command \(wanted); help lists those there are"] }
        return found.flatMap { ["\($0.grammar): \($0.summary)", "  example: \($0.example)"] }
    }

    // MARK: Usages

    private var list: [String] {
        guard !model.usages.isEmpty else { return ["nothing is alive"] }
        return [Words.count(model.usages.count, "usage") + " alive"] + model.usages.map(line)
    }

    private var contacts: [String] {
        guard !model.presence.isEmpty else { return ["nobody is watched; subscribe presence sip:USER@DOMAIN begins"] }
        return model.presence.map { row in
            let said = row.activities.first ?? row.note ?? row.state.rawValue
            let age = Words.clock(now - row.since)
            return "\(Words.withoutScheme(row.uri)), \(said), \(row.freshness.rawValue), said \(age) ago"
        }
    }

    private func line(_ usage: UsageRow) -> String {
        var parts = ["\(usage.name), \(usage.id.kind.rawValue), \(Words.withoutScheme(usage.summary.peer))"]
        parts.append(usage.call.map(\.state.rawValue) ?? usage.summary.state)
        if usage.call?.isMuted == true { parts.append("muted") }
        if let presence = model.presence.row(of: usage.id) {
            parts.append("\(presence.activities.first ?? presence.state.rawValue), \(presence.freshness.rawValue)")
        }
        if let published = usage.published { parts.append("others see \(published.text)") }
        let next = Words.until(usage.summary.nextDeadline ?? usage.summary.expiresAt, from: now)
        if !next.isEmpty { parts.append("next in \(next)") }
        return parts.joined(separator: ", ")
    }

    private func shown(_ name: String) -> [String] {
        guard let usage = model.usage(named: name) else { return ["there is no usage \(name); list names them"] }
        let why = usage.summary.waitsFor.map { "waits for \($0)" } ?? "waits for nothing"
        let entries = model.ladder(of: usage.id)
        let rungs = entries.map { entry in
            let direction = entry.isSent ? "sent" : "received"
            let copies = entry.retransmissions > 0 ? ", \(entry.retransmissions + 1) times" : ""
            return
                "  \(Words.milliseconds(entry.at - (entries.first?.at ?? entry.at))) \(direction) \(entry.summary)\(copies)"
        }
        return [line(usage), why] + rungs
    }

    private var accounts: [String] {
        guard !model.accounts.isEmpty else { return ["no account yet; account add NAME sip:USER@DOMAIN"] }
        return model.accounts.map { account in
            let state = account.registration == "unregistered" ? "not registered" : account.registration
            let failure = account.lastFailure.map { ", last failure: \($0)" } ?? ""
            return "account \(account.name), \(account.addressOfRecord), \(state)\(failure)"
        }
    }

    private static let mostRead = 20
    private var log: [String] {
        guard !model.log.isEmpty else { return ["nothing has happened yet"] }
        return model.log.suffix(Self.mostRead).map { "\(Words.milliseconds($0.at - .zero)) \($0.text)" }
    }
    private var messages: [String] {
        guard !model.messages.isEmpty else { return ["no messages yet"] }
        return model.messages.suffix(Self.mostRead).map { message in
            let direction = message.isOurs ? "to" : "from"
            return "\(Words.clock(now - message.at)) ago \(direction) \(message.peer): \(Words.inOneLine(message.text))"
        }
    }

    // MARK: Leaving

    func plan(_ forecast: ShutdownForecast) -> [String] {
        forecast.groups.enumerated().map { place, group in
            let names = group.usages.prefix(8).map { id in model.usages[id]?.name ?? "\(id)" }
            let more = group.usages.count > names.count ? " and \(group.usages.count - names.count) more" : ""
            return "\(place + 1). \(group.group.title), \(Words.count(group.usages.count, "usage")), "
                + "at most \(Words.tenths(group.longest)): \(names.joined(separator: " "))\(more)"
        }
    }

    /// How far the shutdown is, whom it waits for, and what can be done about that.
    func progress(_ shutdown: ShutdownProgress) -> String {
        let (done, total) = (shutdown.groups.reduce(0) { $0 + $1.done }, shutdown.groups.reduce(0) { $0 + $1.total })
        let patience = shutdown.deadline.map { "gives up in \(Words.tenths($0 - now))" } ?? "waits for ever"
        var text = "leaving, \(done) of \(total) ended, \(patience)"
        if let blocker = model.blockers.first {
            let name = model.usages[blocker.id]?.name ?? blocker.id.description
            text += "; \(name) waits for \(blocker.waitsFor)"
            if blocker.requestsSent > 0 { text += ", sent \(blocker.requestsSent) times" }
            text += blocker.lastHeard.map { ", server silent \(Words.tenths(now - $0))" } ?? ", server never heard"
            text += "; shutdown skip \(name) leaves it"
        }
        return text
    }
}
