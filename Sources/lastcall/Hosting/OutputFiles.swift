import BatchScript
import Glibc
import Runtime
import SansIO
import SoftphoneCore

/// Standard output, standard error, and the files of `--trace` and `--log`.
struct OutputFiles: ~Copyable {
    private let trace: Int32?
    private let log: Int32?

    init(trace: String?, log: String?) throws(ConfigurationError) {
        var opened: [Int32?] = []
        do throws(ConfigurationError) {
            for path in [trace, log] { opened.append(try path.map(Self.create)) }
        } catch {
            for case let descriptor? in opened { close(descriptor) }
            throw error
        }
        self.trace = opened[0]
        self.log = opened[1]
    }
    deinit { for case let descriptor? in [trace, log] { close(descriptor) } }

    var wantsTrace: Bool { trace != nil }
    var wantsLog: Bool { log != nil }

    /// Others need not read what is said in our name.
    private static func create(_ path: String) throws(ConfigurationError) -> Int32 {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        if descriptor >= 0 { return descriptor }
        throw ConfigurationError(file: path, text: "cannot be written: \(SystemError.last.reason)")
    }

    func write(_ line: OutputLine) {
        switch line.stream {
        case .output: Self.write(line.text + "\n", to: STDOUT_FILENO)
        case .error: Self.write(line.text + "\n", to: STDERR_FILENO)
        }
    }
    func write(_ line: TraceLine) { if let trace { Self.write(Self.text(of: line), to: trace) } }
    func log(_ line: String) { if let log { Self.write(line + "\n", to: log) } }

    /// At the very end of a run: says what else was left behind, which makes no good end.
    func conclude(_ exit: ExitCode, leftBehind: String?) -> ExitCode {
        guard let leftBehind else { return exit }
        write(OutputLine(.error, "lastcall: \(leftBehind)"))
        return exit == .success ? .internalError : exit
    }

    private static func text(of line: TraceLine) -> String {
        let arrow = line.isSent ? "──▶" : "◀──"
        let copy = line.retransmission > 0 ? " copy \(line.retransmission + 1)" : ""
        let usage = line.usage.map { " \($0)" } ?? ""
        let time = WallClock.time(of: line.at).iso8601
        return "\(time) \(arrow) \(line.transport.rawValue) \(line.remote)\(usage)\(copy)\n\(line.text)\n"
    }

    /// Unbuffered, so that each line is out when it is said. A reader who has gone is nobody's fault.
    static func write(_ text: String, to descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
