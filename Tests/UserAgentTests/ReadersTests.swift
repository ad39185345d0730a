import Testing

@testable import UserAgent

@Suite("Who reads the events of a usage", .serialized)
struct ReadersTests {
    @Test("L2: events that nobody reads do not keep themselves, their handles, or the usage's book")
    func unread() async throws {
        weak var book: UsageBook?
        weak var readers: UsageReaders?
        do {
            let pair = try await Pair()
            let question = try await pair.alice.options(pair.bobsAddress, from: pair.account)
            book = question.book
            readers = question.readers
            #expect(await question.ended == .byPeer(status: 200))
            #expect(book != nil && readers != nil)
            _ = await pair.leave()
        }
        #expect(book == nil)
        #expect(readers == nil)
    }

    @Test("Readers who have gone are forgotten with the next event")
    func gone() {
        let readers = UsageReaders(eventBuffer: 4)
        for _ in 0..<100 {
            let stream = readers.stream()
            _ = stream.makeAsyncIterator()
        }
        let stays = readers.stream()
        readers.note(.shutdownProgress(waitingFor: []))
        #expect(readers.count == 1)
        readers.close()
        withExtendedLifetime(stays) {}
    }

    @Test("A handle out of an event of the usage itself reads and waits like any other")
    func ownHandle() async throws {
        let pair = try await Pair()
        let question = try await pair.alice.options(pair.bobsAddress, from: pair.account)
        var ended: UsageHandle?
        for await case .ended(let usage, _) in question.events { ended = usage }
        let usage = try #require(ended)
        #expect(usage == question)
        #expect(await usage.ended == .byPeer(status: 200))
        var further: [ManagerEvent] = []
        for await event in usage.events { further.append(event) }
        #expect(further == [])
        _ = await pair.leave()
    }
}
