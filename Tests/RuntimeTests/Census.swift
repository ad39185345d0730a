import Glibc

/// What the program holds, as the kernel sees it.
struct Census: Equatable {
    /// What each open descriptor stands for: `socket:[12345]`, `anon_inode:[eventpoll]`.
    var descriptors: [String]
    /// Threads with one of our names. The system's library keeps workers of its own for a while, which are not ours.
    var threads: Int

    static func take() -> Census {
        let names = entries(of: "/proc/self/task").map { firstLine(of: "/proc/self/task/\($0)/comm") }
        return Census(
            descriptors: entries(of: "/proc/self/fd").compactMap { target(of: "/proc/self/fd/\($0)") }.sorted(),
            threads: names.count { $0.hasPrefix("lc-") || $0.hasPrefix("NIO-ELT") })
    }

    private static func entries(of folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { raw in
                String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    private static func target(of link: String) -> String? {
        var bytes = [CChar](repeating: 0, count: 256)
        let count = readlink(link, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self) : nil
    }

    private static func firstLine(of path: String) -> String {
        let file = open(path, O_RDONLY)
        guard file >= 0 else { return "" }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(file, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }
}
