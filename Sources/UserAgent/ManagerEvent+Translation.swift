import DialogUsage
import SDP
import SIPMessage
import SansIO

extension ManagerEvent {
    /// nil for what a program that uses the library has no use for.
    init?(_ event: UsageEvent, handle: (AnyUsageID) -> UsageHandle) {
        switch event {
        case .registration(let id, .registered(let expires, _)): self = .registered(handle(id.any), expires: expires)
        case .registration(let id, .failed(let failure, _)): self = .registrationFailed(handle(id.any), "\(failure)")
        case .session(let id, .incoming(let call)):
            self = .incomingCall(handle(id.any), from: "\(call.from.uri)", offer: call.offer.map(Self.text))
        case .session(let id, .progress): self = .ringing(handle(id.any))
        case .session(let id, .connected(let description)):
            self = .connected(handle(id.any), description: description.map(Self.text))
        case .session(let id, .offered(let description)):
            self = .offered(handle(id.any), description: description.map(Self.text))
        case .session(let id, .answered(let description)):
            self = .answered(handle(id.any), description: Self.text(description))
        case .session(let id, .offerFailed): self = .answered(handle(id.any), description: nil)
        case .watcher(let id, .requested(let request)):
            self = .watched(handle(id.any), by: "\(request.from.uri)", event: request.event.package)
        case .referralRequested(let id, let request):
            self = .transferRequested(handle(id.any), by: "\(request.from.uri)", to: "\(request.target.uri)")
        case .referral(let id, .progress(let status)):
            self = .transferProgress(handle(id.any), status: status.status)
        case .referral(let id, .concluded(let fate)):
            self = .transferConcluded(handle(id.any), status: Self.status(fate))
        case .referral(_, .accepted): return nil
        case .subscription(let id, .notified(let standing, let type, let body, _)):
            self = .notified(handle(id.any), state: standing.inWords, contentType: type, body: body)
        case .subscription(let id, .interrupted(let loss, _)): self = .interrupted(handle(id.any), "\(loss)")
        case .subscription(let id, .forked(let first)): self = .forked(handle(id.any), from: handle(first.any))
        case .publication(let id, .published(let tag, _)): self = .published(handle(id.any), entityTag: tag)
        case .publication(let id, .failed(let failure, _)): self = .publicationFailed(handle(id.any), "\(failure)")
        case .pager(let id, .delivered(_, let status)): self = .delivered(handle(id.any), status: Int(status.value))
        case .pager(let id, .failed(_, let failure)): self = .deliveryFailed(handle(id.any), "\(failure)")
        case .pager(let id, .undelivered): self = .deliveryFailed(handle(id.any), "never sent: the manager stopped")
        case .message(_, let request):
            let type = (try? request.request.contentType()).flatMap { $0 }?.description
            self = .message(from: "\(request.from.uri)", contentType: type, body: Array(request.request.body))
        case .ended(let id, let outcome): self = .ended(handle(id), UsageEnd(outcome))
        case .registration(_, .bindings), .registration(_, .removed), .session(_, .trying),
            .session(_, .offerCancelled), .session(_, .legEnded), .session(_, .info),
            .session(_, .redirected), .session(_, .redirectionOffered),
            .session(_, .message), .session(_, .delivered), .session(_, .undelivered),
            .session(_, .closing), .subscription(_, .accepted),
            .subscription(_, .refreshFailed), .subscription(_, .refreshed), .publication(_, .conflict), .watcher,
            .request, .registrar,
            .compositor, .outOfDialog, .changed, .shutdownProgress, .shutdownCancelled,
            .traced,
            .malformed:
            return nil
        }
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
