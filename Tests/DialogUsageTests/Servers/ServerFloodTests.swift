import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

@Suite("A server under a flood")
struct ServerFloodTests {
    @Test(
        "10,000 requests of every kind in a second: what waits is bounded, everything is answered, a call goes on (H-043)"
    )
    func flood() throws {
        var world = World {
            $0.registrar = RegistrarConfiguration(domain: World.domain)
            $0.limits.waitingRequests = 100
            $0.limits.serverSubscriptions = 100
            $0.addresses = .any
        }
        let call = try world.calledUp(answering: true)
        let methods: [Method] = [.invite, .register, .options, .message, .subscribe]
        for number in 0..<10_000 {
            let method = methods[number % methods.count]
            world.peer.outside(method, body: method == .invite ? World.sdp : "", expires: "600")
            if number % 10 == 9 { world.run(for: .milliseconds(1)) }
        }
        world.run(for: .milliseconds(100))
        // The call from before, the calls that ring, and what the application may have waiting.
        #expect(world.core.census.usages <= 1 + 8 + 100 + 100)
        #expect(world.core.census.usages > 100)
        world.peer.manners[.notify] = .silent
        world.run(for: .seconds(40))
        var finals: [Method: Set<String>] = [:]
        for answer in world.peer.responses where answer.status?.isFinal == true {
            finals[answer.method, default: []].insert(try answer.callID())
        }
        for method in [Method.register, .options, .message] { #expect(finals[method]?.count == 2_000, "\(method)") }
        // Those that ring are the user's to answer, those that wait to watch the application's.
        #expect((finals[.invite]?.count ?? 0) >= 2_000 - 8)
        #expect((finals[.subscribe]?.count ?? 0) >= 2_000 - 100)
        #expect(world.outcome(of: call.any) == nil, "the call goes on")
        world.take(world.core.end(call.any, at: world.now))
        world.run(for: .milliseconds(200))
        #expect(world.outcome(of: call.any) == .local(200))
        world.take(world.core.forceShutdown(at: world.now))
        world.finish()
    }
}
