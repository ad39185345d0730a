import Glibc

/// The program in a terminal of its own: a session whose controlling terminal is a pty, so that keys, job control and
/// modes are what a user's would be.
final class PseudoTerminal {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    // Macros of <asm-generic/ioctls.h> and <spawn.h> that Swift does not see.
    private static let setLock: UInt = 0x4004_5431
    private static let getNumber: UInt = 0x8004_5430
    private static let newSession: Int16 = 0x80

    private(set) var master: CInt
    /// Kept open, so that the modes can be read when the program has gone.
    private let slave: CInt
    let process: pid_t
    private(set) var output = ""
    private var pending: [UInt8] = []

    init(
        _ program: String, _ arguments: [String], term: String = "xterm-256color", columns: UInt16 = 120,
        rows: UInt16 = 30, environment more: [String] = []
    ) throws {
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var locked: CInt = 0
        var number: CInt = 0
        guard master >= 0, ioctl(master, Self.setLock, &locked) == 0, ioctl(master, Self.getNumber, &number) == 0 else {
            throw Failure(description: "no pseudo-terminal: \(String(cString: strerror(errno)))")
        }
        let path = "/dev/pts/\(number)"
        slave = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(master, UInt(TIOCSWINSZ), &size)

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // The first terminal that the leader of a session opens becomes its controlling one.
        posix_spawn_file_actions_addopen(&actions, 0, path, O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&actions, 0, 1)
        posix_spawn_file_actions_adddup2(&actions, 0, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, Self.newSession)

        let vector = Self.strings([program] + arguments)
        // The toolchain's backtracer would ask questions on the terminal. What a sanitizer was told holds here too.
        // PATH is for the symbolizer of LeakSanitizer, which overlooks nothing by name without it.
        let places = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
        let fixed = [
            "PATH=\(places)", "TERM=\(term)", "LC_ALL=C.UTF-8", "HOME=/nonexistent", "SWIFT_BACKTRACE=enable=no",
        ]
        let sanitizer = ["ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS"].compactMap { (name: String) -> String? in
            getenv(name).map { "\(name)=\(String(cString: $0))" }
        }
        let environment = Self.strings(fixed + sanitizer + more)
        defer { (vector + environment).forEach { free($0) } }
        var child = pid_t()
        let result = posix_spawn(&child, program, &actions, &attributes, vector, environment)
        guard result == 0 else {
            throw Failure(description: "\(program) cannot be started: \(String(cString: strerror(result)))")
        }
        process = child
    }

    private static func strings(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
        texts.map { strdup($0) } + [nil]
    }

    deinit {
        close(slave)
        if master >= 0 { close(master) }
    }

    /// The window is closed, the connection lost.
    func hangUp() {
        close(master)
        master = -1
    }

    /// Local modes of the terminal: echo, line editing, signals.
    var modes: tcflag_t {
        var state = termios()
        tcgetattr(slave, &state)
        return state.c_lflag
    }

    func type(_ keys: String) {
        let bytes = Array(keys.utf8)
        _ = write(master, bytes, bytes.count)
    }

    func send(_ signal: CInt) { kill(process, signal) }

    /// Reads until the text has been written, or fails after ten seconds of silence, after a minute of other things, and
    /// when the program has ended.
    func wait(for text: String) throws {
        let start = time(nil)
        while !output.contains(text) {
            let before = pending.count
            guard read(within: 10_000), pending.count > before, time(nil) - start < 60 else {
                throw Failure(description: "“\(text)” never came, but:\n\(output)")
            }
        }
    }

    /// Reads until the program has ended; its exit code, or minus the signal that ended it.
    func waitForEnd() throws -> CInt {
        var status: CInt = 0
        while waitpid(process, &status, WNOHANG) == 0 {
            if !read(within: 10_000) {
                kill(process, SIGKILL)
                waitpid(process, &status, 0)
                throw Failure(description: "it did not end:\n\(output)")
            }
        }
        while read(within: 0) {}
        return status & 0x7f == 0 ? (status >> 8) & 0xff : -(status & 0x7f)
    }

    /// Waits for output, but not without looking whether the program is still there. False after so much silence.
    func read(within milliseconds: CInt) -> Bool {
        var left = milliseconds
        repeat {
            var entry = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
            if poll(&entry, 1, min(left, 50)) > 0 {
                var buffer = [UInt8](repeating: 0, count: 65_536)
                let count = Glibc.read(master, &buffer, buffer.count)
                guard count > 0 else { return false }
                pending += buffer.prefix(count)
                output = String(decoding: pending, as: UTF8.self)
                return true
            }
            var information = siginfo_t()
            if waitid(P_PID, id_t(process), &information, WEXITED | WNOHANG | WNOWAIT) == 0, information.si_signo != 0 {
                return milliseconds > 0
            }
            left -= 50
        } while left > 0
        return false
    }
}
