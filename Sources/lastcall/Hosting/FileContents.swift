import Glibc

/// What the system said when it refused.
struct SystemError: Error {
    var code: Int32
    var reason: String

    init(code: Int32) {
        self.code = code
        reason = strerror(code).map { String(cString: $0) } ?? "error \(code)"
    }
    init(reason: String) {
        code = 0
        self.reason = reason
    }
    /// The error of the call just made.
    static var last: SystemError { SystemError(code: errno) }
}

/// A file read whole.
struct FileContents {
    var bytes: [UInt8]
    var mode: mode_t

    /// UTF-8; what is not is replaced, and will be complained about where it stands.
    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// - Parameter path: `-` is standard input.
    static func read(_ path: String, atMost limit: Int) throws(SystemError) -> FileContents {
        let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError.last }
        defer { if descriptor != STDIN_FILENO { close(descriptor) } }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else { throw SystemError.last }
        guard facts.st_mode & S_IFMT != S_IFDIR else { throw SystemError(code: EISDIR) }
        let bytes = try readAll(descriptor, atMost: limit)
        return FileContents(bytes: bytes, mode: facts.st_mode)
    }

    static func readAll(_ descriptor: Int32, atMost limit: Int) throws(SystemError) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw SystemError.last }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
            guard bytes.count <= limit else { throw SystemError(reason: "it is longer than \(limit) bytes") }
        }
    }
}
