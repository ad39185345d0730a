import Glibc
import Runtime

/// Writes a file whole or not at all: whoever reads it meanwhile, or after a crash, finds the old one or the new one.
enum FileReplacement {
    /// A link stays a link: what it points to is replaced. The mode stays; a new file is for its user alone.
    static func write(_ text: String, to path: String) throws(SystemError) {
        Folders.make(for: path)
        let target = resolved(path)
        var facts = stat()
        let exists = stat(target, &facts) == 0
        let draft = "\(target).\(getpid()).new"
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw SystemError.last }
        do throws(SystemError) {
            defer { close(descriptor) }
            try write(Array(text.utf8), to: descriptor)
            if exists {
                // Ours is a new file: whose it is goes first, since that takes bits of the mode away.
                if facts.st_uid != geteuid() || facts.st_gid != getegid() {
                    _ = fchown(descriptor, facts.st_uid, facts.st_gid)
                }
                guard fchmod(descriptor, facts.st_mode & 0o7777) == 0 else { throw SystemError.last }
            }
            guard fsync(descriptor) == 0 else { throw SystemError.last }
        } catch {
            unlink(draft)
            throw error
        }
        guard rename(draft, target) == 0 else {
            let error = SystemError.last
            unlink(draft)
            throw error
        }
    }

    /// Where the links lead, also when nothing is there yet.
    private static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) throws(SystemError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw SystemError.last }
            rest = rest.dropFirst(count)
        }
    }
}
