package import SansIO

/// One message of a conversation.
package struct MessageRow: Hashable, Sendable {
    package enum Standing: Hashable, Sendable {
        case received
        case sending
        case sent
        case failed(String)
    }
    package var serial: Int
    package var peer: String
    package var isOurs: Bool
    package var contentType: String
    /// Made harmless and shortened for the screen.
    package var text: String
    package var at: Instant
    package var standing: Standing
    package var account: String?
}
