import DialogUsage
import SIPMessage
import SansIO
import Testing

@Suite("Client invite session (RFC 3261 §13.2, §15)")
struct ClientInviteSessionTests {
    let now = Instant.zero + .seconds(100)

    private func session(_ inputs: ClientInviteSession.Input...) -> ClientInviteSession {
        var session = ClientInviteSession(patience: .seconds(32))
        for input in inputs { _ = session.handle(input, at: now) }
        return session
    }

    @Test("No CANCEL before a provisional response, and one right after it (RFC 3261 §9.1, W2)")
    func cancelWaits() {
        var session = session()
        #expect(session.end(at: now) == [])
        #expect(session.handle(.provisional(100), at: now) == [.cancel])
        #expect(session.handle(.provisional(180), at: now) == [])
        #expect(session.handle(.refused(487, reason: ""), at: now) == [.reportClosing(.byUs), .ended(.local(487))])
    }

    @Test("2xx crosses CANCEL: ACK and BYE, and nobody hears of a connection (W5)")
    func crossing() {
        var session = session(.provisional(180), .endRequested)
        #expect(session.handle(.accepted(.settled), at: now) == [.acknowledge, .bye])
        #expect(session.handle(.byeAnswered(200), at: now) == [.reportClosing(.byUs), .ended(.local(200))])
    }

    @Test("A CANCEL without effect is given up after 64·T1 (W3)")
    func cancelIgnored() {
        var session = session(.provisional(180), .endRequested)
        #expect(session.nextDeadline == now + .seconds(32))
        #expect(
            session.handle(.deadlineReached, at: now + .seconds(32))
                == [.reportClosing(.byUs), .ended(.peerUnresponsive)])
    }

    @Test("A repeated 2xx is acknowledged again, also while BYE is out (§13.2.2.4)")
    func repeatedAccept() {
        var session = session(.accepted(.settled))
        #expect(session.handle(.accepted(.settled), at: now) == [.acknowledge])
        _ = session.end(at: now)
        #expect(session.handle(.accepted(.settled), at: now) == [.acknowledge])
    }

    @Test("Any final answer to BYE ends it (R6)", arguments: [200, 408, 481, 503])
    func byeAnswers(code: Int) throws {
        var session = session(.accepted(.settled), .endRequested)
        let status = try #require(StatusCode(exactly: code))
        #expect(session.handle(.byeAnswered(status), at: now).last == .ended(.local(status)))
    }

    @Test("Their BYE while ours is out leaves ours to end it: one terminal event (W10)")
    func byeCrossing() {
        var session = session(.accepted(.settled), .endRequested)
        #expect(session.handle(.peerEnded, at: now) == [])
        #expect(session.handle(.byeAnswered(481), at: now).count == 2)
    }

    @Test("Nobody answers the INVITE: Timer B ends it (§17.1.1.2)")
    func silence() {
        var session = session()
        #expect(
            session.handle(.failed(.timedOut), at: now) == [
                .reportClosing(.failed(.timedOut)), .ended(.peerUnresponsive),
            ])
    }
}

@Suite("Server invite session (RFC 3261 §13.3, §15)")
struct ServerInviteSessionTests {
    let now = Instant.zero + .seconds(100)

    private func session(_ inputs: ServerInviteSession.Input...) -> ServerInviteSession {
        var session = ServerInviteSession(timing: .init(t1: .milliseconds(500), t2: .seconds(4)))
        for input in inputs { _ = session.handle(input, at: now) }
        return session
    }

    @Test("The 2xx is repeated at T1 doubling to T2, and 64·T1 after it BYE is sent (§13.3.1.4)")
    func repeats() {
        var session = session(.answered)
        var times: [Int64] = []
        while let next = session.nextDeadline {
            let actions = session.handle(.deadlineReached, at: next)
            times.append((next - now).inMilliseconds)
            if actions == [.bye] { break }
            #expect(actions == [.repeatAccept])
        }
        #expect(times == [500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500, 32000])
    }

    @Test("End after the 2xx waits for the ACK, then BYE (W12)")
    func endBeforeAck() {
        var session = session(.answered)
        #expect(session.end(at: now) == [])
        #expect(session.handle(.acknowledged, at: now) == [.bye])
    }

    @Test("BYE instead of the ACK ends it (W13)")
    func byeInsteadOfAck() {
        var session = session(.answered, .endRequested)
        #expect(session.handle(.peerEnded, at: now) == [.reportClosing(.byPeer), .ended(.endedByPeer(nil))])
    }

    @Test("End while it rings: 480, over with its ACK (W11)")
    func endRinging() {
        var session = session()
        #expect(session.end(at: now) == [.refuse(480)])
        #expect(session.handle(.refusalAcknowledged, at: now) == [.reportClosing(.byUs), .ended(.local(480))])
    }

    @Test("No ACK to the 480: over at Timer H (§17.2.1)")
    func noAckToRefusal() {
        var session = session(.endRequested)
        #expect(session.handle(.refusalUnacknowledged, at: now).last == .ended(.peerUnresponsive))
    }

    @Test("CANCEL after our refusal changes nothing (W14)")
    func cancelAfterRefusal() {
        var session = session(.endRequested)
        #expect(session.handle(.cancelled, at: now) == [])
    }

    @Test("CANCEL while it rings: 487, and the caller is named as the one who left (§9.2)")
    func cancelled() {
        var session = session()
        #expect(session.handle(.cancelled, at: now) == [.refuse(487)])
        #expect(
            session.handle(.refusalAcknowledged, at: now)
                == [.reportClosing(.cancelledByPeer), .ended(.endedByPeer(487))])
    }
}
