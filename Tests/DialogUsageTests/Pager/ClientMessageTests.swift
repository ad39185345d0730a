import DialogUsage
import Ladder
import SIPMessage
import SIPTransaction
import SansIO
import Testing

@Suite("Messages of ours (RFC 3428)")
struct ClientMessageTests {
    private func messages(_ world: World) -> [SIPMessage] { world.requests.filter { $0.method == .message } }
    private func failures(_ world: World) -> [Failure] {
        world.events.compactMap { if case .pager(_, .failed(_, let failure)) = $0 { failure } else { nil } }
    }

    @Test("MESSAGE has no Contact, and its body the type that was given (MSG-394, RFC 3428 §4)")
    func shape() throws {
        var world = World()
        try world.message("hello")
        world.run(for: .milliseconds(100))
        let message = try #require(messages(world).first)
        #expect(!message.has(.contact))
        #expect(message.value(.contentType) == "text/plain")
        #expect(message.bodyText == "hello")
        #expect(try message.to().tag == nil)
        world.leave()
    }

    @Test(
        "A second message to the same peer waits for the answer to the first; the order is kept (MSG-397, RFC 3428 §8)")
    func queued() throws {
        var world = World()
        world.intercept = { world, message in
            guard message.method == .message else { return false }
            world.peer.answer(message, 200, after: .seconds(1))
            return true
        }
        for text in ["one", "two", "three"] { try world.message(text) }
        world.run(for: .milliseconds(500))
        #expect(messages(world).map(\.bodyText) == ["one"])
        world.run(for: .seconds(1))
        // The answer took a second, so that the retransmissions of Timer E are among them.
        #expect(Set(messages(world).map(\.bodyText)) == ["one", "two"])
        world.run(for: .seconds(10))
        var order: [String] = []
        for text in messages(world).map(\.bodyText) where order.last != text { order.append(text) }
        #expect(order == ["one", "two", "three"])
        #expect(world.core.usages.isEmpty)
        world.leave()
    }

    @Test("A message beyond 1300 octets goes by TCP, or not at all: never by UDP (MSG-396, RFC 3428 §8)")
    func large() throws {
        var world = World()
        let text = String(repeating: "x", count: 1_400)
        let account = world.account
        let (_, _, outputs) = try world.core.message(
            account, to: World.uri("bob"), contentType: "text/plain", body: Array(text.utf8), at: world.now)
        var connections: [FlowID] = []
        for case .network(.connect(let id, let transport, _)) in outputs {
            #expect(transport == .tcp)
            connections.append(id)
        }
        #expect(connections.count == 1)
        world.flow = connections.first
        // Nobody listens on TCP: another request would go back to UDP (RFC 3261 §18.1.1).
        world.take(outputs.filter { if case .network(.connect) = $0 { false } else { true } })
        world.take(world.core.handle(.closed(try #require(connections.first), .refused), at: world.now))
        world.flow = nil
        world.run(for: .seconds(1))
        #expect(messages(world).isEmpty)
        #expect(failures(world).count == 1)
        #expect(world.core.usages.isEmpty)
        world.leave()
    }

    @Test(
        "A server that asks to be left alone gets none of 500 waiting messages, and each is given back (UAC-117, MSG-397)"
    )
    func pausedQueue() throws {
        var world = World()
        world.intercept = { world, request in
            guard request.method == .message else { return false }
            world.peer.answer(request, 503) { $0.append(.retryAfter, "60") }
            return true
        }
        for index in 0..<500 { try world.message("\(index)") }
        world.run(for: .seconds(1))
        #expect(messages(world).count == 1)
        #expect(failures(world).count == 500)
        #expect(failures(world).allSatisfy { $0.status == 503 })
        world.leave()
    }
}
