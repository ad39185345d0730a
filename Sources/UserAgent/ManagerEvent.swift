/// What happened, for a program that uses the library.
public enum ManagerEvent: Hashable, Sendable {
    case registered(UsageHandle, expires: Duration)
    case registrationFailed(UsageHandle, String)
    /// A call from outside: `answer` or `reject` it. The offer is the text of its session description.
    case incomingCall(UsageHandle, from: String, offer: String?)
    case ringing(UsageHandle)
    /// The session stands; with the peer's session description.
    case connected(UsageHandle, description: String?)
    /// A NOTIFY; `state` is `pending`, `active` or `terminated`.
    case notified(UsageHandle, state: String, contentType: String?, body: [UInt8])
    case published(UsageHandle, entityTag: String)
    case publicationFailed(UsageHandle, String)
    case delivered(UsageHandle, status: Int)
    case deliveryFailed(UsageHandle, String)
    /// A message from outside. It has been answered 200.
    case message(from: String, contentType: String?, body: [UInt8])
    /// Exactly one for each usage that was ever told of.
    case ended(UsageHandle, UsageEnd)
    /// What the shutdown still waits for, in one sentence each.
    case shutdownProgress(waitingFor: [String])
}

/// Names a usage of a manager. It holds the manager weakly and may be kept as long as one likes: a usage that is gone
/// refuses what is asked of it, and nothing traps.
public struct UsageHandle: Hashable, Sendable, CustomStringConvertible {
    /// One of the seven kinds.
    public let type: UsageType
    let serial: UInt32
    weak let manager: DialogUsageManager?

    /// Its name, such as `csub-7`.
    public var description: String { "\(type.rawValue)#\(serial)" }

    /// `BaseUsage::end()`: ends this usage as its state demands. Idempotent, and never fails.
    public func end() { manager?.end(self) }

    /// Handles of one usage are equal, whenever they were made.
    public static func == (a: UsageHandle, b: UsageHandle) -> Bool { a.type == b.type && a.serial == b.serial }
    /// By kind and number, as `==` compares.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(type)
        hasher.combine(serial)
    }
}
