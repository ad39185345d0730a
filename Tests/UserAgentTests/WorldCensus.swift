import Foundation

/// What this process holds, as the kernel sees it.
struct WorldCensus {
    var descriptors: Int
    /// Threads with one of our names; the system's library keeps workers of its own for a while, which are not ours.
    var threads: Int
    var residentPages: Int

    static func take() -> WorldCensus {
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
        let names = tasks.compactMap { try? String(contentsOfFile: "/proc/self/task/\($0)/comm", encoding: .utf8) }
        let statm = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        let fields = statm.split(separator: " ")
        return WorldCensus(
            descriptors: ((try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []).count,
            threads: names.count { $0.hasPrefix("lc-") || $0.hasPrefix("NIO-ELT") },
            residentPages: fields.count > 1 ? Int(fields[1]) ?? 0 : 0)
    }
}
