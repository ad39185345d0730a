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
        events.compactMap { if case .registration(_, .registered(let expires, _)) = $0 { expires } else { nil } }
    }
    func standing(of id: AnyUsageID) -> RegistrationStanding? { core.standing(of: .init(serial: id.serial)) }
}

extension SIPMessage {
    func addresses() throws -> [NameAddress]? {
        if case .addresses(let all) = try contacts() { all } else { nil }
    }
}
