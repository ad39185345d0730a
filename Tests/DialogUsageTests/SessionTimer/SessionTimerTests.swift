import DialogUsage
import SIPMessage
import SansIO
import Testing

/// Seconds after the beginning.
private func at(_ seconds: Int64) -> Instant { .zero + .seconds(seconds) }

@Suite("The session timer as a table (RFC 4028)")
struct SessionTimerTests {
    private func running(_ interval: Int64, _ refresher: SessionTimer.Side) -> SessionTimer {
        var timer = SessionTimer(patience: .seconds(32))
        _ = timer.handle(.agreed(.init(interval: .seconds(interval), refresher: refresher)), at: .zero)
        return timer
    }
    /// What happens at the next deadline, and when that is.
    private func next(_ timer: inout SessionTimer) throws -> (Instant, [SessionTimer.Action]) {
        let deadline = try #require(timer.nextDeadline)
        return (deadline, timer.handle(.deadlineReached, at: deadline))
    }

    @Test(
        "We refresh: at half the interval, again after each 2xx (RFC 4028 §7.2)",
        arguments: [90, 1800, 86400] as [Int64])
    func half(interval: Int64) throws {
        var timer = running(interval, .us)
        #expect(try next(&timer) == (at(interval / 2), [.refresh]))
        _ = timer.handle(.agreed(.init(interval: .seconds(interval), refresher: .us)), at: at(interval / 2))
        #expect(try next(&timer) == (at(interval), [.refresh]))
    }

    @Test(
        "They refresh, and do not: the end comes ahead of the expiry by 32 s or a third (RFC 4028 §10)",
        arguments: [(90, 60), (96, 64), (120, 88), (1800, 1768)] as [(Int64, Int64)])
    func margin(interval: Int64, end: Int64) throws {
        var timer = running(interval, .them)
        #expect(try next(&timer) == (at(end), [.end]))
        #expect(timer.state == .expired && timer.nextDeadline == nil)
    }

    @Test("They refresh, and do: the clock starts again (RFC 4028 §10)")
    func refreshed() throws {
        var timer = running(120, .them)
        _ = timer.handle(.agreed(.init(interval: .seconds(120), refresher: .them)), at: at(60))
        #expect(timer.nextDeadline == at(60 + 88))
    }

    @Test("A 2xx without Session-Expires stops the timer, another interval or refresher replaces it (RFC 4028 §7.2)")
    func replaced() {
        for refresher in [SessionTimer.Side.us, .them] {
            var timer = running(1800, refresher)
            _ = timer.handle(.agreed(.init(interval: .seconds(600), refresher: .us)), at: at(100))
            #expect(timer.nextDeadline == at(400))
            _ = timer.handle(.agreed(.init(interval: .seconds(90), refresher: .them)), at: at(200))
            #expect(timer.nextDeadline == at(260))
            _ = timer.handle(.agreed(nil), at: at(210))
            #expect(timer.state == .off && timer.nextDeadline == nil)
        }
    }

    @Test("408, 481 and silence to a refresh end the session; 491 lets it be repeated later (RFC 4028 §10)")
    func refusals() throws {
        var gone = running(100, .us)
        _ = try next(&gone)
        #expect(gone.handle(.refreshRefused(.gone), at: at(51)) == [.end])
        var glare = running(100, .us)
        _ = try next(&glare)
        #expect(glare.handle(.refreshRefused(.pending(retryAt: at(53))), at: at(51)) == [])
        #expect(try next(&glare) == (at(53), [.refresh]))
    }

    @Test("Other refusals: again after half of what is left, then no more, and the end at the expiry (RFC 4028 §10)")
    func otherRefusals() throws {
        var timer = running(1600, .us)
        var tries: [Instant] = []
        while true {
            let (when, actions) = try next(&timer)
            tries.append(when)
            guard actions == [.refresh] else {
                #expect(actions == [.end])
                break
            }
            #expect(timer.handle(.refreshRefused(.other), at: when) == [])
        }
        #expect(tries == [800, 1200, 1400, 1500, 1550].map(at) + [at(1600)])
    }

    @Test("422 to a refresh: the larger interval from then on, and the old expiry stands (RFC 4028 §7.3, §10)")
    func tooSmall() throws {
        var timer = running(100, .us)
        _ = try next(&timer)
        let isNews = timer.raise(to: .seconds(300))
        #expect(isNews)
        #expect(timer.asks(SessionTimerPolicy()) == SessionExpires(.seconds(300), refresher: .uac))
        #expect(timer.nextDeadline == at(100))
        var fields = FieldList()
        timer.write(into: &fields, SessionTimerPolicy())
        #expect(fields.first(.minSE) == "300")
        // The same once more, or less, is no news: nobody is asked again for it.
        let again = [timer.raise(to: .seconds(300)), timer.raise(to: .seconds(90))]
        #expect(again == [false, false])
    }

    @Test("A re-INVITE for another purpose refreshes too; its failure brings the old deadlines back (RFC 4028 §7.2)")
    func otherPurpose() {
        var timer = running(1800, .them)
        _ = timer.handle(.refreshSent, at: at(10))
        #expect(timer.nextDeadline == at(1800))
        _ = timer.handle(.refreshRefused(.other), at: at(11))
        #expect(timer.nextDeadline == at(1768))
    }

    @Test(
        "The machine slept: an overdue refresh leaves at once, and nobody is blamed for silence (TMR-337, RFC 4028 §10)"
    )
    func slept() {
        for refresher in [SessionTimer.Side.us, .them] {
            var timer = running(1800, refresher)
            #expect(timer.handle(.deadlineReached, at: at(9000)) == [.refresh])
            // The answer has its time, although the expiry is long past.
            #expect(timer.nextDeadline == at(9032))
            #expect(timer.handle(.deadlineReached, at: at(9031)) == [])
            _ = timer.handle(.agreed(.init(interval: .seconds(1800), refresher: refresher)), at: at(9031))
            #expect(timer.nextDeadline == at(9031 + (refresher == .us ? 900 : 1768)))
        }
    }

    @Test("Too early a deadline does nothing, and nothing follows the end")
    func early() {
        var timer = running(1800, .us)
        let before = timer
        #expect(timer.handle(.deadlineReached, at: at(899)) == [] && timer == before)
        _ = timer.handle(.refreshRefused(.gone), at: at(1))
        for input in [SessionTimer.Input.agreed(nil), .refreshSent, .deadlineReached, .refreshRefused(.gone)] {
            #expect(timer.handle(input, at: at(5000)) == [] && timer.state == .expired)
        }
    }

    @Test("What we ask for: 1800 s, never below 90 or our own least (RFC 4028 §4, §5, §7.1)")
    func asks() {
        let timer = SessionTimer(patience: .seconds(32))
        var policy = SessionTimerPolicy()
        #expect(timer.asks(policy)?.description == "1800")
        policy.interval = .seconds(10)
        #expect(timer.asks(policy)?.description == "90")
        policy.minimum = .seconds(300)
        #expect(timer.asks(policy)?.description == "300")
        policy.interval = nil
        #expect(timer.asks(policy) == nil)
    }
}

@Suite("What a request for a session timer is answered with (RFC 4028 §9)")
struct SessionTimerAnswerTests {
    @Test(
        "Table 2: who refreshes (RFC 4028 §9)",
        arguments: [
            (false, nil, .uas, false), (true, nil, .uac, true), (true, .uac, .uac, true), (true, .uas, .uas, true),
        ] as [(Bool, SessionExpires.Refresher?, SessionExpires.Refresher, Bool)])
    func refresher(
        isSupported: Bool, asked: SessionExpires.Refresher?, answer: SessionExpires.Refresher, isRequired: Bool
    ) {
        let terms = SessionTimerPolicy().answer(
            SessionExpires(.seconds(1000), refresher: asked), minimum: nil, isSupportedByPeer: isSupported)
        #expect(terms == .timer(SessionExpires(.seconds(1000), refresher: answer), isRequired: isRequired))
        #expect(terms.agreement?.refresher == (answer == .uac ? .them : .us))
        var fields = FieldList()
        terms.write(into: &fields)
        #expect(fields.first(.sessionExpires) == "1000;refresher=\(answer.rawValue)")
        #expect(fields.first(.require) == (isRequired ? "timer" : nil))
    }

    @Test("Below our least: 422, but only to whom that says something; never raised (RFC 4028 §9)")
    func tooSmall() {
        var policy = SessionTimerPolicy()
        policy.minimum = .seconds(120)
        let asked = SessionExpires(.seconds(100))
        #expect(policy.answer(asked, minimum: nil, isSupportedByPeer: true) == .tooSmall(minimum: .seconds(120)))
        #expect(
            policy.answer(asked, minimum: nil, isSupportedByPeer: false)
                == .timer(SessionExpires(.seconds(100), refresher: .uas), isRequired: false))
        policy.minimum = .seconds(10)
        #expect(
            policy.answer(SessionExpires(.seconds(89)), minimum: nil, isSupportedByPeer: true)
                == .tooSmall(minimum: .seconds(90)))
    }

    @Test("Nobody asked: ours is put to those who know it, not below their least (RFC 4028 §9)")
    func unasked() {
        var policy = SessionTimerPolicy()
        #expect(policy.answer(nil, minimum: nil, isSupportedByPeer: false) == .noTimer)
        #expect(
            policy.answer(nil, minimum: .seconds(2000), isSupportedByPeer: true)
                == .timer(SessionExpires(.seconds(2000), refresher: .uac), isRequired: true))
        policy.interval = nil
        #expect(policy.answer(nil, minimum: nil, isSupportedByPeer: true) == .noTimer)
    }

    @Test(
        "Session-Expires is read with its refresher, compact form too (RFC 4028 §4)",
        arguments: [
            ("Session-Expires: 100", "100"), ("x: 100;refresher=uas", "100;refresher=uas"),
            ("Session-Expires: 100 ; a=b ; Refresher = UAC", "100;refresher=uac"),
            ("Session-Expires: 100;refresher=me", "100"), ("Session-Expires: soon", nil), ("Subject: x", nil),
        ] as [(String, String?)])
    func reading(field: String, read: String?) throws {
        let parts = field.split(separator: ": ", maxSplits: 1).map(String.init)
        let asking = Asking("INVITE") { $0.fields = [(parts[0], parts[1])] }
        #expect(try SIPMessage(parsing: asking.bytes).sessionExpiry?.description == read)
    }
}
