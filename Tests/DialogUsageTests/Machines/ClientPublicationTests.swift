import DialogUsage
import SIPMessage
import SansIO
import Testing

@Suite("Client publication (RFC 3903)")
struct ClientPublicationTests {
    let now = Instant.zero + .seconds(100)

    private func published() -> ClientPublication {
        var (publication, _) = ClientPublication.start(asking: .seconds(600))
        _ = publication.handle(.answered(.accepted(tag: "a1", granted: .seconds(600))), at: now)
        return publication
    }

    @Test("The first PUBLISH carries the document and no entity-tag (§4.2)")
    func first() {
        let (_, actions) = ClientPublication.start(asking: .seconds(600))
        #expect(actions == [.publish(tag: nil, document: true, expires: .seconds(600))])
    }

    @Test("A refresh carries the entity-tag and no document (§4.1)")
    func refresh() {
        var publication = published()
        #expect(
            publication.handle(.deadlineReached, at: now + .seconds(540))
                == [.publish(tag: "a1", document: false, expires: .seconds(600))])
    }

    @Test("Each success brings a new entity-tag, and the newest is used (§4.1)")
    func newTag() {
        var publication = published()
        _ = publication.handle(.deadlineReached, at: now)
        _ = publication.handle(.answered(.accepted(tag: "b2", granted: .seconds(600))), at: now)
        #expect(publication.end(at: now) == [.unpublish(tag: "b2")])
    }

    @Test("PUBLISHes do not overlap: a change meanwhile goes out after the answer, under its tag (§4.2)")
    func modifiedInFlight() {
        var (publication, _) = ClientPublication.start(asking: .seconds(600))
        #expect(publication.handle(.modified, at: now) == [])
        #expect(
            publication.handle(.answered(.accepted(tag: "a1", granted: .seconds(600))), at: now) == [
                .report(.published(entityTag: "a1", expires: .seconds(600))),
                .publish(tag: "a1", document: true, expires: .seconds(600)),
            ])
    }

    @Test("412 publishes the whole document afresh, without a tag (§4.1)")
    func conflict() {
        var publication = published()
        _ = publication.handle(.deadlineReached, at: now)
        #expect(
            publication.handle(.answered(.conflict), at: now)
                == [.report(.conflict), .publish(tag: nil, document: true, expires: .seconds(600))])
    }

    @Test("412 to a PUBLISH without a tag is a refusal, not a loop (H-006)")
    func conflictWithoutTag() {
        var (publication, _) = ClientPublication.start(asking: .seconds(600))
        #expect(publication.handle(.answered(.conflict), at: now).last == .ended(.endedByPeer(412)))
    }

    @Test("412 to the un-PUBLISH is success, and nothing is published again (shutdown test 67, R6)")
    func conflictAtEnd() {
        var publication = published()
        _ = publication.end(at: now)
        #expect(publication.handle(.answered(.conflict), at: now) == [.ended(.local(412))])
    }

    @Test("End while the first PUBLISH is in flight un-PUBLISHes with the tag its answer brings (W25)")
    func endInFlight() {
        var (publication, _) = ClientPublication.start(asking: .seconds(600))
        #expect(publication.end(at: now) == [])
        #expect(
            publication.handle(.answered(.accepted(tag: "z9", granted: .seconds(600))), at: now)
                == [.unpublish(tag: "z9")])
    }

    @Test("End in a back-off un-PUBLISHes only what was published (W26)")
    func endInBackOff() {
        let failure = ClientPublication.Input.answered(.failed(.timedOut, retryAfter: nil, jitter: 0))
        var (fresh, _) = ClientPublication.start(asking: .seconds(600))
        _ = fresh.handle(failure, at: now)
        #expect(fresh.end(at: now) == [.ended(.neverEstablished)])
        var known = published()
        _ = known.handle(.deadlineReached, at: now)
        _ = known.handle(failure, at: now)
        #expect(known.end(at: now) == [.unpublish(tag: "a1")])
    }
}
