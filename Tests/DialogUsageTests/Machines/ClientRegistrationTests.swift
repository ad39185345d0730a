import DialogUsage
import SIPMessage
import SansIO
import Testing

@Suite("Client registration (RFC 3261 §10)")
struct ClientRegistrationTests {
    let now = Instant.zero + .seconds(100)
    static let passing = Failure.status(503, reason: "Service Unavailable")

    private func registered(for granted: Duration = .seconds(600)) -> ClientRegistration {
        var (registration, _) = ClientRegistration.start(asking: .seconds(3600))
        _ = registration.handle(.answered(.accepted(granted: granted, jitter: 0)), at: now)
        return registration
    }

    @Test("The registrar's own time counts, and a tenth of it is kept in hand (§10.2.4)")
    func lease() {
        let registration = registered()
        #expect(registration.state == .registered(asking: .seconds(3600), Lease(granted: .seconds(600), at: now)))
        #expect(registration.nextDeadline == now + .seconds(540))
    }

    @Test("A refresh asks for what was asked first, not for what was granted (§10.2.4)")
    func refresh() {
        var registration = registered()
        #expect(registration.handle(.deadlineReached, at: now + .seconds(540)) == [.register(expires: .seconds(3600))])
    }

    @Test("423: asks again for the minimum the registrar names (§10.3 step 7)")
    func intervalTooBrief() {
        var (registration, _) = ClientRegistration.start(asking: .seconds(60))
        #expect(
            registration.handle(.answered(.intervalTooBrief(minimum: .seconds(1800))), at: now)
                == [.register(expires: .seconds(1800))])
    }

    @Test("423 with a minimum that is no more than what was asked ends it: no loop (H-006)")
    func intervalNeverEnough() {
        var (registration, _) = ClientRegistration.start(asking: .seconds(60))
        let actions = registration.handle(.answered(.intervalTooBrief(minimum: .seconds(60))), at: now)
        #expect(actions.last == .ended(.endedByPeer(423)))
        #expect(registration.isEnded)
    }

    @Test("503 with Retry-After waits that long, then registers again (RFC 3261 §21.5.4)")
    func retryAfter() {
        var (registration, _) = ClientRegistration.start(asking: .seconds(60))
        let actions = registration.handle(
            .answered(.failed(Self.passing, retryAfter: .seconds(7), jitter: 0.5)), at: now)
        #expect(actions == [.report(.failed(Self.passing, retryAt: now + .seconds(7)))])
        #expect(registration.nextDeadline == now + .seconds(7))
        #expect(registration.handle(.deadlineReached, at: now + .seconds(7)) == [.register(expires: .seconds(60))])
    }

    @Test("Silence again and again: the pauses double and stay below 30 minutes (RFC 5626 §4.5)")
    func backsOff() {
        var (registration, _) = ClientRegistration.start(asking: .seconds(60))
        var at = now
        var pauses: [Int64] = []
        for _ in 0..<9 {
            _ = registration.handle(.answered(.failed(.timedOut, retryAfter: nil, jitter: 1)), at: at)
            let next = registration.nextDeadline ?? at
            pauses.append((next - at).inMilliseconds / 1000)
            at = next
            _ = registration.handle(.deadlineReached, at: at)
        }
        #expect(pauses == [60, 120, 240, 480, 960, 1800, 1800, 1800, 1800])
    }

    @Test(
        "A refusal for good ends it, with the reason and one terminal event (§10.2)", arguments: [403, 404, 405, 600])
    func refusedForGood(code: Int) throws {
        var (registration, _) = ClientRegistration.start(asking: .seconds(60))
        let status = try #require(StatusCode(exactly: code))
        let failure = Failure.status(status, reason: "no")
        #expect(
            registration.handle(.answered(.failed(failure, retryAfter: nil, jitter: 0)), at: now)
                == [.report(.failed(failure, retryAt: nil)), .ended(.endedByPeer(status))])
    }

    @Test("End while registered un-REGISTERs, and 200 ends it (W27)")
    func end() {
        var registration = registered()
        #expect(registration.end(at: now) == [.unregister(.own)])
        #expect(registration.handle(.answered(.accepted(granted: .zero, jitter: 0)), at: now) == [.ended(.local(200))])
    }

    @Test("End twice sends one un-REGISTER (W30)")
    func endTwice() {
        var registration = registered()
        _ = registration.end(at: now)
        #expect(registration.end(at: now) == [])
    }

    @Test("End while a REGISTER is in flight waits for its answer, then un-REGISTERs (W28, R3)")
    func endInFlight() {
        var (registration, _) = ClientRegistration.start(asking: .seconds(60))
        #expect(registration.end(at: now) == [])
        #expect(
            registration.handle(.answered(.accepted(granted: .seconds(60), jitter: 0)), at: now) == [.unregister(.own)])
    }

    @Test(
        "After the end, a first REGISTER that failed leaves nothing, one that may have worked is taken back (W28)",
        arguments: [
            (Failure.timedOut, true), (.status(500, reason: ""), true), (.status(403, reason: ""), false),
            (.status(404, reason: ""), false), (.unreachable("gone"), false),
        ])
    func endInFlightThenFailure(failure: Failure, takesBack: Bool) {
        var (registration, _) = ClientRegistration.start(asking: .seconds(60))
        _ = registration.end(at: now)
        let actions = registration.handle(.answered(.failed(failure, retryAfter: nil, jitter: 0)), at: now)
        #expect(actions == (takesBack ? [.unregister(.own)] : [.ended(.neverEstablished)]))
    }

    @Test(
        "How the un-REGISTER's answer is read (R6)",
        arguments: [
            (Failure.status(404, reason: ""), UsageOutcome.local(404)), (.status(410, reason: ""), .local(410)),
            (.status(500, reason: ""), .refused(500)), (.status(408, reason: ""), .peerUnresponsive),
            (.timedOut, .peerUnresponsive), (.unreachable("RST"), .transportFailed),
        ])
    func outcomes(failure: Failure, outcome: UsageOutcome) {
        var registration = registered()
        _ = registration.end(at: now)
        #expect(
            registration.handle(.answered(.failed(failure, retryAfter: nil, jitter: 0)), at: now) == [.ended(outcome)])
    }

    @Test("While backing off, end sends nothing unless a binding may still stand (W28)")
    func endWhileBackingOff() {
        var (fresh, _) = ClientRegistration.start(asking: .seconds(60))
        _ = fresh.handle(.answered(.failed(Self.passing, retryAfter: nil, jitter: 0)), at: now)
        #expect(fresh.end(at: now) == [.ended(.neverEstablished)])

        var bound = registered()
        _ = bound.handle(.deadlineReached, at: now + .seconds(540))
        _ = bound.handle(.answered(.failed(Self.passing, retryAfter: nil, jitter: 0)), at: now + .seconds(541))
        #expect(bound.end(at: now + .seconds(542)) == [.unregister(.own)])
    }
}
