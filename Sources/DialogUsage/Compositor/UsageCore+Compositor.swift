package import SIPMessage
import SIPTransaction
package import SansIO

/// PUBLISH from outside: from the wire to the compositor and back (RFC 3903 §6).
///
/// Where the core decides by itself the answer is there at once and no usage begins; where the application is asked, a
/// `ServerPublication` waits for it.
extension UsageCore {
    mutating func published(
        _ message: SIPMessage, _ transaction: ServerTransactionID, user: String?, at now: Instant
    ) {
        guard let configuration = compositor?.configuration else { return }
        let request: PublicationRequest
        do {
            let user = user ?? assertedUser(message, configuration.domain)
            request = try PublicationRequest(reading: message, authenticatedUser: user, configuration)
        } catch {
            return reply(transaction, message, error.status, fields: error.fields, at: now)
        }
        switch configuration.decision {
        case .asked:
            guard let id = open(\.publishing, message, transaction, asked: request, at: now) else { return }
            report(.compositor(.requested(id, request)))
        case .automatic:
            let (status, fields, change) = carryOut(request, at: now)
            reply(transaction, message, status, fields: fields, at: now)
            if let change { tell(request.resource, change, at: now) }
        }
    }

    /// Carries out what was asked for; the compositor may still find that it cannot.
    package mutating func approve(
        _ id: UsageID<ServerPublication>, at now: Instant
    ) throws(UsageError) -> [UsageOutput] {
        guard let request = publishing[id]?.details.asked else { throw .ended("\(id)") }
        let (status, fields, change) = carryOut(request, at: now)
        try answer(\.publishing, id, status, fields: fields, at: now)
        if let change { tell(request.resource, change, at: now) }
        return settle(at: now)
    }
    package mutating func reject(
        _ id: UsageID<ServerPublication>, status: StatusCode, fields: FieldList = FieldList(), at now: Instant
    ) throws(UsageError) -> [UsageOutput] {
        try answer(\.publishing, id, status, fields: fields, at: now)
        return settle(at: now)
    }

    /// Step 6: the answer with the entity-tag that is good from now on.
    private mutating func carryOut(
        _ request: PublicationRequest, at now: Instant
    ) -> (StatusCode, FieldList, EventStateCompositor.Change?) {
        let tag = entropy.token(digits: 20)
        do {
            // In place: the tables are large.
            guard let (change, granted) = try compositor?.apply(request, newTag: tag, at: now) else {
                return (500, FieldList(), nil)
            }
            var fields = FieldList()
            fields.append(.sipETag, change.publication.entityTag)
            fields.append(.expires, "\(granted.inMilliseconds / 1000)")
            return (200, fields, change)
        } catch {
            return (error.status, error.fields, nil)
        }
    }

    private mutating func tell(_ resource: PublishedResource, _ change: EventStateCompositor.Change, at now: Instant) {
        report(.compositor(change.event(resource)))
        switch change {
        case .refreshed: break
        case .published, .modified, .removed: stateChanged(of: resource, at: now)
        }
    }

    mutating func expirePublications(at now: Instant) {
        guard let gone = compositor?.expire(at: now) else { return }
        for (resource, publication) in gone { report(.compositor(.expired(resource, publication))) }
        for resource in Set(gone.map(\.resource)).sorted() { stateChanged(of: resource, at: now) }
    }
}

extension EventStateCompositor.Change {
    fileprivate var publication: Publication {
        switch self {
        case .published(let publication), .refreshed(let publication), .modified(let publication),
            .removed(let publication):
            publication
        }
    }
    fileprivate func event(_ resource: PublishedResource) -> CompositorEvent {
        switch self {
        case .published(let publication): .published(resource, publication)
        case .refreshed(let publication): .refreshed(resource, publication)
        case .modified(let publication): .modified(resource, publication)
        case .removed(let publication): .removed(resource, publication)
        }
    }
}
