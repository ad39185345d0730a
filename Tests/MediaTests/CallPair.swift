import Media
import SDP
import SansIO
import Testing

/// Two calls' ends joined by a network with delay, loss and duplicates, over virtual time.
struct CallPair {
    struct End {
        var audio = CallAudio(entropy: Entropy(seed: 0))
        var address: SocketAddress
        var source = SoundSource.silence
        var heard: [Int16] = []
        var events: [CallAudio.Event] = []
        var sent: [RTPPacket] = []
        var reports: [[RTCPPacket]] = []

        var rtcp: SocketAddress { SocketAddress(address.ip, port: address.port + 1) }
        var digits: String { String(events.compactMap { if case .digit(let key) = $0 { key } else { nil } }) }
        var counters: MediaCounters? {
            events.compactMap { if case .counters(let counters) = $0 { counters } else { nil } }.last
        }
        /// Without the counters of every second.
        var facts: [CallAudio.Event] {
            events.filter { if case .counters = $0 { false } else { true } }
        }
    }
    var left = End(address: SocketAddress(.v4(0x0A00_0001), port: 4_000))
    var right = End(address: SocketAddress(.v4(0x0A00_0002), port: 6_000))
    private(set) var now = Instant.zero
    var loss = 0.0
    var duplicates = 0.0
    var delay = 0..<1
    private var frameAt = Instant.zero + AudioFrame.interval
    private var entropy: Entropy
    private var under: [(at: Instant, bytes: [UInt8], from: SocketAddress, toLeft: Bool, isRTCP: Bool)] = []

    init(seed: UInt64 = 1) {
        entropy = Entropy(seed: seed)
        left.audio = CallAudio(entropy: entropy.split())
        right.audio = CallAudio(entropy: entropy.split())
    }

    /// What one end has agreed on with the other.
    static func plan(
        to remote: SocketAddress, direction: MediaDirection = .sendReceive, events: String = "0-15",
        packetTime: Int = 20
    ) throws -> NegotiatedAudio {
        let text = """
            v=0
            o=- 1 1 IN IP4 \(remote.ip)
            s=-
            c=IN IP4 \(remote.ip)
            t=0 0
            m=audio \(remote.port) RTP/AVP 0 96
            a=rtpmap:96 telephone-event/8000
            a=fmtp:96 \(events)
            a=ptime:\(packetTime)
            """
        let theirs = try SessionDescription(parsing: Array(text.utf8))
        let ours = SessionDescription.offer(
            capabilities: AudioCapabilities(codecs: [.pcmu], telephoneEvent: 96),
            at: SocketAddress(.loopback4, port: 2), direction: direction, sessionID: 1)
        return try #require(NegotiatedAudio(local: ours, remote: theirs))
    }

    /// Both ends agree on all that is usual.
    mutating func start() throws {
        leftDoes(.agreed(try Self.plan(to: right.address)))
        rightDoes(.agreed(try Self.plan(to: left.address)))
    }

    mutating func leftDoes(_ input: CallAudio.Input) { perform(left.audio.handle(input, at: now), isLeft: true) }
    mutating func rightDoes(_ input: CallAudio.Input) { perform(right.audio.handle(input, at: now), isLeft: false) }

    mutating func run(for length: Duration) {
        let end = now + length
        while now < end {
            let arrival = under.map(\.at).min() ?? .distantFuture
            now = min(end, frameAt, max(arrival, now))
            let due = under.filter { $0.at <= now }.sorted { $0.at < $1.at }
            under.removeAll { $0.at <= now }
            for each in due {
                let input: CallAudio.Input =
                    each.isRTCP ? .rtcp(each.bytes, from: each.from) : .rtp(each.bytes, from: each.from)
                if each.toLeft { leftDoes(input) } else { rightDoes(input) }
            }
            guard now >= frameAt else { continue }
            frameAt += AudioFrame.interval
            leftDoes(.frame(captured: left.source.next()))
            rightDoes(.frame(captured: right.source.next()))
        }
    }

    private mutating func perform(_ outputs: [CallAudio.Output], isLeft: Bool) {
        let (here, hereRTCP) = isLeft ? (left.address, left.rtcp) : (right.address, right.rtcp)
        let (there, thereRTCP) = isLeft ? (right.address, right.rtcp) : (left.address, left.rtcp)
        for output in outputs {
            switch output {
            case .sendRTP(let bytes, let remote):
                let packet = RTPPacket(parsing: bytes)
                if isLeft { left.sent += packet.map { [$0] } ?? [] } else { right.sent += packet.map { [$0] } ?? [] }
                if remote == there { carry(bytes, from: here, toLeft: !isLeft, isRTCP: false) }
            case .sendRTCP(let bytes, let remote):
                let packets = RTCPPacket.read(bytes).map { [$0] } ?? []
                if isLeft { left.reports += packets } else { right.reports += packets }
                if remote == thereRTCP { carry(bytes, from: hereRTCP, toLeft: !isLeft, isRTCP: true) }
            case .play(let frame):
                if isLeft {
                    left.heard += frame
                    left.source.heard(frame)
                } else {
                    right.heard += frame
                    right.source.heard(frame)
                }
            case .event(let event): if isLeft { left.events.append(event) } else { right.events.append(event) }
            }
        }
    }

    private mutating func carry(_ bytes: [UInt8], from: SocketAddress, toLeft: Bool, isRTCP: Bool) {
        guard entropy.fraction() >= loss else { return }
        for _ in 0..<(entropy.fraction() < duplicates ? 2 : 1) {
            let length = Duration.milliseconds(delay.lowerBound + Int(entropy.next() % UInt64(delay.count)))
            under.append((now + length, bytes, from, toLeft, isRTCP))
        }
    }
}
