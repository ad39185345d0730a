/// What has passed between the two ends of a call so far. Packets and octets are of RTP, octets without headers.
package struct MediaCounters: Hashable, Sendable {
    package var sent = 0
    package var received = 0
    package var octetsSent = 0
    package var octetsReceived = 0
    /// Packets of the peer that never came (RFC 3550 A.3).
    package var lost = 0
    /// Packets not used: not RTP, from elsewhere, of another payload type, too late, or twice.
    package var discarded = 0
    /// Of the arrival times (RFC 3550 §6.4.1).
    package var jitter = Duration.zero
    /// From the peer's reports; nil before the first one (RFC 3550 §6.4.1).
    package var roundTrip: Duration?

    package init() {}

    /// Share of the peer's packets that never came, 0 to 1.
    package var loss: Double { lost <= 0 ? 0 : Double(lost) / Double(lost + received) }
}
