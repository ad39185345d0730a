import CNetwork
import Glibc
import Media

/// Reading a WAV file whole: what a call plays is short, and nothing may wait for a disk while it plays.
enum SoundFile {
    /// More than an hour of 16-bit sound.
    static let longest = 64 << 20

    static func read(_ path: String) throws(MediaFailure) -> [Int16] {
        let bytes = try readBytes(path)
        do throws(WAVError) {
            return try WAVFile.read(bytes)
        } catch {
            throw .cannotRead(path: path, reason: error.description)
        }
    }

    private static func readBytes(_ path: String) throws(MediaFailure) -> [UInt8] {
        // A pipe or a terminal would make the thread wait; not waiting, they are seen to be no files.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw .cannotRead(path: path, reason: String(cString: cn_error_text(errno))) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw .cannotRead(path: path, reason: "it is not a file")
        }
        guard status.st_size <= longest else {
            throw .cannotRead(path: path, reason: "it is larger than \(longest >> 20) MiB")
        }
        var bytes = [UInt8](repeating: 0, count: Int(max(0, status.st_size)))
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes {
                Glibc.read(file, $0.baseAddress.map { $0 + filled }, $0.count - filled)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .cannotRead(path: path, reason: String(cString: cn_error_text(errno))) }
            if count == 0 { break }
            filled += count
        }
        return Array(bytes.prefix(filled))
    }
}
