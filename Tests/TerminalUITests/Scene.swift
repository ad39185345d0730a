import SansIO
import Testing

@testable import DialogUsage
@testable import SoftphoneCore
@testable import TerminalUI

/// A softphone in the middle of its life, made by hand, so that every screen can be compared to the letter.
struct Scene {
    /// When all frames are drawn.
    static let now = Instant.zero + .seconds(600)

    var app = App()
    var model = SoftphoneModel(now: Self.now)

    init(size: Size = Size(columns: 80, rows: 24)) { _ = app.update(.resized(size), at: Self.now) }

    /// Two accounts, one of them in trouble; a call, watchers, subscriptions of which one is stale, a publication.
    static func busy(_ columns: Int, _ rows: Int) -> Scene {
        var scene = Scene(size: Size(columns: columns, rows: rows))
        scene.model.accounts = [
            account("alice", "registered", expires: 3_492, isCurrent: true), account("bob", "failing", next: 14),
        ]
        scene.model.sandbox = SocketAddress(.loopback4, port: 5060)
        scene.add(summary(.serverSubscription, 1, "sip:dave@lab.test", "active", event: "presence", next: 190))
        scene.add(summary(.clientInviteSession, 4, "sip:carol@example.net", "connected"), call: .connected)
        scene.add(summary(.clientSubscription, 7, "sip:erin@example.net", "active", event: "presence", next: 535))
        scene.add(summary(.clientSubscription, 9, "sip:lab@lab.test", "active", event: "presence", next: 28))
        scene.add(summary(.clientPublication, 1, "sip:alice@example.net", "published", event: "presence", next: 2_470))
        scene.add(summary(.clientRegistration, 1, "sip:alice@example.net", "registered", next: 3_100, expires: 3_492))
        scene.add(
            summary(
                .clientRegistration, 2, "sip:bob@lab.test", "failing", next: 14,
                waits: "a pause before the next REGISTER"))
        scene.model.presence = [
            presence("erin@example.net", 7, .open, ["busy"], .fresh),
            presence("lab@lab.test", 9, .open, [], .stale),
        ]
        scene.model.log = [
            LogLine(at: .zero + .seconds(1), level: .note, text: "reg.ok creg-1"),
            LogLine(at: .zero + .milliseconds(590_250), level: .failure, text: "reg.failed creg-2: 503"),
        ]
        scene.show()
        return scene
    }

    /// Gives the model to the application.
    mutating func show() { _ = app.update(.model(model), at: Self.now) }

    mutating func add(_ summary: UsageSummary, call state: CallRow.State? = nil) {
        let call = state.map { Self.call(summary, $0) }
        model.usages.append(UsageRow(summary: summary, alias: nil, call: call))
        if let call { model.calls.append(call) }
    }

    @discardableResult
    mutating func press(_ keys: Key..., at now: Instant = Self.now) -> [Command] {
        keys.flatMap { app.update(.key($0), at: now) }
    }
    @discardableResult
    mutating func type(_ text: String, at now: Instant = Self.now) -> [Command] {
        text.flatMap { app.update(.key(.character($0)), at: now) }
    }

    func frame(at now: Instant = Self.now) -> Frame { app.view(in: app.size, at: now) }
    /// The last two lines: what came of the last key, and the keys there are.
    var lastLines: [String] { Array(frame().lines.suffix(2)) }
}

extension UsageRows {
    mutating func removeAll(where isGone: (UsageRow) -> Bool) { self = UsageRows(filter { !isGone($0) }) }
    mutating func removeFirst(_ count: Int) { self = UsageRows(dropFirst(count)) }
    mutating func removeLast() { self = UsageRows(dropLast()) }
}
