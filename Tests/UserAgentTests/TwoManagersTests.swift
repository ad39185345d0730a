import Testing
import UserAgent

/// Two programs that know nothing but the library, over real sockets.
@Suite("The library from both ends", .serialized)
struct TwoManagersTests {
    @Test("A call: offer, answer, hold refused, the end told to both, and kept in their handles (E3)")
    func call() async throws {
        let pair = try await Pair()
        let (caller, callee) = try await pair.call()
        let hold = try SessionText.audioOffer(address: "127.0.0.1", port: 40_000)
            .replacing("a=sendrecv", with: "a=sendonly")
        let events = callee.events
        let answers = caller.events
        try await pair.alice.modify(caller, offer: hold)
        for await case .offered(_, let description) in events {
            #expect(description?.contains("a=sendonly") == true)
            try await pair.bob.rejectOffer(callee)
            break
        }
        for await case .answered(_, let description) in answers {
            #expect(description == nil)
            break
        }
        caller.end()
        #expect(await caller.ended == .local(status: 200))
        #expect(await callee.ended == .byPeer(status: nil))
        #expect(await caller.ended == .local(status: 200))
        await #expect(throws: ManagerError.self) { try await pair.alice.modify(caller, offer: hold) }
        let reports = await pair.leave()
        #expect(reports.alice.isClean && reports.bob.isClean)
    }

    @Test("A call that is ended as soon as it was asked for has a handle, and an end")
    func earlyEnd() async throws {
        let pair = try await Pair()
        let offer = try SessionText.audioOffer(address: "127.0.0.1", port: 40_000)
        let call = try await pair.alice.invite(pair.bobsAddress, offer: offer, from: pair.account)
        call.end()
        #expect(await call.ended == .local(status: 487))
        var last: ManagerEvent?
        for await event in call.events { last = event }
        #expect(last == .ended(call, .local(status: 487)))
        _ = await pair.leave()
    }

    @Test("A watcher is asked about, let in, told, and said goodbye to; the order of the shutdown is the application's")
    func watching() async throws {
        let pair = try await Pair()
        let watching = try await pair.alice.subscribe(
            pair.bobsAddress, event: "presence", expires: .seconds(60), from: pair.account)
        var told: [String] = []
        for await case .watched(let watcher, _, let event) in pair.bob.events {
            #expect(event == "presence")
            try await pair.bob.accept(watcher, contentType: "text/plain", body: Array("one".utf8))
            try await pair.bob.notify(watcher, contentType: "text/plain", body: Array("two".utf8))
            break
        }
        for await case .notified(_, _, _, let body) in watching.events {
            told.append(String(decoding: body, as: UTF8.self))
            if told.count == 2 { break }
        }
        #expect(told == ["one", "two"])
        let report = await pair.bob.shutdown(giveUp: .seconds(5))
        #expect(report.usages.map(\.type) == [.serverSubscription])
        #expect(report.isClean)
        _ = await pair.alice.shutdown(giveUp: .seconds(5))
    }

    @Test("A transfer is asked for and declined; the call goes on (RFC 3515 §2.4.2)")
    func transfer() async throws {
        let pair = try await Pair()
        let (caller, callee) = try await pair.call()
        let requests = pair.bob.events
        let referral = try await pair.alice.transfer(caller, to: "sip:carol@127.0.0.1:9")
        for await case .transferRequested(let request, _, let target) in requests {
            #expect(target == "sip:carol@127.0.0.1:9")
            try await pair.bob.declineTransfer(request)
            break
        }
        for await case .transferConcluded(_, let status) in referral.events {
            #expect(status == 603)
            break
        }
        callee.end()
        #expect(await caller.ended == .byPeer(status: nil))
        let reports = await pair.leave()
        #expect(reports.alice.isClean && reports.bob.isClean)
    }

    @Test("What is not the usage's to do is refused with a sentence, and nothing traps")
    func wrongUsage() async throws {
        let pair = try await Pair()
        let message = try await pair.alice.message(pair.bobsAddress, body: [104, 105], from: pair.account)
        await #expect(throws: ManagerError.self) { try await pair.alice.answer(message, with: "v=0") }
        await #expect(throws: ManagerError.self) { try await pair.alice.refresh(message) }
        await #expect(throws: ManagerError.self) { try await pair.alice.notify(message, contentType: nil, body: []) }
        await #expect(throws: ManagerError.self) { try await pair.alice.extendShutdown(by: .seconds(1)) }
        #expect(await message.ended == .byPeer(status: 200))
        let reports = await pair.leave()
        #expect(reports.alice.isClean && reports.bob.isClean)
    }
}
