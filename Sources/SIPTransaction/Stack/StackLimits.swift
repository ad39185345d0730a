/// Every limit of the stack, in one place (hardening list, section 1).
package struct StackLimits: Hashable, Sendable {
    /// Requests from outside that wait for an answer; further ones get 503.
    package var unansweredServerTransactions = 1024
    /// Those and the ones that are kept to repeat their answer (Timers H, J, L); further ones get 503.
    package var serverTransactions = 65_536
    /// Connections that peers opened to us; further ones are closed at once.
    package var flows = 64
    /// Octets; a request longer than this goes over TCP (RFC 3261 §18.1.1).
    package var datagramRequest = 1300
    /// How long a message on a stream may stay incomplete, from its first octet; then the connection is closed.
    package var incompleteMessage = Duration.seconds(15)
    /// Seconds that a refused peer is asked to wait.
    package var retryAfter = 5

    package init() {}
}
