/// Why a call has no sound, in words for the user.
package enum MediaFailure: Error, Hashable, Sendable, CustomStringConvertible {
    case noPort(address: String, reason: String)
    case tooManyCalls(limit: Int)
    case cannotRead(path: String, reason: String)
    case cannotWrite(path: String, reason: String)

    package var description: String {
        switch self {
        case .noPort(let address, let reason): "no port for audio on \(address): \(reason)"
        case .tooManyCalls(let limit): "more than \(limit) calls with audio at a time; end one first"
        case .cannotRead(let path, let reason): "cannot play \(path): \(reason)"
        case .cannotWrite(let path, let reason): "cannot record to \(path): \(reason)"
        }
    }
}
