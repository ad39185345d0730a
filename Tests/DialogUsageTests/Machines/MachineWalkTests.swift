import DialogUsage
import SIPMessage
import SansIO
import Testing

/// Every state that a machine can reach, with every input: what comes of it, in one table for each machine.
///
/// A row that is not listed changes nothing and does nothing.
@Suite("Every state with every input")
struct MachineWalkTests {
    static let now = Instant.zero + .seconds(1_000)
    private static let later = now + .seconds(100_000)

    /// Walks from `start` to the first state of each name, and says for each input what follows, as "input → state: actions".
    private func walk<Machine, Input, Action>(
        from start: [Machine], _ inputs: [(name: String, input: Input, at: Instant)], name: (Machine) -> String,
        word: (Action) -> String?, isEnded: (Machine) -> Bool,
        step: (inout Machine, Input, Instant) -> [Action]
    ) -> [String] where Machine: Hashable {
        var seen: Set<String> = []
        var queue = start
        var rows: [String] = []
        while !queue.isEmpty {
            let machine = queue.removeFirst()
            guard seen.insert(name(machine)).inserted else { continue }
            for (inputName, input, at) in inputs {
                var next = machine
                let actions = step(&next, input, at)
                let words = actions.compactMap(word)
                #expect(words.count { $0 == "ended" } == (isEnded(next) && !isEnded(machine) ? 1 : 0), "one end")
                if isEnded(machine) { #expect(next == machine && actions.isEmpty, "the end is the end") }
                queue.append(next)
                guard name(next) != name(machine) || !words.isEmpty else { continue }
                rows.append("\(name(machine)) | \(inputName) | \(name(next)) | \(words.joined(separator: " "))")
            }
        }
        return rows
    }

    @Test("Client subscription (RFC 6665 §4.1)")
    func clientSubscription() {
        typealias Machine = ClientSubscription
        let patience = Machine.Patience(timerN: .seconds(32), notifyGrace: .seconds(5))
        let starts = [Duration.seconds(600), .zero].map {
            Machine.start(asking: $0, patience: patience, at: Self.now).0
        }
        var inputs: [(name: String, input: Machine.Input, at: Instant)] = [
            ("live", .notified(.live(.active, granted: .seconds(600))), Self.now),
            ("deactivated", .notified(.terminated(.deactivated)), Self.now),
            ("giveup", .notified(.terminated(.giveup)), Self.now),
            ("rejected", .notified(.terminated(.rejected)), Self.now),
            ("deadline", .deadlineReached, Self.now + .seconds(540)), ("late deadline", .deadlineReached, Self.later),
            ("refresh", .refreshRequested, Self.now), ("end", .endRequested, Self.now),
        ]
        for (name, request) in [("1st", Machine.Request.initial), ("2nd", .refresh), ("last", .end)] {
            inputs += [
                ("\(name) 200", .answered(request, .accepted(200, granted: .seconds(600))), Self.now),
                ("\(name) 204", .answered(request, .accepted(204, granted: .seconds(600))), Self.now),
                ("\(name) 200 alone", .answered(request, .acceptedWithoutSubscription(200)), Self.now),
                ("\(name) 423", .answered(request, .intervalTooBrief(minimum: .seconds(900))), Self.now),
                ("\(name) 401", .answered(request, .unauthorized(401)), Self.now),
                ("\(name) 481", .answered(request, .failed(.status(481, reason: ""))), Self.now),
                ("\(name) 503", .answered(request, .failed(.status(503, reason: ""))), Self.now),
                ("\(name) silence", .answered(request, .failed(.timedOut)), Self.now),
            ]
        }
        let rows = walk(
            from: starts, inputs,
            name: { machine in
                switch machine.state {
                case .notifyWait(_, let granted, _, let attempt):
                    (granted == nil ? "sent" : "answered") + (attempt.losses > 0 ? " again" : "")
                case .subscribed(_, _, _, .due, _): "subscribed"
                case .subscribed(_, _, _, .inFlight, _): "refreshing"
                case .subscribed(_, _, _, .failed(nil), _): "running out"
                case .subscribed(_, _, _, .failed, _): "failing"
                case .fetching(nil, _): "fetching"
                case .fetching(.some, _): "fetched"
                case .pausing: "pausing"
                case .endingBeforeDialog: "ending early"
                case .endingAfterRefresh: "ending late"
                case .unsubscribing(.unanswered(false)): "unsubscribing"
                case .unsubscribing(.unanswered(true)): "unsubscribing, notified"
                case .unsubscribing(.unnotified): "unsubscribed"
                case .ended: "ended"
                }
            },
            word: { (action: Machine.Action) in
                switch action {
                case .subscribe(.initial, _): "SUBSCRIBE"
                case .subscribe(.refresh, _): "SUBSCRIBE"
                case .subscribe(.end, _): "SUBSCRIBE-0"
                case .subscribeAnew: "SUBSCRIBE-anew"
                case .report: nil
                case .ended: "ended"
                }
            },
            isEnded: \.isEnded
        ) { machine, input, at in machine.handle(input, at: at) }
        expect(rows, Self.clientSubscriptionTable)
    }

    @Test("Server subscription (RFC 6665 §4.2)")
    func serverSubscription() {
        typealias Machine = ServerSubscription
        let inputs: [(name: String, input: Machine.Input, at: Instant)] = [
            ("accept", .accepted(.active, granted: .seconds(600)), Self.now), ("reject", .rejected(403), Self.now),
            ("no subscription", .grantedWithoutSubscription, Self.now), ("change", .changed(.active), Self.now),
            ("renew", .refreshed(granted: .seconds(600)), Self.now), ("leave", .refreshed(granted: .zero), Self.now),
            ("renew knowing", .refreshedKnowing(granted: .seconds(600)), Self.now),
            ("leave knowing", .refreshedKnowing(granted: .zero), Self.now),
            ("terminate", .terminated(reason: "noresource"), Self.now),
            ("200", .notifyAnswered(.accepted(200)), Self.now),
            ("481", .notifyAnswered(.failed(.status(481, reason: ""))), Self.now),
            ("500", .notifyAnswered(.failed(.status(500, reason: ""))), Self.now),
            ("503 for 9 s", .notifyAnswered(.failed(.status(503, reason: ""), retryAfter: .seconds(9))), Self.now),
            ("silence", .notifyAnswered(.failed(.timedOut)), Self.now),
            ("deadline", .deadlineReached, Self.now), ("end", .endRequested, Self.now),
        ]
        let rows = walk(
            from: [Machine(asking: .seconds(600), answerBy: Self.now)], inputs,
            name: { machine in
                switch machine.state {
                case .requested: "requested"
                case .notifying(_, _, .idle): "idle"
                case .notifying(_, _, .inFlight): "notifying"
                case .notifying(_, _, .inFlightThenAgain): "notifying, more to say"
                case .notifying(_, _, .heldBack): "held back"
                case .ending(_, .inFlightThenAgain): "about to end"
                case .ending: "ending"
                case .ended: "ended"
                }
            },
            word: { (action: Machine.Action) in
                switch action {
                case .accept: "200"
                case .acceptQuietly: "204"
                case .reject(let status): "\(status.value)"
                case .notify: "NOTIFY"
                case .notifyFinal: "NOTIFY-last"
                case .ended: "ended"
                }
            },
            isEnded: \.isEnded
        ) { machine, input, at in machine.handle(input, at: at) }
        expect(rows, Self.serverSubscriptionTable)
    }

    @Test("Client publication (RFC 3903 §4)")
    func clientPublication() {
        typealias Machine = ClientPublication
        let passing = Machine.Answer.failed(.status(503, reason: ""), retryAfter: nil, jitter: 0)
        let inputs: [(name: String, input: Machine.Input, at: Instant)] = [
            ("200", .answered(.accepted(tag: "e", granted: .seconds(600))), Self.now),
            ("423", .answered(.intervalTooBrief(minimum: .seconds(900))), Self.now),
            ("412", .answered(.conflict), Self.now), ("401", .answered(.unauthorized(401)), Self.now),
            ("503", .answered(passing), Self.now),
            ("403", .answered(.failed(.status(403, reason: ""), retryAfter: nil, jitter: 0)), Self.now),
            ("modify", .modified, Self.now), ("deadline", .deadlineReached, Self.later),
            ("end", .endRequested, Self.now),
        ]
        let rows = walk(
            from: [Machine.start(asking: .seconds(600)).0], inputs,
            name: { machine in
                switch machine.state {
                case .publishing(_, nil, _, again: false): "first"
                case .publishing(_, nil, _, again: true): "first, more to say"
                case .publishing(_, .some, _, again: false): "later"
                case .publishing(_, .some, _, again: true): "later, more to say"
                case .published: "published"
                case .backingOff(_, nil, _, _): "pausing, unknown"
                case .backingOff(_, .some, _, _): "pausing"
                case .endingAfterAnswer(nil): "ending, unknown"
                case .endingAfterAnswer(.some): "ending"
                case .removing: "removing"
                case .ended: "ended"
                }
            },
            word: { (action: Machine.Action) in
                switch action {
                case .publish(_, document: true, _): "PUBLISH"
                case .publish(_, document: false, _): "PUBLISH-refresh"
                case .unpublish: "PUBLISH-0"
                case .report: nil
                case .ended: "ended"
                }
            },
            isEnded: \.isEnded
        ) { machine, input, at in machine.handle(input, at: at) }
        expect(rows, Self.clientPublicationTable)
    }

    @Test("Client pager message (RFC 3428 §8)")
    func clientPagerMessage() {
        typealias Machine = ClientPagerMessage
        let inputs: [(name: String, input: Machine.Input, at: Instant)] = [
            ("message", .queued(MessageID(serial: 2)), Self.now), ("200", .answered(200), Self.now),
            ("late 200", .answered(200), Self.later), ("404", .failed(.status(404, reason: "")), Self.now),
            ("end", .endRequested(flushUntil: nil), Self.now),
            ("flush", .endRequested(flushUntil: Self.now + .seconds(96)), Self.now),
        ]
        let rows = walk(
            from: [Machine.start(with: MessageID(serial: 1)).0], inputs,
            name: { machine in
                switch machine.state {
                case .sending(_, let queue): queue.isEmpty ? "sending" : "sending, more to come"
                case .ending(_, 0): "ending"
                case .ending: "ending, some given back"
                case .flushing(_, let queue, _): queue.isEmpty ? "flushing the last" : "flushing"
                case .ended: "ended"
                }
            },
            word: { (action: Machine.Action) in
                switch action {
                case .send: "MESSAGE"
                case .delivered: "delivered"
                case .failed: "failed"
                case .undelivered: "given-back"
                case .ended: "ended"
                }
            },
            isEnded: \.isEnded
        ) { machine, input, at in machine.handle(input, at: at) }
        expect(rows, Self.clientPagerMessageTable)
    }

    private func expect(_ rows: [String], _ table: String) {
        let expected = table.split(separator: "\n").map { line in
            line.split(separator: "|", omittingEmptySubsequences: false).map { part in
                part.split(separator: " ").joined(separator: " ")
            }.joined(separator: " | ")
        }
        let found = Set(rows.map { $0.split(separator: " ").joined(separator: " ") })
        let wanted = Set(expected.map { $0.split(separator: " ").joined(separator: " ") })
        #expect(found.subtracting(wanted).sorted() == [], "not in the table")
        #expect(wanted.subtracting(found).sorted() == [], "in the table alone")
    }
}
