extension UsageEvent {
    /// The usage that it is about, if it is about one.
    package var usage: AnyUsageID? {
        switch self {
        case .registration(let id, _): id.any
        case .session(let id, _): id.any
        case .subscription(let id, _): id.any
        case .publication(let id, _): id.any
        case .pager(let id, _): id.any
        case .watcher(let id, _): id.any
        case .referral(let id, _): id.any
        case .referralRequested(let id, _): id.any
        case .message(let id, _): id.any
        case .request(let id, _): id.any
        case .outOfDialog(let id, _): id.any
        case .ended(let id, _), .changed(let id): id
        case .traced(_, let id): id
        case .registrar, .compositor, .shutdownProgress, .shutdownCancelled, .malformed: nil
        }
    }
}
