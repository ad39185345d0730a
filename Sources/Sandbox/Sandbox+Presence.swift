import DialogUsage
import EventPackages
import SIPMessage
import SansIO

/// The presence agent (RFC 3856): what the core's compositor does not know by itself. It does not know what a presence
/// document is, how several become one, or how bob lives.
extension Sandbox {
    mutating func heard(_ event: CompositorEvent, at now: Instant) {
        switch event {
        case .requested(let id, let request): published(id, request, at: now)
        case .compositionWanted(let resource, let publications): compose(resource, publications, at: now)
        case .published, .refreshed, .modified, .removed, .expired: break
        }
    }

    /// A document that cannot be read is not shown to anybody (RFC 3903 §6 step 5).
    private mutating func published(
        _ id: UsageID<ServerPublication>, _ request: PublicationRequest, at now: Instant
    ) {
        let isReadable = request.document.map { (try? PresenceDocument(parsing: $0.body)) != nil } ?? true
        let produced =
            isReadable ? try? core.approve(id, at: now) : try? core.reject(id, status: 400, at: now)
        absorb(produced ?? [], at: now)
    }

    private mutating func compose(_ resource: PublishedResource, _ publications: [Publication], at now: Instant) {
        guard let newest = publications.last else { return }
        var document = newest.document
        if publications.count > 1 {
            let read = publications.reversed().compactMap { try? PresenceDocument(parsing: $0.document.body) }
            document.body = PresenceDocument(merging: read, entity: "\(resource.address)").serialised()
        }
        absorb(core.compose(document, of: resource, at: now), at: now)
    }

    // MARK: Those who publish nothing

    func presence(of user: String) -> PublishedResource {
        PublishedResource(
            address: AddressOfRecord(user: user, host: configuration.domain), package: PresenceDocument.eventPackage)
    }

    /// What watchers see of everybody who publishes nothing.
    mutating func furnish() {
        for user in configuration.users { show(user, at: .zero) }
    }

    /// Tells bob's watchers how he is now.
    mutating func showBob(at now: Instant) { show("bob", at: now) }

    private mutating func show(_ user: String, at now: Instant) {
        let entity = "sip:\(user)@\(configuration.domain)"
        let body =
            switch user {
            case "bob":
                bob.document(
                    entity: entity,
                    isInCall: isBobCalling || calls.values.contains { $0.user == "bob" && $0.isAnswered })
            case "echo": presenceDocument(of: entity, isOpen: true, note: "always here").serialised()
            default: presenceDocument(of: entity, isOpen: false, note: nil).serialised()
            }
        let document = EventDocument(contentType: PresenceDocument.contentType, body: body)
        absorb(core.setHardState(document, of: presence(of: user), at: now), at: now)
    }

    mutating func watched(_ id: UsageID<ServerSubscription>, _ request: SubscriptionRequest, at now: Instant) {
        guard let target = try? request.request.requestURI(), domain.addressOfRecord(target)?.user == "bob" else {
            return
        }
        watchersOfBob.insert(id)
        if bob.changesAt == nil { bob.changesAt = now + configuration.bobChangesEvery }
    }

    /// What happens in the house by itself: bob changes his mind, the phone is picked up.
    mutating func livingGoesOn(at now: Instant) {
        if let changesAt = bob.changesAt, changesAt <= now {
            bob.change()
            bob.changesAt = watchersOfBob.isEmpty ? nil : now + configuration.bobChangesEvery
            showBob(at: now)
        }
        pickUp(at: now)
        endLongTransfers(at: now)
    }
}

/// One person, one tuple.
private func presenceDocument(of entity: String, isOpen: Bool, note: String?) -> PresenceDocument {
    let tuple = PresenceDocument.Tuple(id: "sandbox", basic: isOpen ? .open : .closed, contact: entity, note: note)
    return PresenceDocument(entity: entity, tuples: [tuple])
}

/// Bob lives in the sandbox: he is at his desk or away, and on the phone when somebody calls him.
struct Bob: Sendable {
    private(set) var isAway = false
    var changesAt: Instant?

    mutating func change() { isAway.toggle() }

    func document(entity: String, isInCall: Bool) -> [UInt8] {
        var document = presenceDocument(
            of: entity, isOpen: !isAway, note: isInCall ? "on the phone" : isAway ? "away" : "at my desk")
        if isInCall { document.activities = ["on-the-phone"] } else if isAway { document.activities = ["away"] }
        return document.serialised()
    }
}
