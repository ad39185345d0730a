import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

/// A user agent that is the server of example.com, and users of its domain who are asked for nothing but their From.
extension World {
    static let domain = ServedDomain(
        name: "example.com", aliases: ["127.0.0.1"], users: .these(["alice", "bob", "carol"]))

    static func registrar(_ change: (inout RegistrarConfiguration) -> Void = { _ in }) -> World {
        var configuration = RegistrarConfiguration(domain: domain)
        change(&configuration)
        return World {
            $0.registrar = configuration
            $0.epoch = Epoch(seconds: 1_289_690_940)
        }
    }
    static func compositor(_ change: (inout CompositorConfiguration) -> Void = { _ in }) -> World {
        var configuration = CompositorConfiguration(
            domain: domain, packages: ["presence": .init(contentTypes: ["application/pidf+xml"])])
        change(&configuration)
        return World { $0.compositor = configuration }
    }

    /// The final answer to a request of this user's that opens no dialog; nil: none came within `patience`.
    mutating func ask(
        _ method: Method, as user: String = "alice", to callee: String = "alice", call: String = "call",
        _ sequence: Int,
        patience: Duration = .milliseconds(100), body: String = "", _ more: (inout FieldList) -> Void = { _ in }
    ) -> SIPMessage? {
        let before = peer.responses.count
        let from = NameAddress(SIPURI(user: user, host: "example.com"), tag: "\(user)\(sequence)")
        let to = NameAddress(SIPURI(user: callee, host: "example.com"))
        let uri = AnyURI.sip(SIPURI(user: callee, host: "127.0.0.1", port: 5060))
        peer.inDialog(method, uri, call: call, from: from, to: to, sequence: sequence, body: body) { fields in
            fields.remove(.contact)
            more(&fields)
        }
        run(for: patience)
        return peer.responses.dropFirst(before).last { $0.status?.isFinal == true }
    }

    mutating func register(
        _ contacts: String..., user: String = "alice", call: String = "call", cseq sequence: Int, expires: Int? = nil,
        patience: Duration = .milliseconds(100), _ more: (inout FieldList) -> Void = { _ in }
    ) -> SIPMessage? {
        ask(.register, as: user, to: user, call: call, sequence, patience: patience) { fields in
            for contact in contacts { fields.append(.contact, contact) }
            if let expires { fields.append(.expires, "\(expires)") }
            more(&fields)
        }
    }

    mutating func publish(
        _ document: String = "", tag: String? = nil, user: String = "alice", cseq sequence: Int, expires: Int? = 600,
        type: String = "application/pidf+xml", patience: Duration = .milliseconds(100),
        _ more: (inout FieldList) -> Void = { _ in }
    ) -> SIPMessage? {
        ask(.publish, as: user, to: user, call: "publish\(sequence)", sequence, patience: patience, body: document) {
            fields in
            fields.append(.event, "presence")
            if let expires { fields.append(.expires, "\(expires)") }
            if let tag { fields.append(.sipIfMatch, tag) }
            if document.isEmpty { fields.remove(.contentType) } else { fields.set(.contentType, type) }
            more(&fields)
        }
    }

    /// What the registrar has of a user, without the time that is left.
    func bindings(of user: String = "alice") -> [String] {
        let address = AddressOfRecord(user: user, host: "example.com")
        return core.registrar?.bindings(of: address, at: now).map { $0.contact.description } ?? []
    }
    var registrarEvents: [RegistrarEvent] {
        events.compactMap { if case .registrar(let event) = $0 { event } else { nil } }
    }
    var compositorEvents: [CompositorEvent] {
        events.compactMap { if case .compositor(let event) = $0 { event } else { nil } }
    }

    /// The server goes, and nothing is left.
    mutating func close(sourceLocation: SourceLocation = #_sourceLocation) {
        shutdown()
        runToTheEnd()
        finish(sourceLocation: sourceLocation)
    }
}
