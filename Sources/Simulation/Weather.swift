import SansIO

/// What the network is like in one run: drawn from its seed.
struct Weather: Sendable {
    var latency: Duration
    /// Added to each datagram at random, so that they overtake each other.
    var jitter: Duration
    var loss: Double
    var duplication: Double

    init(_ random: inout Entropy) {
        latency = .milliseconds(Int64(1 + random.next() % 150))
        jitter = .milliseconds(Int64(random.next() % 100))
        // Half of the runs have a good network: there the strict rules can be checked.
        let isBad = random.next() % 2 == 0
        loss = isBad ? random.fraction() * 0.3 : 0
        duplication = isBad ? random.fraction() * 0.1 : 0
    }

    private init(latency: Duration) {
        self.latency = latency
        jitter = .zero
        loss = 0
        duplication = 0
    }
    /// Everything arrives at once.
    static let fair = Weather(latency: .milliseconds(20))
    /// Everything arrives, but each answer only just in time.
    static let slow = Weather(latency: .milliseconds(15_900))
    /// Nothing arrives.
    static let silence: Weather = {
        var weather = Weather.fair
        weather.loss = 1
        return weather
    }()
}
