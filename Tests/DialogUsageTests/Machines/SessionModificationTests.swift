import DialogUsage
import SIPMessage
import SansIO
import Testing

@Suite("The one request under way in a session (RFC 3261 §14, RFC 3311 §5)")
struct SessionModificationMachineTests {
    let now = Instant.zero + .seconds(100)

    private func after(_ inputs: SessionModification.Input...) -> SessionModification {
        var modification = SessionModification(timing: .init(t1: .milliseconds(500), t2: .seconds(4)))
        for input in inputs { _ = modification.handle(input, at: now) }
        return modification
    }

    @Test(
        "While ours is out the peer's is refused with 491, while the peer's is, another with 500 (RFC 3261 §14.2)",
        arguments: [
            .reinvite, .update, .prack,
        ] as [SessionModification.Source])
    func busy(source: SessionModification.Source) {
        var sent = after(.offerRequested(.reinvite))
        #expect(sent.handle(.received(source), at: now) == [.refuse(491)])
        var received = after(.received(.reinvite))
        #expect(received.handle(.received(source), at: now) == [.refuse(500)])
        var answered = after(.received(.reinvite), .responded)
        #expect(answered.handle(.received(source), at: now) == [.refuse(500)])
    }

    @Test("491: ours is sent again when the wait is over, and not before (RFC 3261 §14.1)")
    func glare() {
        var modification = after(.offerRequested(.update), .glare(wait: .seconds(2)))
        #expect(modification.nextDeadline == now + .seconds(2))
        #expect(modification.handle(.deadlineReached, at: now + .seconds(1)) == [])
        #expect(modification.handle(.deadlineReached, at: now + .seconds(2)) == [.send(.update)])
        #expect(modification.handle(.succeeded, at: now) == [])
        #expect(modification.isIdle)
    }

    @Test("The peer's turn during the wait: ours is kept, and follows when the peer's is over (RFC 3261 §14.1)")
    func turns() {
        var modification = after(
            .offerRequested(.reinvite), .glare(wait: .seconds(2)), .received(.reinvite), .responded)
        #expect(modification.nextDeadline == now + .milliseconds(500), "the answer is repeated")
        _ = modification.handle(.acknowledged, at: now + .seconds(3))
        #expect(modification.nextDeadline == now + .seconds(3))
        #expect(modification.handle(.deadlineReached, at: now + .seconds(3)) == [.send(.reinvite)])
        var dropped = after(.offerRequested(.update), .glare(wait: .seconds(2)), .received(.update), .dropped)
        #expect(dropped.handle(.deadlineReached, at: now + .seconds(2)) == [.send(.update)])
    }

    @Test("Only the answer to a re-INVITE waits for an ACK, and its absence ends the session (RFC 3261 §14.2)")
    func acknowledgement() {
        for source in [.update, .prack, .provisional, .acceptance] as [SessionModification.Source] {
            #expect(after(.received(source), .responded).isIdle)
        }
        var modification = after(.received(.reinvite), .responded)
        var repeats = 0
        while let next = modification.nextDeadline {
            let actions = modification.handle(.deadlineReached, at: next)
            if actions == [.endSession] { break }
            #expect(actions == [.repeatAnswer])
            repeats += 1
        }
        #expect(repeats == 10)
        #expect(modification.isIdle)
    }

    @Test("The end forgets what we wanted, and answers what the peer did (W9)")
    func end() {
        var received = after(.received(.update))
        #expect(received.handle(.endRequested, at: now) == [.refusePending])
        for var modification in [
            after(), after(.offerRequested(.reinvite)), after(.offerRequested(.reinvite), .glare(wait: .seconds(2))),
            after(.received(.reinvite), .responded),
        ] {
            #expect(modification.handle(.endRequested, at: now) == [])
            #expect(modification.isIdle)
            #expect(modification.nextDeadline == nil)
        }
    }
}

@Suite("Reliable provisional responses of ours (RFC 3262 §3)")
struct ProvisionalDeliveryMachineTests {
    let now = Instant.zero + .seconds(100)
    private let ringing = ProvisionalDelivery.Provisional(status: 180)

    private func delivery() -> ProvisionalDelivery {
        ProvisionalDelivery(first: 41, t1: .milliseconds(500), mostHeld: 2)
    }

    @Test("Numbers go up by one, one response at a time, held ones in order and not without limit (RFC 3262 §3)")
    func order() {
        var delivery = delivery()
        #expect(delivery.handle(.said(ringing), at: now) == [.transmit(ringing, number: 42)])
        for status in [181, 182, 183] as [StatusCode] {
            #expect(delivery.handle(.said(.init(status: status)), at: now) == [])
        }
        #expect(delivery.handle(.acknowledged(41), at: now) == [.mismatch])
        #expect(delivery.handle(.acknowledged(42), at: now) == [.confirm, .transmit(.init(status: 181), number: 43)])
        #expect(delivery.handle(.acknowledged(42), at: now) == [.mismatch])
        #expect(delivery.handle(.acknowledged(43), at: now) == [.confirm, .transmit(.init(status: 182), number: 44)])
        #expect(delivery.handle(.acknowledged(44), at: now) == [.confirm])
        #expect(delivery.nextDeadline == nil)
    }

    @Test("Repeated at T1, doubling without end, until 64·T1 (RFC 3262 §3)")
    func repeats() {
        var delivery = delivery()
        _ = delivery.handle(.said(ringing), at: now)
        var times: [Int64] = []
        while let next = delivery.nextDeadline {
            times.append((next - now).inMilliseconds)
            if delivery.handle(.deadlineReached, at: next) == [.refuse] { break }
        }
        #expect(times == [500, 1500, 3500, 7500, 15500, 31500, 32000])
    }

    @Test("A final answer ends the repetition; the PRACK that comes late still has its answer, once (RFC 3262 §3)")
    func final() {
        var delivery = delivery()
        _ = delivery.handle(.said(ringing), at: now)
        #expect(delivery.handle(.finalSent, at: now) == [])
        #expect(delivery.nextDeadline == nil)
        #expect(delivery.handle(.acknowledged(42), at: now) == [.confirm])
        #expect(delivery.handle(.acknowledged(42), at: now) == [.mismatch])
    }

    @Test("Without a description in the way the 2xx goes at once (RFC 3262 §3)")
    func answer() {
        var delivery = delivery()
        #expect(delivery.handle(.answerRequested, at: now) == [.answer])
        #expect(delivery.handle(.said(ringing), at: now) == [])
        var waiting = self.delivery()
        _ = waiting.handle(.said(ringing), at: now)
        #expect(waiting.handle(.answerRequested, at: now) == [.answer])
        #expect(waiting.nextDeadline == nil)
    }
}
