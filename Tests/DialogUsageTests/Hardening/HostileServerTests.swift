import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

@Suite("Hardening: redirections and registrars (hardening.md, redirection, REFER, registration)")
struct HostileServerTests {
    @Test(
        "A redirection to what is no SIP address, or asks for another method, leads nowhere (H-078, H-079, RFC 3261 §8.1.3.4)",
        arguments: [
            "<http://192.0.2.1/x>", "<file:///etc/passwd>", "<javascript:alert(1)>", "<tel:+900123>", "*",
            "<sip:a@example.com;method=BYE>",
        ])
    func nowhere(contact: String) throws {
        var world = World()
        world.intercept = { world, request in
            guard request.method == .invite else { return false }
            world.peer.answer(request, 302) { $0.set(.contact, contact) }
            return true
        }
        let id = try world.call(settling: .seconds(5))
        #expect(world.sent(.invite).count == 1)
        #expect(world.outcome(of: id) == .endedByPeer(302))
        world.leave()
    }

    @Test(
        "A redirection to seventy contacts: five are tried, no URI twice, Replaces is dropped; more are not read (H-078)",
        arguments: [(7, 6), (100, 1)])
    func manyContacts(lines: Int, tried: Int) throws {
        var world = World()
        world.intercept = { world, request in
            guard request.method == .invite else { return false }
            let isFirst = (try? request.requestURI().sip?.user) == "bob"
            world.peer.answer(request, isFirst ? 302 : 486) { fields in
                fields.remove(.contact)
                guard isFirst else { return }
                for line in 0..<lines {
                    let contacts = (0..<10).map { "<sip:c\(line * 10 + $0)@example.com?Replaces=x>;q=nan" }
                    fields.append(.contact, contacts.joined(separator: ", "))
                }
            }
            return true
        }
        try world.call(settling: .seconds(10))
        let invites = world.sent(.invite)
        #expect(Set(invites.map(\.requestURIText)).count == tried)
        #expect(lines > 7 || invites.count == tried)
        #expect(invites.allSatisfy { !$0.has(.replaces) && !$0.requestURIText.contains("?") })
        world.leave()
    }

    @Test(
        "200 to REGISTER with many contacts, routes and paths: no more is used than we keep, 500 are not read (H-082)",
        arguments: [1, 10])
    func manyRoutes(lines: Int) throws {
        var world = World()
        world.registrar { fields, own in
            for line in 0..<lines {
                let routes = (0..<50).map { "<sip:r\(line * 50 + $0).example.com;lr>" }.joined(separator: ", ")
                fields.append(.serviceRoute, routes)
                fields.append(.path, routes)
            }
            let others = (1..<50 * lines).map { "<sip:c\($0)@192.0.2.9>;expires=600" }
            let rows = stride(from: 0, to: others.count, by: 50).map {
                others[$0...].prefix(50).joined(separator: ", ")
            }
            return ["<\(own)>;expires=600"] + rows
        }
        let id = try world.register()
        #expect(world.outcome(of: id) == nil)
        world.intercept = nil
        try world.message()
        world.run(for: .milliseconds(100))
        let routes = try #require(world.sent(.message).first).values(.route)
        #expect(routes.count <= 17)
        world.leave()
    }

    @Test(
        "A time in the 200 to REGISTER that is nothing, no time or for ever makes no loop (H-083, RFC 3261 §10.2.4)",
        arguments: ["0", "", "soon", "-1", "4294967295", "99999999999999999999"])
    func registeredFor(expires: String) throws {
        var world = World()
        world.registrar { _, own in ["<\(own)>;expires=\(expires)"] }
        try world.register()
        world.run(for: .seconds(600))
        #expect(Set(world.sent(.register).compactMap { $0.value(.cSeq) }).count <= 10)
        #expect(world.granted.allSatisfy { $0 <= .seconds(86_400) })
        world.leave()
    }

    @Test(
        "A server that refuses each PUBLISH without a pause is asked with growing pauses, one request at a time (H-086)",
        arguments: [412, 423, 503])
    func publishing(code: Int) throws {
        var world = World()
        let status = try #require(StatusCode(exactly: code))
        world.intercept = { world, request in
            guard request.method == .publish else { return false }
            let asked = request.value(.expires).flatMap(Int.init) ?? 0
            // Time passes before it answers: a second request meanwhile would be seen.
            world.peer.answer(request, status, after: .milliseconds(200)) { fields in
                fields.append(.retryAfter, "0")
                if code == 423 { fields.append(.minExpires, "\(asked + 1)") }
            }
            return true
        }
        try world.publish()
        world.run(for: .seconds(600))
        #expect(world.sent(.publish).count <= 20)
        let times = zip(world.requests, world.requestTimes).filter { $0.0.method == .publish }.map(\.1)
        #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 >= .milliseconds(200) })
        world.leave()
    }
}
