package import SIPMessage
package import SansIO

/// A document of ours at an event state compositor (RFC 3903), kept there until it is ended.
///
/// PUBLISHes for one document never overlap (§4.2), so a change that comes while one is in flight, and an end too,
/// wait for its answer and then use the entity-tag which that answer brings.
package struct ClientPublication: BaseUsage, Hashable {
    package static let kind = UsageKind.clientPublication

    package enum State: Hashable, Sendable {
        /// PUBLISH in flight. `again`: the document changed meanwhile.
        case publishing(asking: Duration, tag: String?, attempt: Int, again: Bool)
        case published(asking: Duration, tag: String, Lease)
        case backingOff(asking: Duration, tag: String?, attempt: Int, until: Instant)
        /// The end was asked for while a PUBLISH was in flight.
        case endingAfterAnswer(tag: String?)
        /// PUBLISH with Expires: 0 in flight.
        case removing
        case ended(UsageOutcome)
    }

    package enum Input: Hashable, Sendable {
        case answered(Answer)
        case modified
        case deadlineReached
        case endRequested
    }
    package enum Answer: Hashable, Sendable {
        case accepted(tag: String, granted: Duration)
        case intervalTooBrief(minimum: Duration)
        /// 412: the compositor does not know our entity-tag.
        case conflict
        case unauthorized(StatusCode, foreignRealm: String? = nil)
        case failed(Failure, retryAfter: Duration?, jitter: Double)
    }
    package enum Action: Hashable, Sendable {
        /// With no tag: an initial PUBLISH. Without the document: a refresh (§4.1).
        case publish(tag: String?, document: Bool, expires: Duration)
        /// Expires: 0 and SIP-If-Match, no body (W24).
        case unpublish(tag: String)
        case report(PublicationEvent)
        case ended(UsageOutcome)
    }

    package private(set) var state: State

    package static func start(asking expires: Duration) -> (ClientPublication, [Action]) {
        (
            ClientPublication(state: .publishing(asking: expires, tag: nil, attempt: 1, again: false)),
            [.publish(tag: nil, document: true, expires: expires)]
        )
    }

    package var nextDeadline: Instant? {
        switch state {
        case .published(_, _, let lease): lease.refreshAt
        case .backingOff(_, _, _, let until): until
        case .publishing, .endingAfterAnswer, .removing, .ended: nil
        }
    }
    package var isEnded: Bool { if case .ended = state { true } else { false } }
    package var isEndingBeforeAnswer: Bool { if case .endingAfterAnswer = state { true } else { false } }

    package mutating func end(at now: Instant) -> [Action] { handle(.endRequested, at: now) }

    package mutating func handle(_ input: Input, at now: Instant) -> [Action] {
        let (next, actions) = Self.transition(from: state, on: input, at: now)
        state = next
        return actions
    }

    private static func transition(from state: State, on input: Input, at now: Instant) -> (State, [Action]) {
        switch (state, input) {

        case (.publishing(let asking, _, _, let again), .answered(.accepted(let tag, let granted))):
            let report = Action.report(.published(entityTag: tag, expires: granted))
            if again {
                return (
                    .publishing(asking: asking, tag: tag, attempt: 1, again: false),
                    [report, .publish(tag: tag, document: true, expires: asking)]
                )
            }
            return (.published(asking: asking, tag: tag, Lease(granted: granted, at: now)), [report])
        case (.publishing(let asking, let tag, let attempt, let again), .answered(.intervalTooBrief(let minimum))):
            guard minimum > asking else { return failed(.status(423, reason: "Interval Too Brief")) }
            return (
                .publishing(asking: minimum, tag: tag, attempt: attempt, again: again),
                [.publish(tag: tag, document: true, expires: minimum)]
            )
        case (.publishing(let asking, let tag, _, _), .answered(.conflict)):
            // §4.1: an unknown tag means our state is lost there; it is published afresh, whole, without a tag.
            guard tag != nil else { return failed(.status(412, reason: "Conditional Request Failed")) }
            return (
                .publishing(asking: asking, tag: nil, attempt: 1, again: false),
                [.report(.conflict), .publish(tag: nil, document: true, expires: asking)]
            )
        case (.publishing, .answered(.unauthorized(let status, let realm))):
            return failed(.credentials(status, foreignRealm: realm))
        case (
            .publishing(let asking, let tag, let attempt, _),
            .answered(.failed(let failure, let retryAfter, let jitter))
        ):
            guard failure.isPassing else { return failed(failure) }
            let until = now + pause(after: retryAfter, attempt: attempt, jitter: jitter)
            return (
                .backingOff(asking: asking, tag: tag, attempt: attempt + 1, until: until),
                [.report(.failed(failure, retryAt: until))]
            )

        case (.published(let asking, let tag, _), .deadlineReached):
            return (
                .publishing(asking: asking, tag: tag, attempt: 1, again: false),
                [.publish(tag: tag, document: false, expires: asking)]
            )
        case (.published(let asking, let tag, _), .modified):
            return (
                .publishing(asking: asking, tag: tag, attempt: 1, again: false),
                [.publish(tag: tag, document: true, expires: asking)]
            )
        case (.publishing(let asking, let tag, let attempt, _), .modified):
            return (.publishing(asking: asking, tag: tag, attempt: attempt, again: true), [])
        case (.backingOff(let asking, let tag, let attempt, _), .deadlineReached):
            return (
                .publishing(asking: asking, tag: tag, attempt: attempt, again: false),
                [.publish(tag: tag, document: true, expires: asking)]
            )
        case (.backingOff, .modified):
            return (state, [])  // The whole document goes out when the wait is over.

        case (.published(_, let tag, _), .endRequested):
            return (.removing, [.unpublish(tag: tag)])
        case (.publishing(_, let tag, _, _), .endRequested):
            return (.endingAfterAnswer(tag: tag), [])
        case (.backingOff(_, let tag, _, _), .endRequested):
            guard let tag else { return ended(.neverEstablished) }
            return (.removing, [.unpublish(tag: tag)])

        // The answer to what was sent before the end (R3, W25).
        case (.endingAfterAnswer, .answered(.accepted(let tag, _))):
            return (.removing, [.unpublish(tag: tag)])
        case (.endingAfterAnswer(let tag), .answered(.conflict)):
            return ended(tag == nil ? .neverEstablished : .local(412))
        case (.endingAfterAnswer(let tag), .answered(.failed)), (.endingAfterAnswer(let tag), .answered(.unauthorized)),
            (.endingAfterAnswer(let tag), .answered(.intervalTooBrief)):
            guard let tag else { return ended(.neverEstablished) }
            return (.removing, [.unpublish(tag: tag)])

        case (.removing, .answered(.accepted)):
            return ended(.local(200))
        case (.removing, .answered(.conflict)):
            return ended(.local(412))  // Forgotten already, and never published again (test 67).
        case (.removing, .answered(.failed(let failure, _, _))):
            return ended(failure.outcomeOfEnd(alreadyGone: [404, 410, 412]))
        case (.removing, .answered(.unauthorized(let status, _))):
            return ended(.refused(status))
        case (.removing, .answered(.intervalTooBrief)):
            return ended(.refused(423))

        case (.publishing, .deadlineReached), (.published, .answered), (.backingOff, .answered),
            (.endingAfterAnswer, .modified), (.endingAfterAnswer, .deadlineReached),
            (.endingAfterAnswer, .endRequested), (.removing, .modified), (.removing, .deadlineReached),
            (.removing, .endRequested), (.ended, _):
            return (state, [])
        }
    }

    private static func ended(_ outcome: UsageOutcome) -> (State, [Action]) { (.ended(outcome), [.ended(outcome)]) }

    private static func failed(_ failure: Failure) -> (State, [Action]) {
        let outcome = UsageOutcome.endedByPeer(failure.status)
        return (.ended(outcome), [.report(.failed(failure, retryAt: nil)), .ended(outcome)])
    }
}
