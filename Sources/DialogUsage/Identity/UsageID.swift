package import SansIO

/// What every usage type has in common, as in the 2004 proposal: it can be ended, and ending it returns nothing.
///
/// A usage is a value in a table of `UsageCore`; `end()` on the value only says what the machine wants done. The
/// core's `end(_:)` is what an application calls.
package protocol BaseUsage: Sendable {
    static var kind: UsageKind { get }
    associatedtype Action: Sendable

    /// Ends this one usage as `shutdown.md` section 5 says for its state. Idempotent.
    mutating func end(at now: Instant) -> [Action]
    /// When the machine wants to be told that time has passed.
    var nextDeadline: Instant? { get }
    var isEnded: Bool { get }
    /// It waits for a person: of those there may be few, and so they are counted.
    var isOffered: Bool { get }
}

extension BaseUsage {
    package var isOffered: Bool { false }
}

/// Names one usage. Serials are never reused, so a stale id means "gone", never "someone else".
package struct UsageID<Usage: BaseUsage>: Hashable, Sendable, CustomStringConvertible {
    package let serial: UInt32

    package init(serial: UInt32) { self.serial = serial }
    /// `csub-7`.
    package var description: String { "\(Usage.kind.prefix)-\(serial)" }
    package var any: AnyUsageID { AnyUsageID(kind: Usage.kind, serial: serial) }
}

/// Any usage, for lists and reports. Serials count per kind.
package struct AnyUsageID: Hashable, Sendable, CustomStringConvertible {
    package let kind: UsageKind
    package let serial: UInt32

    package init(kind: UsageKind, serial: UInt32) {
        self.kind = kind
        self.serial = serial
    }
    package var description: String { "\(kind.prefix)-\(serial)" }

    /// Looked up some forty times for each call: as one number, not as the name of its kind.
    package func hash(into hasher: inout Hasher) { hasher.combine(UInt64(serial) << 8 | UInt64(kind.group.rawValue)) }
}

/// In the order in which shutdown would end them, and so in which lists name them: by group, kind and age.
extension AnyUsageID: Comparable {
    private var place: UInt64 { UInt64(kind.place) << 32 | UInt64(serial) }

    package static func < (left: AnyUsageID, right: AnyUsageID) -> Bool { left.place < right.place }
}

/// An invite session of either side, since after the answer both can do the same.
package enum SessionID: Hashable, Sendable, CustomStringConvertible {
    case client(UsageID<ClientInviteSession>)
    case server(UsageID<ServerInviteSession>)

    package var any: AnyUsageID {
        switch self {
        case .client(let id): id.any
        case .server(let id): id.any
        }
    }
    package var description: String { any.description }
}

/// Names one account of the user agent.
package struct AccountID: Hashable, Sendable {
    package let serial: UInt32
    package init(serial: UInt32) { self.serial = serial }
}
