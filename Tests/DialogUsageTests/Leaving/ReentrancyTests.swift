import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

@Suite("Shutdown: from inside events (shutdown.md E4; section 11, 89)")
struct ReentrancyTests {
    @Test("89. shutdown called inside the event of an incoming call: the call gets its 480")
    func insideIncomingCall() throws {
        var world = World()
        world.react = { world, event in
            if case .session(_, .incoming) = event { world.shutdown(giveUp: .seconds(5)) }
        }
        world.peer.outside(.invite, body: World.sdp)
        world.runToTheEnd()
        #expect(world.peer.responses.last { $0.status?.isFinal == true }?.status == 480)
        #expect(world.report?.isClean == true)
        world.finish()
    }

    @Test("89. shutdown called inside a terminal event: the rest is ended in order")
    func insideTerminalEvent() throws {
        var world = World()
        try world.register()
        let call = try world.call()
        world.react = { world, event in
            if case .ended(call, _) = event { world.shutdown(giveUp: .seconds(5)) }
        }
        world.take(world.core.end(call, at: world.now))
        world.runToTheEnd()
        #expect(world.requests.last?.method == .register && world.requests.last?.value(.expires) == "0")
        #expect(world.report?.usages.map(\.id.kind) == [.clientRegistration])
        world.finish()
    }

    @Test("89. shutdown called inside the event of a successful registration: un-REGISTER")
    func insideRegistration() throws {
        var world = World()
        world.react = { world, event in
            if case .registration(_, .registered) = event { world.shutdown(giveUp: .seconds(5)) }
        }
        let id = try world.register()
        world.runToTheEnd()
        #expect(world.outcome(of: id) == .local(200))
        #expect(world.requests.map { $0.value(.expires) } == ["3600", "0"])
        world.finish()
    }

    @Test("Ending one usage inside the terminal event of another, and shutting down inside the last one (E4)")
    func chain() throws {
        var world = World()
        let (first, second) = (try world.call(), try world.subscribe())
        world.react = { world, event in
            if case .ended(first, _) = event { world.take(world.core.end(second, at: world.now)) }
            if case .ended(second, _) = event { world.shutdown() }
        }
        world.take(world.core.end(first, at: world.now))
        world.runToTheEnd()
        #expect(world.report?.usages.isEmpty == true)
        world.finish()
    }
}
