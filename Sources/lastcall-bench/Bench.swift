import Glibc
import SansIO

/// The figures that need the library from inside. Each prints one line: `name value unit`.
@main
struct Bench {
    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        do {
            switch arguments.first {
            case "parse": try ParseFigures.run(Array(arguments.dropFirst()))
            case "answer": try CallFigures.answer(Array(arguments.dropFirst()))
            case "peer": try MemoryFigures.peer()
            case "memory": try MemoryFigures.memory(Array(arguments.dropFirst()))
            case "shutdown_10000_subscriptions": try ShutdownFigures.tenThousandSubscriptions()
            case "giveup_overrun": try ShutdownFigures.giveUpOverrun()
            default: throw BenchError.usage
            }
        } catch {
            say("\(error)", to: STDERR_FILENO)
            exit(2)
        }
    }

    /// At once, because whoever reads it waits for it.
    static func say(_ text: String, to descriptor: CInt) {
        _ = Array("\(text)\n".utf8).withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    }

    /// Whoever has started this holds the other end of standard input until it has what it wants.
    static func waitForEndOfInput() {
        var byte: UInt8 = 0
        while read(STDIN_FILENO, &byte, 1) > 0 {}
    }
}

enum BenchError: Error, CustomStringConvertible {
    case usage
    case unreadable(String, String)
    case failed(String)

    var description: String {
        switch self {
        case .usage:
            """
            usage: lastcall-bench parse read|rate|write N FILE… | answer CALLS | peer | memory LOAD COUNT PORT
                   | shutdown_10000_subscriptions | giveup_overrun
            """
        case .unreadable(let file, let why): "cannot read \(file): \(why)"
        case .failed(let why): why
        }
    }
}
