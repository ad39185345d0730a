import SansIO

extension ClientRegistration {
    var inWords: (String, String?) {
        switch state {
        case .registering(_, _, nil): ("registering", "the answer to REGISTER")
        case .registering(_, .renewal, .some): ("refreshing", "the answer to REGISTER")
        case .registering(_, _, .some): ("unverified", "the answer to REGISTER")
        case .querying: ("asking", "the answer to REGISTER")
        case .unbound: ("removed", nil)
        case .registered: ("registered", nil)
        case .backingOff: ("failing", "a pause before the next REGISTER")
        case .removalAfterAnswer: ("ending", "the answer to the REGISTER in flight")
        case .removing: ("ending", "the answer to REGISTER with expires=0")
        case .ended: ("ended", nil)
        }
    }
}

extension ClientPublication {
    var inWords: (String, String?) {
        switch state {
        case .publishing(_, nil, _, _): ("publishing", "the answer to PUBLISH")
        case .publishing(_, .some, _, _): ("refreshing", "the answer to PUBLISH")
        case .published: ("published", nil)
        case .backingOff: ("failing", "a pause before the next PUBLISH")
        case .endingAfterAnswer: ("ending", "the answer to the PUBLISH in flight")
        case .removing: ("ending", "the answer to PUBLISH with Expires 0")
        case .ended: ("ended", nil)
        }
    }
}

extension ClientSubscription {
    var inWords: (String, String?) {
        switch state {
        case .notifyWait(_, granted: nil, _, _): ("subscribing", "the answer to SUBSCRIBE")
        case .notifyWait(_, granted: .some, _, _): ("accepted", "the first NOTIFY")
        case .subscribed(.pending, _, _, .due, _): ("pending", "the presentity's permission")
        case .subscribed(let standing, _, _, .due, _): (standing.inWords, nil)
        case .subscribed(let standing, _, _, .inFlight, _): (standing.inWords, "the answer to SUBSCRIBE")
        case .subscribed(let standing, _, _, .failed(.some), _):
            (standing.inWords, "a pause before the next SUBSCRIBE: the refresh failed")
        case .subscribed(let standing, _, _, .failed(nil), _):
            (standing.inWords, "the end of its time: the refresh failed")
        case .fetching(nil, _): ("fetching", "the answer to SUBSCRIBE")
        case .fetching(.some, _): ("fetching", "the NOTIFY")
        case .pausing: ("interrupted", "a pause before a new subscription")
        case .endingBeforeDialog: ("ending", "the answer to the first SUBSCRIBE")
        case .endingAfterRefresh: ("ending", "the answer to the refresh in flight")
        case .unsubscribing(.unanswered): ("ending", "the answer to SUBSCRIBE with Expires 0")
        case .unsubscribing(.unnotified): ("ending", "the final NOTIFY")
        case .ended: ("ended", nil)
        }
    }
}

extension Standing {
    /// `pending`, `active`, `terminated`, or the word that the notifier used.
    package var inWords: String {
        switch self {
        case .pending: "pending"
        case .active: "active"
        case .unknown(let word): word
        case .terminated: "terminated"
        }
    }
}

extension ServerSubscription {
    var inWords: (String, String?) {
        switch state {
        case .requested: ("requested", "our own answer")
        case .notifying(.pending, _, .idle): ("pending", nil)
        case .notifying(.active, _, .idle): ("active", nil)
        case .notifying(.pending, _, .heldBack): ("pending", "a pause before the next NOTIFY (Retry-After)")
        case .notifying(.active, _, .heldBack): ("active", "a pause before the next NOTIFY (Retry-After)")
        case .notifying(.pending, _, _): ("pending", "the answer to NOTIFY")
        case .notifying(.active, _, _): ("active", "the answer to NOTIFY")
        case .ending(_, .inFlightThenAgain): ("ending", "the answer to the NOTIFY before the last")
        case .ending: ("ending", "the answer to the final NOTIFY")
        case .ended: ("ended", nil)
        }
    }
}

extension ClientPagerMessage {
    var inWords: (String, String?) {
        switch state {
        case .sending(_, let queue) where queue.isEmpty: ("sending", "the answer to MESSAGE")
        case .sending(_, let queue): ("sending", "the answer to MESSAGE; \(queue.count) more wait")
        case .ending: ("ending", "the answer to MESSAGE")
        case .flushing(_, let queue, _): ("ending", "the answer to MESSAGE; \(queue.count) more are to go")
        case .ended: ("ended", nil)
        }
    }
}
