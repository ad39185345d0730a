import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

@Suite("Hardening: dialogs (hardening.md, dialogs and state)")
struct HostileDialogTests {
    @Test(
        "A Call-ID and one right tag are not enough: 481, whatever is asked, and the call goes on (H-061, RFC 3261 §12.2.2)",
        arguments: ["BYE", "CANCEL", "INVITE", "UPDATE", "REFER", "NOTIFY", "INFO"], [true, false])
    func guessed(method: String, knowsOurTag: Bool) throws {
        var world = World()
        let (id, asking) = try world.calledAndAnswered()
        let guess = world.within(asking, method, sequence: 2, body: method == "INVITE" ? World.sdp : "") { request in
            if knowsOurTag { request.fromTag = "guessed" } else { request.to = "<sip:alice@example.com>;tag=guessed" }
            switch method {
            case "NOTIFY": request.fields = [("Event", "presence"), ("Subscription-State", "terminated")]
            case "REFER": request.fields = [("Refer-To", "<sip:dave@example.com>")]
            default: break
            }
        }
        #expect(world.status(of: guess) == 481)
        #expect(world.core.summary(id.any)?.state == "connected")
        #expect(world.asked.isEmpty)
        world.leave()
    }

    @Test(
        "200 from a hundred places: each is acknowledged, one is kept, the others are ended (H-066, RFC 3261 §13.2.2.4)"
    )
    func hundredAnswers() throws {
        var world = World()
        let id = try world.calling(for: .seconds(3)) { world, request in
            for number in 1...100 {
                let delay = Duration.milliseconds(Int64(10 * number))
                world.peer.answer(request, 200, after: delay, tag: "place\(number)", body: World.sdp)
            }
        }
        #expect(world.story.filter { $0.hasPrefix("connected") }.count == 1)
        #expect(Set(try world.sent(.ack).map { try $0.to().tag }).count == 100)
        let ended = Set(try world.sent(.bye).map { try $0.to().tag })
        #expect(ended.count == 99 && !ended.contains("place1"))
        world.run(for: .seconds(40))
        #expect(world.core.census.dialogs == 1)
        world.end(id.any)
        world.leave()
    }

    @Test(
        "What opens a dialog needs one Contact of a SIP address: else 400, and nobody is told (H-070, RFC 3261 §12.1.1)",
        arguments: ["INVITE", "SUBSCRIBE"],
        ["", "Contact: *\r\n", "Contact: <sip:a@h>, <sip:b@h>\r\n", "Contact: <mailto:a@h>\r\n", "Contact: <>\r\n"])
    func contacts(method: String, contact: String) throws {
        var world = World()
        let asking = Asking(method, body: method == "INVITE" ? World.sdp : "") {
            if method == "SUBSCRIBE" { $0.fields = [("Event", "presence"), ("Expires", "60")] }
        }
        let text = String(decoding: asking.bytes, as: UTF8.self)
        world.peer.send(Array(text.replacing("Contact: <sip:carol@127.0.0.1:5090>\r\n", with: contact).utf8))
        world.run(for: .milliseconds(100))
        #expect(world.statuses(of: Method(method)) == [400])
        #expect(world.incoming.isEmpty && world.watchers.isEmpty)
        world.leave()
    }

    @Test(
        "No session interval of a peer's makes a timer below 90 s, and nothing of it is left over (H-072, RFC 4028 §5)",
        arguments: [
            [("Session-Expires", "1")], [("Session-Expires", "0;refresher=uas")],
            [("Session-Expires", "1800;refresher=x"), ("Supported", "timer")],
            [("Session-Expires", "4294967295"), ("Min-SE", "4294967295"), ("Supported", "timer")],
            [("Session-Expires", "99999999999999999999"), ("Supported", "timer")],
        ])
    func sessionIntervals(fields: [(String, String)]) throws {
        var world = World()
        let (id, _) = try world.calledAndAnswered { $0.fields = fields }
        let before = world.ladder.count
        world.run(for: .seconds(89))
        #expect(world.ladder.sent(since: before).isEmpty)
        #expect(world.core.summary(id.any)?.state == "connected")
        world.leave()
    }

    @Test("422 without end: the interval is capped at a day, and then it is over (H-072, RFC 4028 §7.3)")
    func leastInterval() throws {
        var world = World()
        world.intercept = { world, request in
            guard request.method == .invite else { return false }
            let asked = UInt64(request.value(FieldName("Session-Expires"))?.prefix { $0 != ";" } ?? "") ?? 0
            world.peer.answer(request, 422) { $0.append(FieldName("Min-SE"), "\(min(asked * 100, 4_294_967_295))") }
            return true
        }
        let id = try world.call(settling: .seconds(10))
        let asked = world.sent(.invite).compactMap { $0.value(FieldName("Session-Expires")) }
        #expect(asked.count <= 3 && asked.last == "86400")
        #expect(world.outcome(of: id) == .endedByPeer(422))
        world.leave()
    }

    @Test("RSeq of 0 is none, and after 2^32 - 1 there is no next one (H-077, RFC 3262 §3, §7.1)")
    func reliableNumbers() throws {
        var world = World()
        let id = try world.calling { world, request in
            for (number, status) in [("0", 180), ("4294967295", 181), ("0", 182), ("1", 183)] as [(String, StatusCode)]
            {
                world.peer.answer(request, status, tag: "one") {
                    $0.append(.require, "100rel")
                    $0.append(.rseq, number)
                }
            }
        }
        #expect(world.sent(.prack).map { $0.value(.rack) } == ["4294967295 1 INVITE"])
        world.intercept = nil
        world.end(id.any, for: .seconds(40))
        world.leave()
    }
}
