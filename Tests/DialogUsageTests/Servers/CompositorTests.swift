import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

@Suite("Event state compositor: what a PUBLISH does (RFC 3903 §6)")
struct CompositorTests {
    static let resource = PublishedResource(
        address: AddressOfRecord(user: "alice", host: "example.com"), package: "presence")

    private func documents(_ world: World) -> [String] {
        world.core.compositor?.publications(of: Self.resource, at: world.now)
            .map { String(decoding: $0.document.body, as: UTF8.self) } ?? []
    }

    @Test("Each success names the publication anew, and the old entity-tag is good no longer (step 6)")
    func newTagEachTime() throws {
        var world = World.compositor()
        var tags: [String] = []
        tags.append(try #require(world.publish("<one/>", cseq: 1)?.value(.sipETag)))
        tags.append(try #require(world.publish(tag: tags[0], cseq: 2)?.value(.sipETag)))
        tags.append(try #require(world.publish("<two/>", tag: tags[1], cseq: 3)?.value(.sipETag)))
        #expect(Set(tags).count == 3)
        #expect(world.publish("<late/>", tag: tags[0], cseq: 4)?.status == 412)
        #expect(world.publish("<late/>", tag: tags[1], cseq: 5)?.status == 412)
        #expect(documents(world) == ["<two/>"])
        world.close()
    }

    @Test(
        "A refresh without a body keeps the document and its age; Expires says the time that was chosen (steps 4 to 6)")
    func refresh() throws {
        var world = World.compositor()
        let tag = try #require(world.publish("<one/>", cseq: 1)?.value(.sipETag))
        let since = world.core.compositor?.publications(of: Self.resource, at: world.now).first?.since
        world.run(for: .seconds(30))
        let answer = world.publish(tag: tag, cseq: 2, expires: 100_000)
        #expect(answer?.status == 200)
        #expect(answer?.value(.expires) == "3600")
        #expect(documents(world) == ["<one/>"])
        #expect(world.core.compositor?.publications(of: Self.resource, at: world.now).first?.since == since)
        world.close()
    }

    @Test("Expires 0 removes it at once, and even then there is a new entity-tag (steps 5 and 6)")
    func remove() throws {
        var world = World.compositor()
        let tag = try #require(world.publish("<one/>", cseq: 1)?.value(.sipETag))
        let answer = world.publish(tag: tag, cseq: 2, expires: 0)
        #expect(answer?.status == 200)
        #expect(answer?.value(.expires) == "0")
        #expect(answer?.value(.sipETag).map { $0 != tag } == true)
        #expect(documents(world).isEmpty)
        #expect(world.core.compositor?.timerCount == 0)
        world.close()
    }

    @Test("Expires 0 of a first publication stores nothing (step 5)")
    func publishedForNoTime() {
        var world = World.compositor()
        #expect(world.publish("<one/>", cseq: 1, expires: 0)?.status == 200)
        #expect(world.core.compositor?.count == 0)
        world.close()
    }

    @Test("An entity-tag that is unknown, of another resource or run out is 412 (step 3)")
    func unknownTag() throws {
        var world = World.compositor()
        #expect(world.publish("<one/>", tag: "none", cseq: 1)?.status == 412)
        let bobs = try #require(world.publish("<bob/>", user: "bob", cseq: 2)?.value(.sipETag))
        #expect(world.publish("<one/>", tag: bobs, cseq: 3)?.status == 412)
        let mine = try #require(world.publish("<one/>", cseq: 4, expires: 60)?.value(.sipETag))
        world.run(for: .seconds(61))
        #expect(world.publish(tag: mine, cseq: 5)?.status == 412)
        world.close()
    }

    @Test("Two entity-tags in SIP-If-Match are 400, in one field or in two (step 3)")
    func twoTags() throws {
        var world = World.compositor()
        let tag = try #require(world.publish("<one/>", cseq: 1)?.value(.sipETag))
        #expect(world.publish(tag: "\(tag), \(tag)", cseq: 2)?.status == 400)
        #expect(world.publish(tag: tag, cseq: 3) { $0.append(.sipIfMatch, tag) }?.status == 400)
        #expect(documents(world) == ["<one/>"])
        world.close()
    }

    @Test("Less than the shortest time is 423 with Min-Expires, and the old state stands (step 4)")
    func tooBrief() throws {
        var world = World.compositor()
        let tag = try #require(world.publish("<one/>", cseq: 1)?.value(.sipETag))
        let answer = world.publish("<two/>", tag: tag, cseq: 2, expires: 59)
        #expect(answer?.status == 423)
        #expect(answer?.value(.minExpires) == "60")
        #expect(documents(world) == ["<one/>"])
        #expect(world.publish("<two/>", tag: tag, cseq: 3)?.status == 200)
        world.close()
    }

    @Test("Without Expires the usual time counts (step 4)")
    func usualTime() {
        var world = World.compositor { $0.usualExpires = .seconds(900) }
        #expect(world.publish("<one/>", cseq: 1, expires: nil)?.value(.expires) == "900")
        world.close()
    }

    @Test("A package that is not served, and none at all, are 489 with Allow-Events (step 2)")
    func badEvent() {
        var world = World.compositor()
        let answer = world.publish("<one/>", cseq: 1) { $0.set(.event, "dialog") }
        #expect(answer?.status == 489)
        #expect(answer?.value(.allowEvents) == "presence")
        #expect(world.publish("<one/>", cseq: 2) { $0.remove(.event) }?.status == 489)
        world.close()
    }

    @Test("A document of another type is 415 with Accept; one without a type too (step 5)")
    func wrongType() {
        var world = World.compositor()
        let answer = world.publish("hello", cseq: 1, type: "text/plain")
        #expect(answer?.status == 415)
        #expect(answer?.value(.accept) == "application/pidf+xml")
        #expect(world.publish("<one/>", cseq: 2) { $0.remove(.contentType) }?.status == 415)
        #expect(world.publish("<one/>", cseq: 3, type: "Application/PIDF+xml;charset=UTF-8")?.status == 200)
        world.close()
    }

    @Test(
        "Nothing published and nothing named is 400; nobody of that name 404; another one's state 403 (steps 1 and 5)")
    func refused() {
        var world = World.compositor()
        #expect(world.publish(cseq: 1)?.status == 400)
        #expect(world.publish("<one/>", user: "mallory", cseq: 2)?.status == 404)
        let other = world.ask(.publish, as: "bob", to: "alice", 3, body: "<one/>") {
            $0.append(.event, "presence")
            $0.set(.contentType, "application/pidf+xml")
        }
        #expect(other?.status == 403)
        world.close()
    }

    @Test("Too large is 413, too many of one resource 403, too many of all 503 with Retry-After")
    func limits() throws {
        var world = World.compositor {
            $0.limits.documentBytes = 10
            $0.limits.publicationsPerResource = 1
            $0.limits.publications = 2
        }
        #expect(world.publish("<elevens />", cseq: 1)?.status == 413)
        let tag = try #require(world.publish("<one/>", cseq: 2)?.value(.sipETag))
        #expect(world.publish("<two/>", cseq: 3)?.status == 403)
        #expect(world.publish("<two/>", tag: tag, cseq: 4)?.status == 200)
        #expect(world.publish("<one/>", user: "bob", cseq: 5)?.status == 200)
        let full = world.publish("<one/>", user: "carol", cseq: 6)
        #expect(full?.status == 503)
        #expect(full?.has(.retryAfter) == true)
        world.close()
    }

    @Test("Record-Route and Contact of a PUBLISH play no part, and no answer has one (§6)")
    func noDialog() {
        var world = World.compositor()
        let answer = world.publish("<one/>", cseq: 1) { fields in
            fields.append(.recordRoute, "<sip:proxy.example.com;lr>")
            fields.append(.contact, "<sip:alice@192.0.2.1>")
        }
        #expect(answer?.status == 200)
        #expect(answer?.has(.recordRoute) == false)
        #expect(answer?.has(.contact) == false)
        world.close()
    }

    @Test("The application is asked, and may find the document bad; what it forgets is answered 500 (RFC 4320 §4.2)")
    func asked() throws {
        var world = World.compositor { $0.decision = .asked }
        func last() throws -> UsageID<ServerPublication> {
            guard case .requested(let id, _) = try #require(world.compositorEvents.last) else {
                Issue.record("not asked")
                return UsageID(serial: 0)
            }
            return id
        }
        #expect(world.publish("<bad", cseq: 1) == nil)
        let bad = try last()
        try world.perform { core, now in ((), try core.reject(bad, status: 400, at: now)) }
        world.run(for: .milliseconds(100))
        #expect(world.peer.responses.last?.status == 400)
        #expect(world.publish("<good/>", cseq: 2) == nil)
        let good = try last()
        try world.perform { core, now in ((), try core.approve(good, at: now)) }
        world.run(for: .milliseconds(100))
        #expect(world.peer.responses.last?.status == 200)
        #expect(world.publish("<forgotten/>", cseq: 3, patience: .seconds(21))?.status == 500)
        #expect(documents(world) == ["<good/>"])
        world.close()
    }
}
