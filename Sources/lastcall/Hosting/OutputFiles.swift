import BatchScript
import Glibc
import Runtime
import SansIO
import SoftphoneCore

/// Standard output, standard error, and the files of `--trace` and `--log`.
struct OutputFiles: ~Copyable {
    private let trace: Int32?
    private let log: Int32?
    private let paths: [String?]

    init(trace: String?, log: String?) throws(ConfigurationError) {
        var opened: [Int32?] = []
        do throws(ConfigurationError) {
            for path in [trace, log] {
                opened.append(
                    try path.map { path throws(ConfigurationError) in
                        try Self.open(path, O_TRUNC)
                    })
            }
        } catch {
            for case let descriptor? in opened { close(descriptor) }
            throw error
        }
        self.trace = opened[0]
        self.log = opened[1]
        paths = [trace, log]
    }
    deinit { for case let descriptor? in [trace, log] { close(descriptor) } }

    var wantsTrace: Bool { trace != nil }
    var wantsLog: Bool { log != nil }

    /// Others need not read what is said in our name.
    private static func open(_ path: String, _ flag: Int32 = 0) throws(ConfigurationError) -> Int32 {
        let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | flag, 0o600)
        if descriptor >= 0 { return descriptor }
        throw ConfigurationError(file: path, text: "cannot be written: \(SystemError.last.reason)")
    }

    /// Somebody has moved the files away, as those do who rotate logs: what is written from now on goes to files of the
    /// same names. One that cannot be opened is written to where it is, and that is said.
    func reopen(at now: Instant) -> Happening? {
        var trouble: Happening?
        for (descriptor, path) in zip([trace, log], paths) {
            guard let descriptor, let path else { continue }
            do throws(ConfigurationError) {
                let new = try Self.open(path)
                // The number stays, and with it whoever is about to write to it.
                dup2(new, descriptor)
                _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
                close(new)
            } catch {
                trouble = Happening(
                    "log.failed", usage: nil, fields: ["file": .text(visible(path)), "reason": .text("\(error)")],
                    at: now)
            }
        }
        return trouble
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

    /// Writes a file whole; nil when it is written, otherwise why not.
    static func fault(writing bytes: [UInt8], to path: String) -> String? {
        let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return "\(path) cannot be written: \(SystemError.last.reason)" }
        defer { Glibc.close(descriptor) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return "\(path) cannot be written: \(SystemError.last.reason)" }
            rest = rest.dropFirst(count)
        }
        return nil
    }

    /// Unbuffered, so that each line is out when it is said. A reader who has gone is nobody's fault.
    static func write(_ text: String, to descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            // Whoever we share it with has made it non-blocking. That the reader is slow is no reason to lose a line.
            if count < 0, errno == EAGAIN {
                var slow = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&slow, 1, -1)
                continue
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
