import DialogUsage
import SIPMessage
import SansIO
import Testing

@Suite("Server subscription (RFC 6665 §4.2)")
struct ServerSubscriptionTests {
    let now = Instant.zero + .seconds(100)
    static let accepted = ServerSubscription.Input.notifyAnswered(.accepted(200))

    private func active() -> ServerSubscription {
        var subscription = ServerSubscription(asking: .seconds(600), answerBy: now + .seconds(20))
        _ = subscription.handle(.accepted(.active, granted: .seconds(600)), at: now)
        return subscription
    }

    @Test("Accepting answers 200 and sends the first NOTIFY at once (§4.2.1.2)")
    func accept() {
        var subscription = ServerSubscription(asking: .seconds(600), answerBy: now + .seconds(20))
        #expect(
            subscription.handle(.accepted(.pending, granted: .seconds(600)), at: now)
                == [.accept(expires: .seconds(600)), .notify(.pending, expiresAt: now + .seconds(600))])
    }

    @Test("Changes while a NOTIFY is in flight go out as one NOTIFY after it")
    func coalesces() {
        var subscription = active()
        #expect(subscription.handle(.changed(.active), at: now) == [])
        #expect(subscription.handle(.changed(.active), at: now) == [])
        #expect(subscription.handle(Self.accepted, at: now) == [.notify(.active, expiresAt: now + .seconds(600))])
        #expect(subscription.handle(Self.accepted, at: now) == [])
    }

    @Test("SUBSCRIBE with Expires 0 brings 200 and the final NOTIFY (§4.2.1.4)")
    func unsubscribed() {
        var subscription = active()
        _ = subscription.handle(Self.accepted, at: now)
        #expect(
            subscription.handle(.refreshed(granted: .zero), at: now) == [
                .accept(expires: .zero), .notifyFinal(.timeout),
            ])
        #expect(subscription.handle(Self.accepted, at: now) == [.ended(.endedByPeer(200))])
    }

    @Test("A fetch, Expires 0 at first, brings 200 and one NOTIFY (§4.4.3)")
    func fetch() {
        var subscription = ServerSubscription(asking: .zero, answerBy: now + .seconds(20))
        #expect(
            subscription.handle(.accepted(.active, granted: .zero), at: now)
                == [.accept(expires: .zero), .notifyFinal(.timeout)])
    }

    @Test("It runs out at its expiry, and the watcher is told (§4.2.1.4)")
    func expiry() {
        var subscription = active()
        _ = subscription.handle(Self.accepted, at: now)
        #expect(subscription.nextDeadline == now + .seconds(600))
        #expect(subscription.handle(.deadlineReached, at: now + .seconds(600)) == [.notifyFinal(.timeout)])
    }

    @Test("End waits for the NOTIFY in flight, so that the last one is the last (R2, W16)")
    func endWaits() {
        var subscription = active()
        #expect(subscription.end(at: now) == [])
        #expect(subscription.handle(Self.accepted, at: now) == [.notifyFinal(.goingAway)])
        #expect(subscription.handle(Self.accepted, at: now) == [.ended(.local(200))])
    }

    @Test("End before the SUBSCRIBE is answered refuses it 480 (W15)")
    func endUnanswered() {
        var subscription = ServerSubscription(asking: .seconds(600), answerBy: now + .seconds(20))
        #expect(subscription.end(at: now) == [.reject(480), .ended(.local(480))])
    }

    @Test("481 to a NOTIFY ends the subscription (§4.2.2)")
    func gone() {
        var subscription = active()
        #expect(
            subscription.handle(.notifyAnswered(.failed(.status(481, reason: ""))), at: now) == [
                .ended(.endedByPeer(481))
            ])
    }
}

@Suite("Client pager message (RFC 3428)")
struct ClientPagerMessageTests {
    let now = Instant.zero
    let first = MessageID(serial: 1)
    let second = MessageID(serial: 2)

    @Test("No second MESSAGE before the first is answered (§8)")
    func oneAtATime() {
        var (pager, actions) = ClientPagerMessage.start(with: first)
        #expect(actions == [.send(first)])
        #expect(pager.handle(.queued(second), at: now) == [])
        #expect(pager.handle(.answered(200), at: now) == [.delivered(first, 200), .send(second)])
        #expect(pager.handle(.answered(202), at: now) == [.delivered(second, 202), .ended(.endedByPeer(202))])
    }

    @Test("End gives the queue back and awaits the one in flight (W23)")
    func end() {
        var (pager, _) = ClientPagerMessage.start(with: first)
        _ = pager.handle(.queued(second), at: now)
        #expect(pager.end(at: now) == [.undelivered(second)])
        #expect(pager.handle(.answered(200), at: now) == [.delivered(first, 200), .ended(.undelivered(1))])
    }
}
