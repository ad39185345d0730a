/// What the audio thread last told of one call.
package struct AudioCounters: Hashable, Sendable {
    package var sent = 0
    package var received = 0
    /// Share of packets lost, 0 to 1.
    package var loss = 0.0
    package var jitter = Duration.zero
    package var roundTrip: Duration?

    package init() {}
}
