import Glibc
import Media
import Runtime
import SDP
import SansIO
import Testing

@Suite("The audio thread", .serialized)
struct AudioThreadTests {
    /// An audio thread and what it has told so far.
    private final class Phone: Sendable {
        let events = EventList()
        let thread: AudioThread
        let id = MediaID(serial: 1)

        init(name: String = "lc-audio") throws {
            let events = self.events
            thread = try AudioThread(name: name) { events.add($0) }
        }

        func open() throws -> UInt16 {
            thread.post(.open(id, local: .loopback4))
            let opened = try #require(events.first { if case .opened = $0 { true } else { false } })
            guard case .opened(_, let port, let rtcpPort) = opened else { return 0 }
            #expect(port % 2 == 0 && rtcpPort == port + 1)
            return port
        }
        func closed() -> MediaCounters? {
            guard case .closed(_, let counters)? = events.first({ if case .closed = $0 { true } else { false } }) else {
                return nil
            }
            return counters
        }
    }

    private final class EventList: Sendable {
        private let list = Locked<[MediaEvent]>([])
        func add(_ event: MediaEvent) { list.withLock { $0.append(event) } }
        var all: [MediaEvent] { list.withLock { $0 } }
        /// Waits for one, at most 5 s.
        func first(_ isWanted: (MediaEvent) -> Bool) -> MediaEvent? {
            for _ in 0..<1_000 {
                if let found = all.first(where: isWanted) { return found }
                usleep(5_000)
            }
            return nil
        }
    }

    private func plan(from local: UInt16, to remote: UInt16, device: AudioDevice) throws -> MediaPlan {
        let ours = SessionDescription.offer(at: SocketAddress(.loopback4, port: local), sessionID: 1)
        let theirs = SessionDescription.offer(at: SocketAddress(.loopback4, port: remote), sessionID: 2)
        return MediaPlan(try #require(NegotiatedAudio(local: ours, remote: theirs)), device: device)
    }

    private func read(_ path: String) -> [UInt8] {
        let file = open(path, O_RDONLY)
        guard file >= 0 else { return [] }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = Glibc.read(file, &bytes, bytes.count)
        return Array(bytes.prefix(max(0, count)))
    }

    private func temporaryPath(_ name: String) -> String { "/tmp/lastcall-audio-\(getpid())-\(name).wav" }

    @Test("Two threads talk over loopback: the tone of one is found in the other's file, finished at stop")
    func talk() throws {
        let path = temporaryPath("talk")
        defer { unlink(path) }
        let (speaker, listener) = (try Phone(), try Phone())
        let (from, to) = (try speaker.open(), try listener.open())
        speaker.thread.post(.start(speaker.id, try plan(from: from, to: to, device: .tone(hertz: 600))))
        listener.thread.post(
            .start(listener.id, try plan(from: to, to: from, device: .file(input: nil, output: path))))
        #expect(listener.events.first { $0 == .started(listener.id) } != nil)
        speaker.thread.post(.sendDigits(speaker.id, [DTMFDigit("5")].compactMap { $0 }, duration: .milliseconds(60)))
        #expect(listener.events.first { $0 == .digit(listener.id, "5") } != nil)
        usleep(500_000)
        speaker.thread.post(.close(speaker.id))
        #expect((speaker.closed()?.sent ?? 0) > 20)
        speaker.thread.stop()
        listener.thread.stop()
        #expect((listener.closed()?.received ?? 0) > 20)
        let file = read(path)
        let samples = try WAVFile.read(file)
        #expect(file.count == WAVFile.headerLength + 2 * samples.count)
        #expect(Array(file.prefix(44)) == WAVFile.header(samples: samples.count))
        #expect(ToneDetector.duration(of: 600, in: samples) >= .milliseconds(300))
    }

    @Test("A file is played over and over, and an echo sends it back")
    func fileAndEcho() throws {
        let (input, output) = (temporaryPath("in"), temporaryPath("out"))
        defer {
            unlink(input)
            unlink(output)
        }
        var generator = ToneGenerator(hertz: 500)
        let sound = WAVFile.write(generator.next(1_600))
        let file = open(input, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        #expect(write(file, sound, sound.count) == sound.count)
        close(file)
        let (caller, echo) = (try Phone(), try Phone())
        let (from, to) = (try caller.open(), try echo.open())
        echo.thread.post(.start(echo.id, try plan(from: to, to: from, device: .echo)))
        caller.thread.post(
            .start(caller.id, try plan(from: from, to: to, device: .file(input: input, output: output))))
        usleep(700_000)
        caller.thread.stop()
        echo.thread.stop()
        #expect(ToneDetector.duration(of: 500, in: try WAVFile.read(read(output))) >= .milliseconds(300))
    }

    @Test("Two calls of one thread are mixed: the peer of each hears the other's peer; a recording has both sides")
    func conference() throws {
        let (heardByB, both) = (temporaryPath("b"), temporaryPath("folder/both"))
        defer {
            unlink(heardByB)
            unlink(both)
            rmdir(String(both.prefix { $0 != "." }.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 }))
        }
        let (us, a, b) = (try Phone(), try Phone(), try Phone())
        let (first, second) = (us.id, MediaID(serial: 2))
        let port1 = try us.open()
        us.thread.post(.open(second, local: .loopback4))
        let opened = us.events.first { if case .opened(second, _, _) = $0 { true } else { false } }
        guard case .opened(_, let port2, _)? = opened else { return }
        let (portA, portB) = (try a.open(), try b.open())
        var planA = try plan(from: port1, to: portA, device: .null)
        planA.mixes = [second]
        var planB = try plan(from: port2, to: portB, device: .tone(hertz: 900))
        planB.mixes = [first]
        planB.recording = .init(path: both, isNamedByUs: true)
        us.thread.post(.start(first, planA))
        us.thread.post(.start(second, planB))
        a.thread.post(.start(a.id, try plan(from: portA, to: port1, device: .tone(hertz: 600))))
        b.thread.post(.start(b.id, try plan(from: portB, to: port2, device: .file(input: nil, output: heardByB))))
        #expect(us.events.first { $0 == .recording(second, both) } != nil)
        usleep(900_000)
        for phone in [us, a, b] { phone.thread.stop() }
        let sound = try WAVFile.read(read(heardByB))
        #expect(ToneDetector.level(of: sound.suffix(1_600)[...]) > 1_000)
        for hertz in [600, 900] {
            #expect(ToneDetector.share(of: hertz, in: sound.suffix(1_600)) > 0.3, "\(hertz) Hz for the peer")
            #expect(ToneDetector.share(of: hertz, in: try WAVFile.read(read(both)).suffix(1_600)) > 0.3, "\(hertz) Hz")
        }
    }

    @Test("A recording under a name of our making writes over nothing; nobody else may read it")
    func recordingBeside() throws {
        let (path, other) = (temporaryPath("beside"), temporaryPath("beside-2"))
        defer {
            unlink(path)
            unlink(other)
        }
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        #expect(write(file, "before", 6) == 6)
        close(file)
        let phone = try Phone()
        let port = try phone.open()
        var plan = try plan(from: port, to: port, device: .null)
        plan.recording = .init(path: path, isNamedByUs: true)
        phone.thread.post(.start(phone.id, plan))
        #expect(phone.events.first { $0 == .recording(phone.id, other) } != nil)
        // Whoever asks again, by either name, means the same recording.
        phone.thread.post(.update(phone.id, plan))
        plan.recording = .init(path: other)
        phone.thread.post(.update(phone.id, plan))
        usleep(200_000)
        phone.thread.post(.close(phone.id))
        #expect(phone.closed() != nil)
        phone.thread.stop()
        #expect(phone.events.all.count { if case .recording = $0 { true } else { false } } == 1)
        #expect(read(path) == Array("before".utf8))
        #expect(try WAVFile.read(read(other)).count >= 800)
        var facts = stat()
        #expect(stat(other, &facts) == 0 && facts.st_mode & 0o777 == 0o600)
    }

    @Test("Files that cannot be had are reported by name, and the call goes on without them")
    func badFiles() throws {
        let phone = try Phone()
        let port = try phone.open()
        let device = AudioDevice.file(input: "/nonexistent/in.wav", output: "/nonexistent/out.wav")
        phone.thread.post(.start(phone.id, try plan(from: port, to: port, device: device)))
        #expect(
            phone.events.first {
                $0 == .failed(phone.id, .cannotRead(path: "/nonexistent/in.wav", reason: "No such file or directory"))
            } != nil)
        #expect(
            phone.events.first {
                $0 == .failed(phone.id, .cannotWrite(path: "/nonexistent/out.wav", reason: "No such file or directory"))
            } != nil)
        phone.thread.post(
            .update(phone.id, try plan(from: port, to: port, device: .file(input: "/dev/zero", output: nil))))
        #expect(
            phone.events.first { $0 == .failed(phone.id, .cannotRead(path: "/dev/zero", reason: "it is not a file")) }
                != nil)
        usleep(100_000)
        phone.thread.post(.close(phone.id))
        #expect((phone.closed()?.sent ?? 0) >= 2)
        phone.thread.stop()
    }

    @Test(
        "After stop every descriptor is closed, every call was reported closed, and nothing is taken any more (H-136)")
    func stop() throws {
        let before = Census.take()
        let phone = try Phone()
        for serial in 1...20 as ClosedRange<UInt64> {
            phone.thread.post(.open(MediaID(serial: serial), local: .loopback4))
        }
        phone.thread.post(.open(MediaID(serial: 20), local: .loopback4))
        phone.thread.post(.open(MediaID(serial: 21), local: .v4(0xC000_0201)))
        phone.thread.post(.close(MediaID(serial: 99)))
        #expect(phone.events.first { $0 == .closed(MediaID(serial: 99), MediaCounters()) } != nil)
        phone.thread.stop()
        phone.thread.stop()
        #expect(waitUntil { Census.take().descriptors.count <= before.descriptors.count })
        let kinds = phone.events.all
        #expect(kinds.count { if case .opened = $0 { true } else { false } } == 20)
        #expect(kinds.count { if case .failed = $0 { true } else { false } } == 2)
        #expect(kinds.count { if case .closed = $0 { true } else { false } } == 21)
        #expect(!phone.thread.post(.closeAll))
    }

    @Test("Without a running call the thread does not wake")
    func idle() throws {
        let phone = try Phone(name: Self.idleName)
        _ = try phone.open()
        usleep(50_000)
        let before = switches()
        usleep(400_000)
        #expect(switches() - before <= 4)
        phone.thread.stop()
    }

    private static let idleName = "lc-idle"

    /// How often the idle thread has gone to sleep on their own account.
    private func switches() -> Int {
        var sum = 0
        guard let tasks = opendir("/proc/self/task") else { return 0 }
        defer { closedir(tasks) }
        while let entry = readdir(tasks) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            let text = read("/proc/self/task/\(name)/status")
            let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
            guard lines.first == "Name:\t\(Self.idleName)" else { continue }
            let count = lines.first { $0.hasPrefix("voluntary") }?.split(separator: "\t").last.flatMap { Int($0) }
            sum += count ?? 0
        }
        return sum
    }
}
