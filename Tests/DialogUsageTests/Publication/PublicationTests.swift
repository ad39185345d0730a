import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

@Suite("Publications of ours (RFC 3903)")
struct PublicationTests {
    private static let one = "<presence><tuple id=\"t1\"/></presence>"

    private func publishes(_ world: World) -> [SIPMessage] { world.requests.filter { $0.method == .publish } }
    private func news(_ world: World) -> [PublicationEvent] {
        world.events.compactMap { if case .publication(_, let event) = $0 { event } else { nil } }
    }
    private func start(_ world: inout World, settling: Duration = .milliseconds(100)) throws -> UsageID<
        ClientPublication
    > {
        let account = world.account
        let id = try world.perform { core, now in
            try core.publish(
                account, event: "presence", contentType: World.type, body: Array(Self.one.utf8), expires: .seconds(600),
                at: now)
        }
        world.run(for: settling)
        return id
    }
    private func modify(
        _ world: inout World, _ id: UsageID<ClientPublication>, _ body: String, settling: Duration = .milliseconds(100)
    ) throws {
        try world.perform { core, now in
            ((), try core.modify(id, contentType: World.type, body: Array(body.utf8), at: now))
        }
        world.run(for: settling)
    }
    /// Answers PUBLISH by its number instead of as a healthy server.
    private func answering(_ world: inout World, _ answer: @escaping (inout World, SIPMessage, Int) -> Bool) {
        world.intercept = { world, request in
            guard request.method == .publish else { return false }
            let count = world.requests.count { $0.method == .publish }
            return answer(&world, request, count)
        }
    }

    @Test("The first PUBLISH has Event, Expires and the document, and no SIP-If-Match (PUB-382, RFC 3903 §4.2)")
    func first() throws {
        var world = World()
        _ = try start(&world)
        let sent = try #require(publishes(world).first)
        #expect(sent.value(.event) == "presence")
        #expect(sent.value(.expires) == "600")
        #expect(sent.value(.contentType) == World.type)
        #expect(sent.bodyText == Self.one)
        #expect(!sent.has(.sipIfMatch) && !sent.has(.contact))
        world.finishUp()
    }

    @Test(
        "A refresh has the last entity-tag and no body; each 200 brings a new tag in place of the old one, and its Expires counts (PUB-383, PUB-386, RFC 3903 §4.1–4.3)"
    )
    func refresh() throws {
        var world = World()
        answering(&world) { world, request, count in
            world.peer.answer(request, 200) { fields in
                fields.append(.sipETag, "e\(count)")
                fields.append(.expires, count == 1 ? "100" : "300")
            }
            return true
        }
        let id = try start(&world)
        world.run(for: .seconds(89))
        #expect(publishes(world).count == 1)
        world.run(for: .seconds(2))
        #expect(publishes(world).count == 2)
        world.run(for: .seconds(270))
        let sent = publishes(world)
        #expect(sent.map { $0.value(.sipIfMatch) } == [nil, "e1", "e2"])
        #expect(sent.dropFirst().allSatisfy { $0.body.isEmpty && !$0.has(.contentType) })
        #expect(sent.allSatisfy { $0.value(.event) == "presence" })
        #expect(world.core.usages.first?.entityTag == "e3")
        try modify(&world, id, "<other/>")
        #expect(publishes(world).last?.value(.sipIfMatch) == "e3")
        world.finishUp()
    }

    @Test("A change has the entity-tag and the whole document as it was given (PUB-384, RFC 3903 §4.4, §10.4)")
    func change() throws {
        var world = World()
        let id = try start(&world)
        let other = "<presence><tuple id=\"t1\"><status/></tuple></presence>"
        try modify(&world, id, other)
        let sent = try #require(publishes(world).last)
        #expect(sent.value(.sipIfMatch) == "tag1")
        #expect(sent.bodyText == other)
        #expect(other.contains("id=\"t1\""))
        world.finishUp()
    }

    @Test(
        "Removing has Expires 0 and the entity-tag and no body; the program waits for it so long and no longer (PUB-385, PUB-393, RFC 3903 §4.5)",
        arguments: [true, false])
    func remove(isAnswered: Bool) throws {
        var world = World()
        let id = try start(&world)
        if !isAnswered { world.peer.manners[.publish] = .silent }
        let began = world.now
        world.shutdown(giveUp: .seconds(5))
        world.runToTheEnd()
        let sent = try #require(publishes(world).last)
        #expect(sent.value(.expires) == "0")
        #expect(sent.value(.sipIfMatch) == "tag1")
        #expect(sent.body.isEmpty && !sent.has(.contentType))
        #expect(world.now - began <= .seconds(5))
        #expect(world.outcome(of: id.any)?.isClean == isAnswered)
        world.finish()
    }

    @Test(
        "412: the tag is dropped and the whole state published afresh, once; the refused request is not repeated (PUB-387, RFC 3903 §4.1, §5)"
    )
    func conflict() throws {
        var world = World()
        let id = try start(&world)
        answering(&world) { world, request, count in
            guard request.has(.sipIfMatch), request.value(.expires) != "0", count == 2 else { return false }
            world.peer.answer(request, 412)
            return true
        }
        world.run(for: .seconds(545))
        let sent = publishes(world)
        #expect(sent.count == 3)
        #expect(sent[1].value(.sipIfMatch) == "tag1" && sent[1].body.isEmpty)
        #expect(!sent[2].has(.sipIfMatch) && sent[2].bodyText == Self.one)
        #expect(news(world).contains(.conflict))
        #expect(world.ended[id.any] == nil)
        // The tag of the new state is used from now on.
        try modify(&world, id, "<later/>")
        let tag = try #require(publishes(world).last?.value(.sipIfMatch))
        #expect(tag.hasPrefix("tag") && tag != "tag1")
        world.finishUp()
    }

    @Test("412 to a PUBLISH without a tag makes no sense, and no loop (PUB-387, RFC 3903 §5)")
    func senselessConflict() throws {
        var world = World()
        world.peer.manners[.publish] = .status(412)
        let id = try start(&world)
        world.run(for: .seconds(100))
        #expect(publishes(world).count == 1)
        #expect(world.ended[id.any]?.count == 1)
        world.finishUp()
    }

    @Test("423 is asked again with Min-Expires, and no further for the same (PUB-388, RFC 3903 §5)")
    func tooBrief() throws {
        var world = World()
        answering(&world) { world, request, _ in
            guard let asked = request.value(.expires).flatMap(Int.init), asked > 0, asked < 900 else { return false }
            world.peer.answer(request, 423) { $0.append(.minExpires, "900") }
            return true
        }
        let id = try start(&world)
        #expect(publishes(world).map { $0.value(.expires) } == ["600", "900"])
        #expect(publishes(world).last?.bodyText == Self.one)
        #expect(world.state(of: id.any) == "published")
        world.finishUp()
    }

    @Test(
        "What changes while a PUBLISH is pending waits for its answer; only the newest state goes out (PUB-389, RFC 3903 §4)"
    )
    func held() throws {
        var world = World()
        answering(&world) { world, request, count in
            guard count == 1 else { return false }
            world.peer.answer(request, 200, after: .milliseconds(300)) { fields in
                fields.append(.sipETag, "first")
                fields.append(.expires, "600")
            }
            return true
        }
        let id = try start(&world, settling: .milliseconds(20))
        for body in ["<a/>", "<b/>", "<c/>"] { try modify(&world, id, body, settling: .milliseconds(20)) }
        #expect(publishes(world).count == 1)
        world.run(for: .seconds(2))
        #expect(publishes(world).map(\.bodyText) == [Self.one, "<c/>"])
        #expect(publishes(world).last?.value(.sipIfMatch) == "first")
        world.finishUp()
    }

    @Test(
        "489, 404, 403 and 415 stop the publication, and it is said (PUB-390, RFC 3903 §5)",
        arguments: [
            489, 404, 403, 415,
        ] as [StatusCode])
    func stopped(status: StatusCode) throws {
        var world = World()
        world.peer.manners[.publish] = .status(status)
        let id = try start(&world)
        world.run(for: .seconds(100))
        #expect(publishes(world).count == 1)
        guard case .failed(let failure, retryAt: nil)? = news(world).last else { Issue.record("not told"); return }
        #expect(failure.status == status)
        #expect(world.outcome(of: id.any) == .endedByPeer(status))
        world.finishUp()
    }

    @Test("A 2xx without SIP-ETag, or with two, is a failure (PUB-391, RFC 3903 §6)", arguments: [[], ["a", "b"]])
    func tags(tags: [String]) throws {
        var world = World()
        answering(&world) { world, request, _ in
            world.peer.answer(request, 200) { fields in
                for tag in tags { fields.append(.sipETag, tag) }
                fields.append(.expires, "600")
            }
            return true
        }
        let id = try start(&world)
        guard case .failed(_, retryAt: nil)? = news(world).last else { Issue.record("not told"); return }
        #expect(world.ended[id.any]?.count == 1)
        #expect(publishes(world).count == 1)
        world.finishUp()
    }

    @Test("Record-Route and Contact in the answer change nothing: PUBLISH opens no dialog (PUB-392, RFC 3903 §4)")
    func noDialog() throws {
        var world = World()
        answering(&world) { world, request, count in
            world.peer.answer(request, 200, tag: "server\(count)") { fields in
                fields.append(.recordRoute, "<sip:elsewhere.example.com;lr>")
                fields.append(.sipETag, "e\(count)")
                fields.append(.expires, "600")
            }
            return true
        }
        let id = try start(&world)
        try modify(&world, id, "<other/>")
        let sent = publishes(world)
        #expect(sent.count == 2)
        #expect(try sent[1].requestURI() == sent[0].requestURI())
        #expect(sent[1].value(.route) == sent[0].value(.route))
        #expect(try sent[1].to().tag == nil)
        world.finishUp()
    }

    @Test("503 is waited out, by Retry-After; what changes meanwhile is what is sent then (RFC 3903 §4)")
    func backOff() throws {
        var world = World()
        let id = try start(&world)
        answering(&world) { world, request, count in
            guard count == 2 else { return false }
            world.peer.answer(request, 503) { $0.append(.retryAfter, "30") }
            return true
        }
        try modify(&world, id, "<b/>")
        try modify(&world, id, "<c/>")
        world.run(for: .seconds(29))
        #expect(publishes(world).count == 2)
        world.run(for: .seconds(2))
        #expect(publishes(world).map(\.bodyText) == [Self.one, "<b/>", "<c/>"])
        world.finishUp()
    }
}
