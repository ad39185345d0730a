import SIPMessage
import SIPTransaction
import SansIO
import Testing

@testable import DialogUsage
@testable import UserAgent

@Suite("Who calls, as the library tells it")
struct CallerTests {
    private static let source = Source(
        remote: SocketAddress(.loopback4, port: 5070), local: SocketAddress(.loopback4, port: 5060), transport: .udp,
        flow: nil)

    private func call(_ fields: String = "") throws -> DialogUsage.IncomingCall {
        let text = """
            INVITE sip:alice@127.0.0.1 SIP/2.0\r
            Via: SIP/2.0/UDP 127.0.0.1:5070;branch=z9hG4bKa\r
            From: "Bob, Builder" <sip:bob@example.com>;tag=b\r
            To: <sip:sales@example.com>\r
            Call-ID: c\r
            CSeq: 1 INVITE\r
            Contact: <sip:bob@127.0.0.1:5070>\r
            \(fields)Content-Length: 0\r
            \r

            """
        let request = try SIPMessage(parsing: Array(text.utf8))
        return DialogUsage.IncomingCall(
            request: request, from: try request.from(), to: try request.to(), offer: nil, replaces: nil,
            source: Self.source)
    }
    private func told(_ call: DialogUsage.IncomingCall) throws -> Caller {
        let usage = UsageHandle(
            id: UsageID<ServerInviteSession>(serial: 1).any, book: UsageBook(), readers: nil, knownReaders: nil,
            manager: nil)
        let event = UsageEvent.session(.server(UsageID(serial: 1)), .incoming(call))
        let events = ManagerEvent.events(of: event) { _ in usage }
        guard case .incomingCall(usage, let caller, nil)? = events.first else { throw ManagerError.shuttingDown }
        return caller
    }

    @Test("Name, address, and which of our addresses was called")
    func names() throws {
        let caller = try told(try call())
        #expect(caller.address == "sip:bob@example.com" && caller.name == "Bob, Builder")
        #expect(caller.called == "sip:sales@example.com")
        #expect(caller.asserted.isEmpty && caller.answerAfter == nil && caller.replaces == nil)
    }

    @Test(
        "What a trusted proxy asserts, the wish to be answered, and whose place is to be taken (RFC 3325, RFC 5373, RFC 3891)"
    )
    func more() throws {
        var incoming = try call("Call-Info: <sip:example.com>;answer-after=2\r\n")
        incoming.assertedIdentities = [NameAddress(uri: try AnyURI(parsing: "tel:+15551234"), displayName: "Bob")]
        incoming.replaces = .client(UsageID(serial: 7))
        let caller = try told(incoming)
        #expect(caller.asserted == [Contact("tel:+15551234", name: "Bob")])
        #expect(caller.answerAfter == .seconds(2))
        #expect(caller.replaces != nil)
    }

    @Test("A trusted proxy is an IP address, or the manager does not start")
    func proxies() async throws {
        var configuration = DialogUsageManager.Configuration()
        configuration.trustedProxies = ["proxy.example.com"]
        let manager = DialogUsageManager(configuration)
        await #expect(throws: ManagerError.notStarted) { try await manager.addAccount(address: "sip:a@b.example") }
        #expect(throws: ManagerError.malformed("proxy.example.com is not an IP address")) { try manager.start() }
        #expect(await manager.shutdown(giveUp: .zero).isClean)
    }
}
