import Media
import SansIO

/// How good a call sounds, second by second, by the E-model (ITU-T G.107) with what RTP and RTCP tell.
struct QualityMeter: Hashable, Sendable {
    /// A minute of seconds.
    static let longest = 60
    static let interval = Duration.seconds(1)

    /// Oldest first; nil where nothing came, as while a call is held.
    private(set) var samples: [Double?] = []
    private var last: Reading?

    /// The mean of the last few seconds, so that one lost packet is no news.
    var recent: Double? {
        let heard = samples.suffix(5).compactMap(\.self)
        return heard.isEmpty ? nil : heard.reduce(0, +) / Double(heard.count)
    }

    private struct Reading: Hashable {
        var at: Instant
        var received: Int
        var lost: Int
    }

    mutating func take(_ counters: MediaCounters, at now: Instant) {
        guard let last else {
            self.last = Reading(at: now, received: counters.received, lost: counters.lost)
            return
        }
        guard now - last.at >= Self.interval else { return }
        let received = max(0, counters.received - last.received)
        let lost = max(0, counters.lost - last.lost)
        self.last = Reading(at: now, received: counters.received, lost: counters.lost)
        let isSilent = received + lost == 0
        samples.append(
            isSilent
                ? nil
                : Self.score(
                    loss: Double(lost) / Double(lost + received), jitter: counters.jitter,
                    roundTrip: counters.roundTrip))
        if samples.count > Self.longest { samples.removeFirst() }
    }

    /// The mean opinion score of G.711 whose gaps are bridged (G.107 §7, Annex B; G.113 Appendix I: Ie 0, Bpl 25.1).
    static func score(loss: Double, jitter: Duration, roundTrip: Duration?) -> Double {
        // One way: half of the round trip, a packet's length, and what a jitter buffer holds back.
        let delay = (roundTrip ?? .zero).inSeconds * 500 + 20 + max(20, 2 * jitter.inSeconds * 1000)
        let delayImpairment = 0.024 * delay + (delay > 177.3 ? 0.11 * (delay - 177.3) : 0)
        let percent = loss * 100
        let lossImpairment = 95 * percent / (percent + 25.1)
        let rating = min(max(93.2 - delayImpairment - lossImpairment, 0), 100)
        return 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6
    }
}
