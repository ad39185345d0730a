import Testing
import UserAgent

@Suite("The library in a call", .serialized)
struct TalkingTests {
    @Test(
        "Messages and INFO go both ways in a call, in order, and it is told what became of them (RFC 3428 §4, RFC 6086)"
    )
    func talking() async throws {
        let pair = try await Pair()
        let (caller, callee) = try await pair.call()
        let (heardByAlice, heardByBob) = (caller.events, callee.events)
        for word in ["one", "two"] { try await pair.alice.message(inCall: caller, body: Array(word.utf8)) }
        try await pair.alice.info(caller, contentType: "application/dtmf-relay", body: Array("Signal=5\r\n".utf8))
        try await pair.bob.message(inCall: callee, contentType: "text/html", body: Array("<p>".utf8))
        var told: [ManagerEvent] = []
        for await event in heardByBob {
            told.append(event)
            if case .info = event { break }
        }
        #expect(
            told.filter { if case .delivered = $0 { false } else { true } } == [
                .messageInCall(callee, contentType: "text/plain", body: Array("one".utf8)),
                .messageInCall(callee, contentType: "text/plain", body: Array("two".utf8)),
                .info(callee, contentType: "application/dtmf-relay", body: Array("Signal=5\r\n".utf8)),
            ])
        told = []
        for await event in heardByAlice {
            told.append(event)
            if told.count == 4 { break }
        }
        #expect(told.count { $0 == .delivered(caller, status: 200) } == 2)
        #expect(told.contains(.infoAnswered(caller, failure: nil)))
        #expect(told.contains(.messageInCall(caller, contentType: "text/html", body: Array("<p>".utf8))))

        let refusals = caller.events
        try await pair.alice.info(caller, contentType: "text/plain", body: [53])
        for await case .infoAnswered(_, let failure) in refusals {
            #expect(failure?.hasPrefix("415") == true)
            break
        }

        let closing = caller.events
        callee.end()
        for await case .closing(_, let why, _) in closing {
            #expect(why == .byPeer)
            break
        }
        #expect(await caller.ended == .byPeer(status: nil))
        await #expect(throws: ManagerError.self) { try await pair.alice.message(inCall: caller, body: [104, 105]) }
        let reports = await pair.leave()
        #expect(reports.alice.isClean && reports.bob.isClean)
    }

    @Test("A message is refused while the call is not connected, and where there is no call")
    func tooEarly() async throws {
        let pair = try await Pair()
        let offer = try SessionText.audioOffer(address: "127.0.0.1", port: 40_000)
        let call = try await pair.alice.invite(pair.bobsAddress, offer: offer, from: pair.account)
        await #expect(throws: ManagerError.self) { try await pair.alice.message(inCall: call, body: [104, 105]) }
        let options = try await pair.alice.options(pair.bobsAddress, from: pair.account)
        await #expect(throws: ManagerError.self) { try await pair.alice.message(inCall: options, body: [104, 105]) }
        _ = await pair.leave()
    }

    @Test("OPTIONS tells what the peer understands (RFC 3261 §11.2)")
    func capabilities() async throws {
        let pair = try await Pair()
        let question = try await pair.alice.options(pair.bobsAddress, from: pair.account)
        for await case .capabilities(_, let status, let methods, let extensions, let types) in question.events {
            #expect(status == 200)
            #expect(methods.contains("INVITE") && methods.contains("MESSAGE"))
            #expect(extensions.contains("100rel") && types.contains("application/sdp"))
            break
        }
        #expect(await question.ended == .byPeer(status: 200))
        _ = await pair.leave()
    }

    /// Alice asks before she follows; bob has somebody beside him.
    private func redirecting() async throws -> (pair: Pair, carol: String, call: UsageHandle) {
        var configuration = DialogUsageManager.Configuration()
        configuration.redirection = .ask
        let pair = try await Pair(configuration)
        let carol = "sip:carol@127.0.0.1:\(pair.bob.port ?? 0)"
        _ = try await pair.bob.addAccount(address: carol)
        let offer = try SessionText.audioOffer(address: "127.0.0.1", port: 40_000)
        let call = try await pair.alice.invite(pair.bobsAddress, offer: offer, from: pair.account)
        for await case .incomingCall(let callee, _, _) in pair.bob.events {
            await #expect(throws: ManagerError.self) { try await pair.bob.redirect(callee, to: []) }
            try await pair.bob.redirect(
                callee, to: [Contact(carol, name: "Carol", q: 0.9), Contact("sip:dave@127.0.0.1:9", q: 0.5)])
            break
        }
        return (pair, carol, call)
    }

    @Test("A redirection is asked about, followed, and the call stands at another address (RFC 3261 §8.1.3.4)")
    func followed() async throws {
        let (pair, carol, call) = try await redirecting()
        let events = call.events
        var followed: [String] = []
        for await event in events {
            if case .redirectionOffered(_, let contacts) = event {
                #expect(contacts.map(\.address) == [carol, "sip:dave@127.0.0.1:9"])
                #expect(contacts.first == Contact(carol, name: "Carol", q: 0.9))
                try await pair.alice.follow(call, to: [contacts[0]])
                await #expect(throws: ManagerError.self) { try await pair.alice.follow(call, to: [contacts[1]]) }
            }
            if case .redirected(_, let target) = event {
                followed.append(target)
                break
            }
        }
        #expect(followed == [carol])
        for await case .incomingCall(let callee, _, let offer?) in pair.bob.events {
            try await pair.bob.answer(
                callee, with: try SessionText.audioAnswer(to: offer, address: "127.0.0.1", port: 40_002))
            break
        }
        for await case .connected in events { break }
        let reports = await pair.leave()
        #expect(reports.alice.isClean && reports.bob.isClean)
    }

    @Test("A redirection that is not followed ends the call with the 3xx (RFC 3261 §8.1.3.4)")
    func notFollowed() async throws {
        let (pair, _, call) = try await redirecting()
        let events = call.events
        for await case .redirectionOffered in events { break }
        call.end()
        for await case .closing(_, let why, _) in events {
            #expect(why == .refused(status: 302, phrase: "Moved Temporarily"))
            break
        }
        #expect(await call.ended == .byPeer(status: 302))
        _ = await pair.leave()
    }
}
