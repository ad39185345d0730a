import DialogUsage
import SIPMessage
import SansIO
import Testing

@Suite("Client subscription (RFC 6665 §4.1)")
struct ClientSubscriptionTests {
    let now = Instant.zero + .seconds(100)
    static let patience = ClientSubscription.Patience(timerN: .seconds(32), notifyGrace: .seconds(5))

    private func fresh() -> ClientSubscription {
        ClientSubscription.start(asking: .seconds(3600), patience: Self.patience, at: now).0
    }
    private func active() -> ClientSubscription {
        var subscription = fresh()
        _ = subscription.handle(.answered(.initial, .accepted(200, granted: .seconds(3600))), at: now)
        _ = subscription.handle(.notified(.live(.active, granted: .seconds(600))), at: now)
        return subscription
    }

    @Test("Without a NOTIFY it is given up at Timer N, although the 2xx came (§4.1.2.4)")
    func timerN() {
        var subscription = fresh()
        _ = subscription.handle(.answered(.initial, .accepted(202, granted: .seconds(3600))), at: now)
        #expect(subscription.nextDeadline == now + .seconds(32))
        #expect(subscription.handle(.deadlineReached, at: now + .seconds(32)) == [.ended(.notifyMissing)])
    }

    @Test("The NOTIFY's expires shortens the lease (§4.1.3)")
    func notifyShortens() { #expect(active().nextDeadline == now + .seconds(540)) }

    @Test("A NOTIFY before the 2xx establishes it (§4.1.2.4)")
    func early() {
        var subscription = fresh()
        _ = subscription.handle(.notified(.live(.pending, granted: .seconds(600))), at: now)
        _ = subscription.handle(.answered(.initial, .accepted(200, granted: .seconds(3600))), at: now)
        #expect(
            subscription.state
                == .subscribed(
                    .pending, Lease(granted: .seconds(600), at: now), asking: .seconds(3600), refresh: .due,
                    .init(begunAt: now)))
    }

    @Test("A failed refresh leaves the subscription standing until its lease runs out, and is tried again (§4.1.2.2)")
    func failedRefresh() {
        var subscription = active()
        let due = now + .seconds(540)
        #expect(subscription.handle(.deadlineReached, at: due) == [.subscribe(.refresh, expires: .seconds(3600))])
        let failure = Failure.status(503, reason: "")
        #expect(
            subscription.handle(.answered(.refresh, .failed(failure)), at: due) == [.report(.refreshFailed(failure))])
        #expect(subscription.nextDeadline == now + .seconds(570))
        let again = subscription.handle(.deadlineReached, at: now + .seconds(570))
        #expect(again == [.subscribe(.refresh, expires: .seconds(3600))])
        _ = subscription.handle(.answered(.refresh, .failed(failure)), at: now + .seconds(597))
        #expect(subscription.nextDeadline == now + .seconds(600), "no time for another")
        let over = subscription.handle(.deadlineReached, under: .never, at: now + .seconds(600))
        #expect(over == [.ended(.peerUnresponsive)])
    }

    @Test(
        "These statuses to a refresh say that the subscription is gone (§4.1.2.2)",
        arguments: [404, 405, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 604])
    func gone(code: Int) throws {
        var subscription = active()
        _ = subscription.handle(.deadlineReached, at: now + .seconds(540))
        let status = try #require(StatusCode(exactly: code))
        let actions = subscription.handle(
            .answered(.refresh, .failed(.status(status, reason: ""))), under: .never, at: now + .seconds(541))
        #expect(actions == [.ended(.endedByPeer(status))])
    }

    @Test("NOTIFY terminated ends it (§4.1.3)")
    func terminated() {
        var subscription = active()
        #expect(subscription.handle(.notified(.terminated(.rejected)), at: now) == [.ended(.endedByPeer(nil))])
    }

    @Test("End: SUBSCRIBE 0, its 2xx, and then the final NOTIFY (shutdown test 39, W19)")
    func end() {
        var subscription = active()
        #expect(subscription.end(at: now) == [.subscribe(.end, expires: .zero)])
        #expect(subscription.handle(.answered(.end, .accepted(200, granted: .seconds(1))), at: now) == [])
        #expect(subscription.handle(.notified(.terminated(.timeout)), at: now) == [.ended(.local(200))])
    }

    @Test("End: the final NOTIFY overtakes the 2xx (shutdown test 40, W21)")
    func endOvertaken() {
        var subscription = active()
        _ = subscription.end(at: now)
        #expect(subscription.handle(.notified(.terminated(.timeout)), at: now) == [])
        #expect(
            subscription.handle(.answered(.end, .accepted(200, granted: .seconds(1))), at: now) == [.ended(.local(200))]
        )
    }

    @Test("End: 200 but never a NOTIFY, the 2004 case, is over after notifyGrace (shutdown test 41)")
    func crashedServer() {
        var subscription = active()
        _ = subscription.end(at: now)
        _ = subscription.handle(.answered(.end, .accepted(200, granted: .seconds(1))), at: now)
        #expect(subscription.nextDeadline == now + .seconds(5))
        #expect(subscription.handle(.deadlineReached, at: now + .seconds(5)) == [.ended(.notifyMissing)])
    }

    @Test("End while a refresh is in flight waits for its answer (shutdown test 49, W20)")
    func endDuringRefresh() {
        var subscription = active()
        _ = subscription.handle(.deadlineReached, at: now + .seconds(540))
        #expect(subscription.end(at: now + .seconds(540)) == [])
        #expect(
            subscription.handle(.answered(.refresh, .accepted(200, granted: .seconds(3600))), at: now + .seconds(541))
                == [.subscribe(.end, expires: .zero)])
    }

    @Test("End before anything was heard waits for the 2xx, then SUBSCRIBE 0 (shutdown test 50, W18)")
    func endBeforeAnswer() {
        var subscription = fresh()
        #expect(subscription.end(at: now) == [])
        #expect(
            subscription.handle(.answered(.initial, .accepted(200, granted: .seconds(3600))), at: now)
                == [.subscribe(.end, expires: .zero)])
    }

    @Test("A live NOTIFY while ending changes nothing (shutdown test 47, W19)")
    func liveWhileEnding() {
        var subscription = active()
        _ = subscription.end(at: now)
        #expect(subscription.handle(.notified(.live(.active, granted: nil)), at: now) == [])
        #expect(subscription.state == .unsubscribing(.unanswered(notified: false)))
    }
}
