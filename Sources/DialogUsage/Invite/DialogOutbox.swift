package import SIPMessage

/// MESSAGE and INFO of ours in one dialog: one at a time, since nothing else keeps them in order (RFC 3428 §8).
///
///            queued                queued: behind it
///   idle ───────────────▶ sending ────┐
///    ▲   answered, failed,   │  ▲     │
///    └── and nothing waits ──┘  └─────┘ answered, failed: the next
package struct DialogOutbox: Hashable, Sendable {
    package struct Item: Hashable, Sendable {
        package enum Kind: Hashable, Sendable {
            case message, info
        }
        package var id: MessageID
        package var kind: Kind
        package var contentType: String
        package var body: [UInt8]

        package init(_ id: MessageID, _ kind: Kind, contentType: String, body: [UInt8]) {
            self.id = id
            self.kind = kind
            self.contentType = contentType
            self.body = body
        }
    }
    package enum State: Hashable, Sendable {
        case idle
        case sending(Item, then: [Item])
    }
    package enum Input: Hashable, Sendable {
        case queued(Item)
        case delivered(StatusCode)
        case failed(Failure)
        /// The dialog is over.
        case dialogEnded
    }
    package enum Action: Hashable, Sendable {
        case send(Item)
        case delivered(Item, StatusCode)
        case failed(Item, Failure)
    }

    package private(set) var state = State.idle

    package init() {}

    package var count: Int { if case .sending(_, let queue) = state { queue.count + 1 } else { 0 } }

    package mutating func handle(_ input: Input) -> [Action] {
        let (next, actions) = Self.transition(from: state, on: input)
        state = next
        return actions
    }

    private static func transition(from state: State, on input: Input) -> (State, [Action]) {
        switch (state, input) {
        case (.idle, .queued(let item)): return (.sending(item, then: []), [.send(item)])
        case (.sending(let current, let queue), .queued(let item)):
            return (.sending(current, then: queue + [item]), [])
        case (.sending(let current, let queue), .delivered(let status)):
            return next(queue, after: .delivered(current, status))
        case (.sending(let current, let queue), .failed(let failure)):
            return next(queue, after: .failed(current, failure))
        case (.sending(let current, let queue), .dialogEnded):
            return (.idle, ([current] + queue).map { .failed($0, .unreachable("the call has ended")) })
        case (.idle, .delivered), (.idle, .failed), (.idle, .dialogEnded): return (state, [])
        }
    }

    private static func next(_ queue: [Item], after report: Action) -> (State, [Action]) {
        guard let first = queue.first else { return (.idle, [report]) }
        return (.sending(first, then: Array(queue.dropFirst())), [report, .send(first)])
    }
}
