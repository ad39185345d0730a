import DialogUsage

/// Why an operation of the manager was refused. Nothing was begun.
public enum ManagerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The manager is not running: it was never started, or it is stopping or stopped.
    case shuttingDown
    case notStarted
    /// The usage has ended.
    case ended(String)
    /// Not in the usage's present state.
    case notNow(String)
    /// An address or a session description that cannot be read; the text says where.
    case malformed(String)
    case noSuchAccount
    case limitReached(String)
    /// The sockets could not be opened; the text is the system's.
    case network(String)

    init(_ error: UsageError) {
        switch error {
        case .ended(let id): self = .ended(id)
        case .notNow: self = .notNow("\(error)")
        case .shuttingDown: self = .shuttingDown
        case .noSuchAccount: self = .noSuchAccount
        case .limitReached(let what): self = .limitReached(what)
        }
    }

    /// One sentence for people.
    public var description: String {
        switch self {
        case .shuttingDown: "the manager is shutting down"
        case .notStarted: "the manager has not been started"
        case .ended(let id): "\(id) has ended"
        case .notNow(let why): why
        case .malformed(let why): why
        case .noSuchAccount: "no such account"
        case .limitReached(let what): "limit reached: \(what)"
        case .network(let why): "network: \(why)"
        }
    }
}
