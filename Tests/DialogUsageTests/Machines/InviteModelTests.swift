import DialogUsage
import SIPMessage
import SansIO
import Testing

/// Every state of the two invite machines that any order of inputs leads to.
@Suite("Model check: invite sessions (shutdown.md, section 11, 112)")
struct InviteModelTests {
    let now = Instant.zero + .seconds(100)
    private let silence = Failure.timedOut

    private var clientInputs: [ClientInviteSession.Input] {
        [
            .provisional(100), .provisional(180), .accepted(.settled), .accepted(.offering), .accepted(.faulty),
            .offerAnswered, .refused(486, reason: ""), .refused(401, reason: ""), .failed(silence), .peerEnded,
            .byeAnswered(200), .byeFailed(silence), .deadlineReached, .endRequested,
        ]
    }
    private var serverInputs: [ServerInviteSession.Input] {
        [
            .rang, .answered, .rejected(486), .unheard, .cancelled, .acknowledged, .acknowledgedWithoutAnswer,
            .refusalAcknowledged, .refusalUnacknowledged, .peerEnded, .byeAnswered(200), .byeFailed(silence),
            .deadlineReached, .endRequested,
        ]
    }

    @Test("Calling: one end on every path, nothing after it, and what was asked to end does end")
    func client() {
        let first = ClientInviteSession(patience: .seconds(32), expiresAt: now + .seconds(60))
        var known: Set<ClientInviteSession> = [first]
        var open = [first]
        while let state = open.popLast() {
            for input in clientInputs {
                var next = state
                let actions = next.handle(input, at: now + .seconds(1000))
                let ends = actions.filter { if case .ended = $0 { true } else { false } }.count
                #expect(ends == (next.isEnded && !state.isEnded ? 1 : 0), "\(state) on \(input)")
                if state.isEnded { #expect(actions.isEmpty, "\(state) on \(input)") }
                if state.isEnding { #expect(next.isEnding, "\(state) on \(input)") }
                if known.insert(next).inserted { open.append(next) }
            }
        }
        #expect(known.count > 8)
        for state in known {
            var ending = state
            _ = ending.end(at: now)
            #expect(ending.isEnding, "\(state)")
            #expect(ending.end(at: now).isEmpty, "twice is once: \(state)")
            // Whatever answers come, in the order in which they can.
            for input in [.provisional(180), .refused(487, reason: ""), .byeAnswered(200)]
                as [ClientInviteSession.Input]
            {
                _ = ending.handle(input, at: now)
            }
            #expect(ending.isEnded, "\(state)")
        }
    }

    @Test("Called: one end on every path, nothing after it, and what was asked to end does end")
    func server() {
        let timing = ServerInviteSession.Timing(t1: .milliseconds(500), t2: .seconds(4))
        let first = ServerInviteSession(timing: timing, expiresAt: now + .seconds(60))
        var known: Set<ServerInviteSession> = [first]
        var open = [first]
        while let state = open.popLast() {
            for input in serverInputs {
                var next = state
                let actions = next.handle(input, at: now + .seconds(1000))
                let ends = actions.filter { if case .ended = $0 { true } else { false } }.count
                #expect(ends == (next.isEnded && !state.isEnded ? 1 : 0), "\(state) on \(input)")
                if state.isEnded { #expect(actions.isEmpty, "\(state) on \(input)") }
                if state.isEnding { #expect(next.isEnding, "\(state) on \(input)") }
                if known.insert(next).inserted { open.append(next) }
            }
        }
        #expect(known.count > 8)
        for state in known {
            var ending = state
            _ = ending.end(at: now)
            #expect(ending.isEnding, "\(state)")
            #expect(ending.end(at: now).isEmpty, "twice is once: \(state)")
            for input in [.refusalAcknowledged, .acknowledged, .byeAnswered(200)] as [ServerInviteSession.Input] {
                _ = ending.handle(input, at: now)
            }
            #expect(ending.isEnded, "\(state)")
        }
    }
}
