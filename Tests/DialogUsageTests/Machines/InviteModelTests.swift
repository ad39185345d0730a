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

    /// What the two machines have in common here.
    private struct Model<Machine: Hashable, Input> {
        let first: Machine
        let inputs: [Input]
        /// Whatever answers come to the end, in the order in which they can.
        let answers: [Input]
        let isEnding: (Machine) -> Bool
        let isEnded: (Machine) -> Bool
        /// What it does with an input, and how many ends it tells.
        let handle: (inout Machine, Input, Instant) -> (actions: Int, ends: Int)
        /// How much it does when it is asked to end.
        let end: (inout Machine, Instant) -> Int
    }

    private func check<Machine, Input>(_ model: Model<Machine, Input>) {
        var known: Set<Machine> = [model.first]
        var open = [model.first]
        while let state = open.popLast() {
            for input in model.inputs {
                var next = state
                let (actions, ends) = model.handle(&next, input, now + .seconds(1000))
                let isEnd = model.isEnded(next) && !model.isEnded(state)
                #expect(ends == (isEnd ? 1 : 0), "\(state) on \(input)")
                if model.isEnded(state) { #expect(actions == 0, "\(state) on \(input)") }
                if model.isEnding(state) { #expect(model.isEnding(next), "\(state) on \(input)") }
                if known.insert(next).inserted { open.append(next) }
            }
        }
        #expect(known.count > 8)
        for state in known {
            var ending = state
            _ = model.end(&ending, now)
            #expect(model.isEnding(ending), "\(state)")
            #expect(model.end(&ending, now) == 0, "twice is once: \(state)")
            for input in model.answers { _ = model.handle(&ending, input, now) }
            #expect(model.isEnded(ending), "\(state)")
        }
    }

    @Test("Calling: one end on every path, nothing after it, and what was asked to end does end")
    func client() {
        check(
            Model<ClientInviteSession, ClientInviteSession.Input>(
                first: ClientInviteSession(patience: .seconds(32), expiresAt: now + .seconds(60)),
                inputs: clientInputs, answers: [.provisional(180), .refused(487, reason: ""), .byeAnswered(200)],
                isEnding: \.isEnding, isEnded: \.isEnded,
                handle: { machine, input, now in
                    let actions = machine.handle(input, at: now)
                    return (actions.count, actions.count { if case .ended = $0 { true } else { false } })
                },
                end: { machine, now in machine.end(at: now).count }))
    }

    @Test("Called: one end on every path, nothing after it, and what was asked to end does end")
    func server() {
        let timing = ServerInviteSession.Timing(t1: .milliseconds(500), t2: .seconds(4))
        check(
            Model<ServerInviteSession, ServerInviteSession.Input>(
                first: ServerInviteSession(timing: timing, expiresAt: now + .seconds(60)),
                inputs: serverInputs, answers: [.refusalAcknowledged, .acknowledged, .byeAnswered(200)],
                isEnding: \.isEnding, isEnded: \.isEnded,
                handle: { machine, input, now in
                    let actions = machine.handle(input, at: now)
                    return (actions.count, actions.count { if case .ended = $0 { true } else { false } })
                },
                end: { machine, now in machine.end(at: now).count }))
    }
}
