import DialogUsage
import Glibc
import Runtime
import SansIO

/// What live usages weigh. The peer is a process of its own, so that only our end counts.
enum MemoryFigures {
    /// `peer`: says yes to everything until its standard input ends. A line `change COUNT RATE WATCHERS` there makes it tell
    /// so many changes, so many in a second, of those whom the first so many subscriptions watch, in turn; the notes
    /// are n1, n2 and so on.
    static func peer() throws {
        let isDone = Signal(false)
        let stack = try StackThread<PeerMachine>.start(
            listen: ListenOptions(ip: .loopback4, port: 0, tcp: false),
            make: { local in
                Bench.say("listening 127.0.0.1:\(local.port)", to: STDOUT_FILENO)
                return PeerMachine(local: local, entropy: SystemEntropy.make())
            }, onEvent: { _ in }, onFinished: { isDone.change { $0 = true } })
        while let line = readLine() {
            let words = line.split(separator: " ")
            let numbers = words.dropFirst().compactMap { Int($0) }
            guard words.first == "change", numbers.count == 3, numbers.allSatisfy({ $0 > 0 }) else {
                throw BenchError.usage
            }
            change(numbers[0], rate: numbers[1], watchers: numbers[2]) { stack.send($0) }
        }
        stack.send(.stop)
        _ = isDone.wait(seconds: 5, until: { $0 })
    }

    private static func change(_ count: Int, rate: Int, watchers: Int, _ send: (PeerMachine.Command) -> Void) {
        let began = MonotonicClock.now()
        for number in 1...count {
            send(.change(watcher: (number - 1) % watchers, note: "n\(number)"))
            let ahead = began + .seconds(1) * number / rate - MonotonicClock.now()
            if ahead > .milliseconds(1) { usleep(UInt32(ahead.inMilliseconds) * 1_000) }
        }
    }

    /// `memory LOAD COUNT PORT`: makes the usages with the peer at that port, waits until their transactions have ended
    /// (64·T1 and T4) and prints by how many octets the process has grown for each. A first hundred, which is not counted,
    /// brings in what is needed once.
    static func memory(_ arguments: [String]) throws {
        guard arguments.count == 3, let load = ClientMachine.Load(rawValue: arguments[0]),
            let count = Int(arguments[1]), count > 0, let port = UInt16(arguments[2])
        else { throw BenchError.usage }
        let active = Signal(0)
        let report = Signal<ShutdownReport?>(nil)
        let isDone = Signal(false)
        let client = try StackThread<ClientMachine>.start(
            listen: ListenOptions(ip: .loopback4, port: 0, tcp: false),
            make: { ClientMachine(local: $0, entropy: SystemEntropy.make()) },
            onEvent: { event in
                switch event {
                case .becameActive: active.change { $0 += 1 }
                case .ended(let result): report.change { $0 = result }
                }
            }, onFinished: { isDone.change { $0 = true } })
        let first = 100
        try make(load, first, port, client, active, total: first)
        let before = residentOctets()
        try make(load, count, port, client, active, total: first + count)
        let grown = residentOctets() - before
        Bench.say("\(load.rawValue) \(count) grown \(grown) each \(grown / count)", to: STDOUT_FILENO)
        client.send(.shutdown(.graceful, giveUp: .seconds(60)))
        guard isDone.wait(seconds: 90, until: { $0 }), report.value?.isClean == true else {
            throw BenchError.failed("the shutdown after it was not clean")
        }
    }

    private static func make(
        _ load: ClientMachine.Load, _ count: Int, _ port: UInt16, _ client: StackThread<ClientMachine>,
        _ active: Signal<Int>, total: Int
    ) throws {
        client.send(.make(load, count: count, port: port))
        guard active.wait(seconds: 120, until: { $0 >= total }) else {
            throw BenchError.failed("only \(active.value) of \(total) \(load.rawValue) came to stand")
        }
        sleep(38)
    }

    /// Resident memory of this process.
    private static func residentOctets() -> Int {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        guard fgets(&line, 128, file) != nil else { return 0 }
        let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let words = text.split(separator: " ")
        guard words.count > 1, let pages = Int(words[1]) else { return 0 }
        return pages * Int(getpagesize())
    }
}
