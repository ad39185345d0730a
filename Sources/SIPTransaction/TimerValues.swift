import SansIO

/// The timers of RFC 3261 §17, from which all others follow (table 4 there, as corrected by RFC 6026).
package struct TimerValues: Hashable, Sendable {
    /// The round trip that retransmissions start from.
    package var t1: Duration
    /// The longest pause between retransmissions of anything but INVITE.
    package var t2: Duration
    /// How long a message stays in the network.
    package var t4: Duration

    package init(t1: Duration = .milliseconds(500), t2: Duration = .seconds(4), t4: Duration = .seconds(5)) {
        self.t1 = t1
        self.t2 = t2
        self.t4 = t4
    }

    /// Timers B, F, H, L, M and N: 64·T1.
    package var timeout: Duration { t1 * 64 }
    /// Timer D: more than 32 s over UDP.
    package var d: Duration { .seconds(32) }
    /// 100 Trying is sent when an INVITE has had no answer for so long (§17.2.1).
    package var trying: Duration { .milliseconds(200) }
    /// The same for other requests: the time in which the client's Timer E comes to T2 (RFC 4320 §4.1), 3.5 s by default.
    package var lateTrying: Duration {
        var sum = Duration.zero
        var interval = t1
        while interval > .zero, interval < t2 {
            sum += interval
            interval *= 2
        }
        return sum
    }
}
