import CNetwork
import Glibc
import Media

/// Writes what is heard into a WAV file. Its header is right once `finish` has been called.
struct WAVRecorder {
    private let path: String
    private let file: CInt
    private var samples = 0

    init(path: String) throws(MediaFailure) {
        self.path = path
        file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NONBLOCK, 0o644)
        guard file >= 0 else { throw .cannotWrite(path: path, reason: String(cString: cn_error_text(errno))) }
        if let failure = write(WAVFile.header(samples: 0)) {
            close(file)
            throw failure
        }
    }

    /// Answers with what went wrong, if anything; nothing more can be recorded then.
    mutating func append(_ frame: [Int16]) -> MediaFailure? {
        samples += frame.count
        return write(WAVFile.body(frame))
    }

    /// Writes the true lengths and closes the file. Once only.
    func finish() -> MediaFailure? {
        defer { close(file) }
        let header = WAVFile.header(samples: samples)
        return pwrite(file, header, header.count, 0) == header.count ? nil : failure(errno)
    }

    private func write(_ bytes: [UInt8]) -> MediaFailure? {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(file, $0.baseAddress.map { $0 + written }, $0.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return failure(errno) }
            written += count
        }
        return nil
    }

    private func failure(_ error: CInt) -> MediaFailure {
        .cannotWrite(path: path, reason: String(cString: cn_error_text(error)))
    }
}
