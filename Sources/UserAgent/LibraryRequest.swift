import DialogUsage
import SDP
import SIPMessage
import SansIO

extension LibraryMachine {
    /// What the library's callers ask of the core, already read and checked.
    enum Request: Sendable {
        case addAccount(Account)
        case register(AccountID, RegistrationWishes)
        case queryBindings(AccountID)
        case removeBindings(UsageID<ClientRegistration>, ClientRegistration.Removal.Scope)
        case invite(AccountID, AnyURI, SessionDescription?)
        case answer(UsageID<ServerInviteSession>, SessionDescription)
        case reject(UsageID<ServerInviteSession>, StatusCode)
        case offer(SessionID, SessionDescription)
        case answerOffer(SessionID, SessionDescription)
        case rejectOffer(SessionID, StatusCode)
        case follow(UsageID<ClientInviteSession>, [NameAddress])
        case redirect(UsageID<ServerInviteSession>, [NameAddress])
        case info(SessionID, contentType: String, body: [UInt8])
        case messageInCall(SessionID, contentType: String, body: [UInt8])
        case refer(SessionID, to: AnyURI)
        case referToSession(SessionID, SessionID)
        case acceptReferral(UsageID<ServerSubscription>, AccountID, SessionDescription?)
        case declineReferral(UsageID<ServerSubscription>)
        case subscribe(AccountID, AnyURI, event: String, accept: [String], expires: Duration)
        case refreshSubscription(UsageID<ClientSubscription>)
        case refreshRegistration(UsageID<ClientRegistration>)
        case publish(AccountID, event: String, contentType: String, body: [UInt8], expires: Duration)
        case modify(UsageID<ClientPublication>, contentType: String, body: [UInt8])
        case message(AccountID, AnyURI, contentType: String, body: [UInt8])
        case options(AccountID, AnyURI)
        case accept(UsageID<ServerSubscription>, Standing, contentType: String?, body: [UInt8])
        case refuse(UsageID<ServerSubscription>, StatusCode)
        case notify(UsageID<ServerSubscription>, Standing, contentType: String?, body: [UInt8])
    }
}

extension UsageCore {
    mutating func perform(
        _ request: LibraryMachine.Request, at now: Instant
    ) throws(UsageError) -> (LibraryMachine.Answer, [UsageOutput]) {
        switch request {
        case .addAccount(let account):
            return (.account(addAccount(account)), [])
        case .register(let account, let wishes):
            let (id, outputs) = try register(account, wishes, at: now)
            return (.usage(id.any), outputs)
        case .queryBindings(let account):
            let (id, outputs) = try queryBindings(account, at: now)
            return (.usage(id.any), outputs)
        case .removeBindings(let id, let scope): return (.done, try removeBindings(id, scope, at: now))
        case .invite(let account, let peer, let offer):
            let (id, outputs) = try invite(account, to: peer, offer: offer, at: now)
            return (.usage(id.any), outputs)
        case .answer(let id, let description): return (.done, try answer(id, with: description, at: now))
        case .reject(let id, let status): return (.done, try reject(id, status: status, at: now))
        case .offer(let id, let description): return (.done, try offer(id, description, at: now))
        case .answerOffer(let id, let description): return (.done, try answerOffer(id, with: description, at: now))
        case .rejectOffer(let id, let status): return (.done, try rejectOffer(id, status: status, at: now))
        case .info(let id, let type, let body): return (.done, try sendInfo(id, contentType: type, body: body, at: now))
        case .messageInCall(let id, let type, let body):
            return (.done, try sendMessage(id, contentType: type, body: body, at: now).1)
        case .follow(let id, let contacts): return (.done, try follow(id, contacts, at: now))
        case .redirect(let id, let contacts): return (.done, try redirect(id, to: contacts, at: now))
        case .refer(let id, let target):
            let (referral, outputs) = try refer(id, to: target, at: now)
            return (.usage(referral.any), outputs)
        case .referToSession(let id, let other):
            let (referral, outputs) = try refer(id, toTakeOver: other, at: now)
            return (.usage(referral.any), outputs)
        case .acceptReferral(let id, let account, let offer):
            let (call, outputs) = try acceptReferral(id, from: account, offer: offer, at: now)
            return (.usage(call.any), outputs)
        case .declineReferral(let id): return (.done, try declineReferral(id, at: now))
        case .subscribe(let account, let peer, let event, let accept, let expires):
            let type = EventType(package: event)
            let (id, outputs) = try subscribe(account, to: peer, event: type, accept: accept, expires: expires, at: now)
            return (.usage(id.any), outputs)
        case .refreshSubscription(let id): return (.done, try refresh(id, at: now))
        case .refreshRegistration(let id): return (.done, try refresh(id, at: now))
        case .publish(let account, let event, let type, let body, let expires):
            let (id, outputs) = try publish(
                account, event: event, contentType: type, body: body, expires: expires, at: now)
            return (.usage(id.any), outputs)
        case .modify(let id, let type, let body): return (.done, try modify(id, contentType: type, body: body, at: now))
        case .message(let account, let peer, let type, let body):
            let (id, _, outputs) = try message(account, to: peer, contentType: type, body: body, at: now)
            return (.usage(id.any), outputs)
        case .options(let account, let peer):
            let (id, outputs) = try options(account, to: peer, at: now)
            return (.usage(id.any), outputs)
        case .accept(let id, let standing, let type, let body):
            return (.done, try accept(id, standing: standing, contentType: type, body: body, at: now))
        case .refuse(let id, let status): return (.done, try reject(id, status: status, at: now))
        case .notify(let id, let standing, let type, let body):
            return (.done, try notify(id, standing: standing, contentType: type, body: body, at: now))
        }
    }
}
