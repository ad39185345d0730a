import DialogUsage
import SDP
import SIPMessage
import SansIO

/// What the core says, in the library's words, in the order in which to tell it; nothing for what a program that uses the
/// library has no use for.
extension ManagerEvent {
    static func events(of event: UsageEvent, handle: (AnyUsageID) -> UsageHandle) -> [ManagerEvent] {
        switch event {
        case .registration(let id, let event): events(of: event, handle(id.any))
        case .session(let id, .incoming(let call)):
            [.incomingCall(handle(id.any), from: Caller(call, handle: handle), offer: call.offer.map(text))]
        case .session(let id, let event): events(of: event, handle(id.any))
        case .subscription(let id, .forked(let first)): [.forked(handle(id.any), from: handle(first.any))]
        case .subscription(let id, let event): events(of: event, handle(id.any))
        case .publication(let id, .published(let tag, _)): [.published(handle(id.any), entityTag: tag)]
        case .publication(let id, .conflict): [.publicationConflict(handle(id.any))]
        case .publication(let id, .failed(let failure, _)): [.publicationFailed(handle(id.any), "\(failure)")]
        case .pager(let id, .delivered(_, let status)): [.delivered(handle(id.any), status: Int(status.value))]
        case .pager(let id, .failed(_, let failure)): [.deliveryFailed(handle(id.any), "\(failure)")]
        case .pager(let id, .undelivered): [.deliveryFailed(handle(id.any), "never sent: the manager stopped")]
        case .watcher(let id, .requested(let request)):
            [.watched(handle(id.any), by: "\(request.from.uri)", event: request.event.package)]
        case .watcher(let id, .refreshed(let expires)): [.watcherRefreshed(handle(id.any), expires: expires)]
        case .referralRequested(let id, let request):
            [.transferRequested(handle(id.any), by: "\(request.from.uri)", to: "\(request.target.uri)")]
        case .referral(let id, .progress(let status)):
            [.transferProgress(handle(id.any), status: status.status)]
        case .referral(let id, .concluded(let fate)):
            [.transferConcluded(handle(id.any), status: Self.status(fate))]
        case .message(_, let request):
            [
                .message(
                    from: "\(request.from.uri)",
                    contentType: (try? request.request.contentType()).flatMap { $0 }?.description,
                    body: Array(request.request.body))
            ]
        case .outOfDialog(let id, let response): [capabilities(handle(id.any), response)]
        case .ended(let id, let outcome): [.ended(handle(id), UsageEnd(outcome))]
        case .watcher(_, .admitted), .referral(_, .accepted), .request, .registrar, .compositor, .changed,
            .shutdownProgress, .shutdownCancelled, .traced, .malformed:
            []
        }
    }

    private static func events(of event: RegistrationEvent, _ usage: UsageHandle) -> [ManagerEvent] {
        switch event {
        case .registered(let expires, let bindings, let missing):
            [
                .registered(usage, expires: expires),
                .bindings(usage, bindings.map(Contact.init), missing: missing.map(\.description)),
            ]
        case .bindings(let bindings): [.bindings(usage, bindings.map(Contact.init), missing: [])]
        case .removed: [.bindingsRemoved(usage)]
        case .failed(let failure, _): [.registrationFailed(usage, "\(failure)")]
        }
    }

    private static func events(of event: SessionEvent, _ usage: UsageHandle) -> [ManagerEvent] {
        switch event {
        case .trying: [.trying(usage)]
        case .progress(let status, let description, _):
            (status == 180 ? [.ringing(usage)] : [])
                + [.progress(usage, status: Int(status.value), description: description.map(text))]
        case .redirected(let target): [.redirected(usage, to: "\(target)")]
        case .redirectionOffered(let contacts): [.redirectionOffered(usage, contacts.map(Contact.init))]
        case .connected(let description): [.connected(usage, description: description.map(text))]
        case .offered(let description): [.offered(usage, description: description.map(text))]
        case .offerCancelled: [.offerCancelled(usage)]
        case .answered(let description): [.answered(usage, description: text(description))]
        case .offerFailed: [.answered(usage, description: nil)]
        case .info(let type, let body): [.info(usage, contentType: type, body: body)]
        case .infoAnswered(let failure): [.infoAnswered(usage, failure: failure.map { "\($0)" })]
        case .message(let type, let body): [.messageInCall(usage, contentType: type, body: body)]
        case .delivered(_, let status): [.delivered(usage, status: Int(status.value))]
        case .undelivered(_, let failure): [.deliveryFailed(usage, "\(failure)")]
        case .closing(let closing, let causes):
            [.closing(usage, CallClosing(closing), reasons: causes.map(CallReason.init))]
        case .incoming, .legEnded: []  // Places that a call rings at are not told apart here.
        }
    }

    private static func events(of event: SubscriptionEvent, _ usage: UsageHandle) -> [ManagerEvent] {
        switch event {
        case .accepted(let expires): [.subscribed(usage, expires: expires)]
        case .refused(let failure): [.subscriptionRefused(usage, "\(failure)")]
        case .notified(let standing, let type, let body, _):
            [.notified(usage, state: standing.inWords, contentType: type, body: body)]
        case .refreshed: [.refreshed(usage)]
        case .refreshFailed(let failure): [.refreshFailed(usage, "\(failure)")]
        case .interrupted(let loss, _): [.interrupted(usage, "\(loss)")]
        case .forked: []
        }
    }

    private static func capabilities(_ usage: UsageHandle, _ response: SIPMessage) -> ManagerEvent {
        .capabilities(
            usage, status: response.status.map { Int($0.value) } ?? 0, methods: response.tokens(.allow),
            extensions: response.tokens(.supported), contentTypes: response.tokens(.accept))
    }
    private static func status(_ fate: ClientReferral.Fate) -> Int? {
        switch fate {
        case .succeeded(let said), .failed(let said): said.status
        case .refused(let failure): failure.status.map { Int($0.value) }
        case .unreported, .unknown: nil
        }
    }
    private static func text(_ description: SessionDescription) -> String {
        String(decoding: description.serialised(), as: UTF8.self)
    }
}
