import CNetwork
import Glibc
import Media

/// Writes what is heard into a WAV file. Its header is right once `finish` has been called.
struct WAVRecorder {
    let path: String
    private let file: CInt
    private var samples = 0

    /// Writes over what is there.
    init(path: String) throws(MediaFailure) { try self.init(path, openedWith: O_TRUNC, named: path) }

    /// Takes the place of no file: `call.wav` becomes `call-2.wav` where there is one.
    init(beside path: String) throws(MediaFailure) {
        let (stem, ending) = path.hasSuffix(".wav") ? (path.dropLast(4), ".wav") : (path[...], "")
        var number = 1
        var candidate: String { number == 1 ? path : "\(stem)-\(number)\(ending)" }
        while access(candidate, F_OK) == 0, number < Self.mostAlike { number += 1 }
        try self.init(candidate, openedWith: O_EXCL, named: path)
    }
    private static let mostAlike = 1_000

    /// Others need not hear it.
    ///
    /// - Parameter asked: the name under which a failure is told.
    private init(_ path: String, openedWith flag: CInt, named asked: String) throws(MediaFailure) {
        self.path = path
        file = open(path, O_WRONLY | O_CREAT | flag | O_CLOEXEC | O_NONBLOCK, 0o600)
        guard file >= 0 else { throw .cannotWrite(path: asked, reason: String(cString: cn_error_text(errno))) }
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
