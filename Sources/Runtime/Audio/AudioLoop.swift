import CNetwork
import Glibc
import Media
import SansIO

/// What the audio thread does: waits for commands, packets and the next frame, whichever comes first.
struct AudioLoop: ~Copyable {
    /// Calls with sound at a time.
    static let mostCalls = 64
    /// After so long a pause (a stopped process, a sleeping machine) frames are not made up for.
    static let longestDelay = Duration.milliseconds(200)

    private let mailbox: Mailbox<AudioThread.Letter>
    private let bell: CInt
    private let packets = PacketReader()
    private let onEvent: @Sendable (MediaEvent) -> Void
    private var entropy = SystemEntropy.make()
    private var lines: [MediaID: AudioLine] = [:]
    /// When the next 20 ms are over; nil while no call runs.
    private var frameAt: Instant?

    init(
        mailbox: Mailbox<AudioThread.Letter>, bell: CInt, onEvent: @escaping @Sendable (MediaEvent) -> Void
    ) {
        self.mailbox = mailbox
        self.bell = bell
        self.onEvent = onEvent
    }

    /// Returns when it has been told to stop; nothing is open then.
    mutating func run() {
        while true {
            waitForSomething()
            for letter in mailbox.takeAll() {
                switch letter {
                case .command(let command): follow(command)
                case .stop: return closeAll()
                }
            }
            makeFrames()
        }
    }

    private mutating func follow(_ command: MediaCommand) {
        let now = MonotonicClock.now()
        switch command {
        case .open(let id, let local): open(id, on: local)
        case .start(let id, let plan), .update(let id, let plan):
            tell(lines[id]?.follow(plan, at: now))
            if frameAt == nil, lines[id]?.isRunning == true { frameAt = now + AudioFrame.interval }
        case .sendDigits(let id, let digits, let duration, let gap):
            let events = lines[id]?.handle(.sendDigits(digits, duration: duration, gap: gap), at: now)
            tell(events ?? [.digitsSent(id, [])])
        case .close(let id): close(id)
        case .closeAll: closeAll()
        }
    }

    private mutating func open(_ id: MediaID, on local: IPAddress) {
        do throws(MediaFailure) {
            guard lines[id] == nil else {
                throw .noPort(address: local.description, reason: "\(id) is open already")
            }
            guard packets.isUsable else { throw .noPort(address: local.description, reason: "out of memory") }
            guard lines.count < Self.mostCalls else { throw .tooManyCalls(limit: Self.mostCalls) }
            let ports = try PortPair.open(on: local)
            lines[id] = AudioLine(id, ports: ports, entropy: entropy.split())
            onEvent(.opened(id, port: ports.port, rtcpPort: ports.port + 1))
        } catch {
            onEvent(.failed(id, error))
        }
    }

    private mutating func close(_ id: MediaID) {
        guard var line = lines.removeValue(forKey: id) else { return onEvent(.closed(id, MediaCounters())) }
        tell(line.close(at: MonotonicClock.now()))
        if !lines.values.contains(where: \.isRunning) { frameAt = nil }
    }

    private mutating func closeAll() {
        for id in lines.keys { close(id) }
    }

    private mutating func makeFrames() {
        let now = MonotonicClock.now()
        while let due = frameAt, due <= now {
            let heard = lines.mapValues(\.heard)
            for id in lines.keys { tell(lines[id]?.frame(hearing: heard, at: now)) }
            frameAt = now - due > Self.longestDelay ? now + AudioFrame.interval : due + AudioFrame.interval
        }
    }

    private func tell(_ events: [MediaEvent]?) { events?.forEach(onEvent) }

    /// Sleeps until the bell rings, a packet comes or the next frame is due, and reads the packets.
    private mutating func waitForSomething() {
        var order: [(id: MediaID, isRTCP: Bool)] = []
        var watched = [pollfd(fd: bell, events: Int16(POLLIN), revents: 0)]
        for (id, line) in lines {
            order += [(id, false), (id, true)]
            watched.append(pollfd(fd: line.ports.rtp, events: Int16(POLLIN), revents: 0))
            watched.append(pollfd(fd: line.ports.rtcp, events: Int16(POLLIN), revents: 0))
        }
        guard wait(on: &watched) > 0 else { return }
        if watched[0].revents != 0 { cn_bell_silence(bell) }
        let now = MonotonicClock.now()
        for (place, ready) in zip(order, watched.dropFirst()) where ready.revents != 0 {
            if Int32(ready.revents) & POLLERR != 0 { PacketReader.clearErrors(ready.fd) }
            for (bytes, source) in packets.read(ready.fd) {
                let input: CallAudio.Input = place.isRTCP ? .rtcp(bytes, from: source) : .rtp(bytes, from: source)
                tell(lines[place.id]?.handle(input, at: now))
            }
        }
    }

    private func wait(on watched: inout [pollfd]) -> CInt {
        let length: CInt
        if let frameAt {
            // Rounded up: a frame is never early, and the next one is counted from when this one was due.
            let rest = max(0, (frameAt - MonotonicClock.now()).clampedNanoseconds)
            length = CInt(clamping: (rest + 999_999) / 1_000_000)
        } else {
            length = -1
        }
        return poll(&watched, nfds_t(watched.count), length)
    }
}
