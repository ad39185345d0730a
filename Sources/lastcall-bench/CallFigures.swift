import DialogUsage
import Glibc
import Runtime
import SansIO

/// Answers calls on a real socket until there have been enough and its standard input ends, for whoever counts the
/// instructions from outside. Until then the caller may have lost our last answers, and ask for them again.
enum CallFigures {
    static func answer(_ arguments: [String]) throws {
        guard arguments.count == 1, let wanted = Int(arguments[0]), wanted > 0 else { throw BenchError.usage }
        let ended = Signal(0)
        let report = Signal<ShutdownReport?>(nil)
        let isDone = Signal(false)
        let stack = try StackThread<AnsweringMachine>.start(
            listen: ListenOptions(ip: .loopback4, port: 0, tcp: false),
            make: { local in
                Bench.say("listening 127.0.0.1:\(local.port)", to: STDOUT_FILENO)
                return AnsweringMachine(local: local, entropy: SystemEntropy.make())
            },
            onEvent: { event in
                switch event {
                case .ended: ended.change { $0 += 1 }
                case .stopped(let result): report.change { $0 = result }
                }
            }, onFinished: { isDone.change { $0 = true } })
        guard ended.wait(seconds: 300, until: { $0 >= wanted }) else {
            throw BenchError.failed("only \(ended.value) of \(wanted) calls came within 300 s")
        }
        Bench.waitForEndOfInput()
        stack.send(.stop)
        guard isDone.wait(seconds: 10, until: { $0 }), report.value?.isClean == true else {
            throw BenchError.failed("the shutdown after the calls was not clean")
        }
        Bench.say("answered \(ended.value) calls", to: STDOUT_FILENO)
    }
}
