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
}
