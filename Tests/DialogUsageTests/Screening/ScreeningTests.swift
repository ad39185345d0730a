import DialogUsage
import SIPMessage
import SIPTransaction
import SansIO
import Testing

@Suite("Screening as a table (RFC 3261 §8.2)")
struct ScreeningTests {
    private func screening(_ change: (inout UserAgentConfiguration) -> Void = { _ in }) -> Screening {
        var configuration = UserAgentConfiguration(stack: StackConfiguration(local: .loopback(port: 5060)))
        change(&configuration)
        return Screening(configuration)
    }
    private func refusal(
        _ asking: Asking, _ place: Screening.Circumstances.Place = .outside, isOurs: Bool = true,
        isMerged: Bool = false, _ change: (inout UserAgentConfiguration) -> Void = { _ in }
    ) throws -> Screening.Refusal? {
        screening(change).refusal(
            of: try SIPMessage(parsing: asking.bytes), .init(place, isAddressOurs: isOurs, isMerged: isMerged))
    }

    @Test("Each check says its own status; the first that objects is the one that counts (RFC 3261 §8.2)")
    func order() throws {
        var asking = Asking("NOSUCH", body: String(repeating: "x", count: 300)) { asking in
            asking.uri = "tel:+1"
            asking.type = "x/y"
            asking.fields = [("Require", "nothing"), ("Content-Encoding", "gzip"), ("Accept", "text/html")]
        }
        var seen: [Int] = []
        func look(_ place: Screening.Circumstances.Place = .outside, isOurs: Bool = false, isMerged: Bool = true) throws
        {
            let refusal = try refusal(asking, place, isOurs: isOurs, isMerged: isMerged) {
                $0.demandedExtensions = [.invite: ["100rel"]]
                $0.limits.requestBody = 200
            }
            seen.append(refusal.map { Int($0.status.value) } ?? 0)
        }
        try look(.inUnknownDialog)
        try look()
        asking.method = "PUBLISH"
        try look()
        asking.method = "INVITE"
        try look()
        asking.uri = "sip:alice@127.0.0.1"
        try look()
        try look(isOurs: true)
        try look(isOurs: true, isMerged: false)
        asking.fields.removeFirst()
        try look(isOurs: true, isMerged: false)
        asking.body = "x"
        try look(isOurs: true, isMerged: false)
        asking.fields.removeFirst()
        try look(isOurs: true, isMerged: false)
        asking.type = "application/sdp"
        try look(isOurs: true, isMerged: false)
        asking.fields = []
        try look(isOurs: true, isMerged: false)
        asking.fields = [("Supported", "100rel")]
        try look(isOurs: true, isMerged: false)
        #expect(seen == [481, 501, 405, 416, 404, 482, 420, 413, 415, 415, 406, 421, 0])
    }

    @Test(
        "Bodies: the type must be known unless the sender calls it optional (UAS-128, UAS-130, RFC 3261 §8.2.3, §20.11)",
        arguments: [
            ("application/sdp", "", 0), ("application/x-unknown", "", 415), ("text/plain", "", 415),
            ("application/x-unknown", "render;handling=optional", 0),
            ("application/x-unknown", "render; handling = optional", 0),
            ("application/x-unknown", "render;handling=required", 415), ("application/sdp", "session", 0),
            ("application/sdp", "early-session", 415), ("application/sdp", "early-session;handling=optional", 0),
            ("application/pkcs7-mime; smime-type=enveloped-data", "", 493),
            ("application/pkcs7-mime; smime-type=enveloped-data", "x;handling=optional", 0),
        ])
    func types(type: String, disposition: String, status: Int) throws {
        let asking = Asking("INVITE", body: World.sdp) { asking in
            asking.type = type
            if !disposition.isEmpty { asking.fields = [("Content-Disposition", disposition)] }
        }
        let refusal = try refusal(asking)
        #expect(refusal.map { Int($0.status.value) } ?? 0 == status)
        if status == 415 { #expect(refusal?.fields.first(.accept)?.hasPrefix("application/sdp") == true) }
    }

    @Test(
        "Bodies in parts: every part must be known, or optional; of alternatives one (UAS-130, H-026, RFC 5621 §3)",
        arguments: [
            ("mixed", ["application/sdp"], "", 0), ("mixed", ["application/sdp", "x/y"], "", 415),
            ("mixed", ["application/sdp", "x/y"], "Content-Disposition: render;handling=optional\r\n", 0),
            ("alternative", ["x/y", "application/sdp"], "", 0), ("alternative", ["x/y", "x/z"], "", 415),
            ("related", ["application/sdp", "x/y"], "Content-Disposition: render;handling=required\r\n", 415),
            ("signed", ["application/sdp", "x/y"], "", 415),
            ("signed", ["application/sdp", "x/y"], "Content-Disposition: signature;handling=optional\r\n", 0),
        ])
    func parts(kind: String, types: [String], disposition: String, status: Int) throws {
        var body = ""
        for type in types {
            body += "--b\r\nContent-Type: \(type)\r\n\(type == "x/y" ? disposition : "")\r\nx\r\n"
        }
        let asking = Asking("INVITE", body: body + "--b--\r\n") { $0.type = "multipart/\(kind);boundary=b" }
        #expect(try refusal(asking).map { Int($0.status.value) } ?? 0 == status)
    }

    @Test("Parts that cannot be told apart: 400 (RFC 2046 §5.1.1)")
    func brokenParts() throws {
        let asking = Asking("INVITE", body: "--b\r\n\r\nx") { $0.type = "multipart/mixed;boundary=b" }
        #expect(try refusal(asking)?.status == 400)
    }

    @Test(
        "Encodings and languages that are not understood: 415 with those that are (UAS-129, H-027, RFC 3261 §8.2.3)",
        arguments: [
            ("Content-Encoding", "gzip", "Accept-Encoding", "identity"),
            ("Content-Language", "de", "Accept-Language", "en, fr"), ("Content-Encoding", "identity", "", ""),
            ("Content-Language", "en-GB", "", ""), ("Content-Language", "fr", "", ""),
        ])
    func encodings(field: String, value: String, answer: String, accepted: String) throws {
        let asking = Asking("INVITE", body: World.sdp) { $0.fields = [(field, value)] }
        let refusal = try refusal(asking) { $0.languages = ["en", "fr"] }
        #expect(refusal?.status == (answer.isEmpty ? nil : 415))
        if !answer.isEmpty { #expect(refusal?.fields.first(FieldName(answer)) == accepted) }
        var optional = asking
        optional.fields.append(("Content-Disposition", "session;handling=optional"))
        #expect(try self.refusal(optional) { $0.languages = ["en", "fr"] } == nil)
    }

    @Test(
        "Accept decides whether the answer may be a session description (UAS-131, RFC 3261 §8.2.3, RFC 4475 §3.3.15)",
        arguments: [
            ("application/sdp", 0), ("text/html", 406), ("text/html, application/*;q=0.5", 0), ("*/*", 0),
            ("Application/SDP;level=1", 0), ("application/sdp2", 406),
        ])
    func accept(value: String, status: Int) throws {
        let asking = Asking("INVITE", body: World.sdp) { $0.fields = [("Accept", value)] }
        #expect(try refusal(asking).map { Int($0.status.value) } ?? 0 == status)
        // Nothing else is answered with a description.
        #expect(try refusal(Asking("SUBSCRIBE") { $0.fields = [("Accept", value)] }) == nil)
    }

    @Test("421 names what is demanded and not offered, in Require (RFC 3261 §8.2.4, §21.4.16)")
    func demanded() throws {
        func ask(_ fields: [(String, String)]) throws -> Screening.Refusal? {
            try self.refusal(Asking("INVITE") { $0.fields = fields }) {
                $0.demandedExtensions = [.invite: ["100rel", "timer"]]
            }
        }
        let refusal = try #require(try ask([("Supported", "replaces, Timer")]))
        #expect(refusal.status == 421 && refusal.fields.first(.require) == "100rel")
        #expect(try ask([("Supported", "100REL"), ("Supported", "timer")]) == nil)
    }

    @Test("The types of a served method: others get 415 with those (RFC 3261 §8.2.3)")
    func served() throws {
        func ask(_ type: String) throws -> Screening.Refusal? {
            try self.refusal(Asking("MESSAGE", body: "x") { $0.type = type }) {
                $0.servedBodies = [.message: ["text/*"]]
            }
        }
        #expect(try ask("text/html") == nil)
        let refusal = try #require(try ask("image/png"))
        #expect(refusal.status == 415 && refusal.fields.first(.accept)?.hasPrefix("text/*") == true)
    }

    @Test(
        "What is said is what is done: Allow and Accept have what is served, and nothing that is not (RFC 3261 §20.5)")
    func features() throws {
        let features = screening {
            $0.servedMethods = [.register, .message]
            $0.servedBodies = [.message: ["text/plain"]]
        }.features
        #expect(features.methods.contains(.register) && !features.methods.contains(.publish))
        #expect(features.accept().contains("text/plain") && features.accept().contains("application/sdp"))
        for method in features.methods where method != .ack && method != .cancel {
            #expect(features.understands(method, inDialog: true), "\(method)")
        }
    }
}
