package import SansIO

/// Why the world could not be entered, in words for the user.
package enum RuntimeError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Nothing can listen there.
    case cannotListen(SocketAddress, reason: String)
    /// The system gave no thread, descriptor or memory.
    case noResources(what: String, reason: String)

    package var description: String {
        switch self {
        case .cannotListen(let address, let reason):
            "cannot listen on \(address): \(reason); choose an address of this machine and a free port, or port 0"
        case .noResources(let what, let reason):
            "the system gave no \(what): \(reason)"
        }
    }
}
