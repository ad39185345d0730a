import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

/// A registrar that says what the test wants it to.
extension World {
    /// Answers REGISTER with these Contacts, made from our own as it was sent.
    mutating func registrar(
        expires: String? = nil, _ contacts: @escaping (inout FieldList, String) -> [String]
    ) {
        intercept = { world, request in
            guard request.method == .register else { return false }
            world.peer.answer(request, 200) { fields in
                fields.remove(.contact)
                let own = (try? request.addresses())?.first?.uri.description ?? ""
                for value in contacts(&fields, own) { fields.append(.contact, value) }
                if let expires { fields.append(.expires, expires) }
            }
            return true
        }
    }
    /// Binds what it is asked to bind, for as long as it is asked; 423 to what is too brief for it.
    mutating func keepingRegistrar(minimum: Int = 0) {
        intercept = { world, request in
            guard request.method == .register else { return false }
            let contacts = (try? request.addresses()) ?? []
            let times = contacts.compactMap { $0.parameters["expires"].flatMap(Int.init) }
            if times.contains(where: { $0 > 0 && $0 < minimum }) {
                world.peer.answer(request, 423) { $0.append(.minExpires, "\(minimum)") }
            } else {
                world.peer.answer(request, 200) { fields in
                    fields.remove(.contact)
                    for contact in contacts where contact.parameters["expires"] != "0" {
                        fields.append(.contact, contact.description)
                    }
                }
            }
            return true
        }
    }
    @discardableResult
    mutating func register(_ wishes: RegistrationWishes) throws -> AnyUsageID {
        let account = account
        let id = try perform { core, now in try core.register(account, wishes, at: now) }
        run(for: .milliseconds(100))
        return id.any
    }

    /// Refuses a method in one way, unless it asks for this time.
    mutating func refuse(
        _ method: Method, _ status: StatusCode, unlessExpires right: String? = nil,
        _ more: @escaping (inout FieldList) -> Void = { _ in }
    ) {
        intercept = { world, request in
            guard request.method == method, right == nil || request.value(.expires) != right else { return false }
            world.peer.answer(request, status) { fields in
                fields.remove(.contact)
                more(&fields)
            }
            return true
        }
    }

    /// What registrars have granted so far.
    var granted: [Duration] {
        events.compactMap { if case .registration(_, .registered(let expires, _, _)) = $0 { expires } else { nil } }
    }
    /// What they have not listed of ours.
    var missing: [[AnyURI]] {
        events.compactMap { if case .registration(_, .registered(_, _, let missing)) = $0 { missing } else { nil } }
    }
    func standing(of id: AnyUsageID) -> RegistrationStanding? { core.standing(of: .init(serial: id.serial)) }
}

extension SIPMessage {
    func addresses() throws -> [NameAddress]? {
        if case .addresses(let all) = try contacts() { all } else { nil }
    }
}
