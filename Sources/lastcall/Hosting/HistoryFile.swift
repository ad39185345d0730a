import BatchScript
import Glibc
import Runtime
import SansIO
import SoftphoneCore

/// The calls there were, a JSON record each, the newest last: for the pane of calls at the next start, and for programs.
/// Neither reading nor writing it may ever keep anybody from calling or leaving, so what goes wrong here is passed over.
struct HistoryFile: Sendable {
    let path: String
    /// So many calls are remembered. The file may grow to twice as many before the oldest go.
    static let most = 1_000
    private static let largest = 64 << 20

    init(path: String) { self.path = path }
    /// nil: the system has no place for it, as where there is no HOME.
    init?(environment: [String: String]) {
        guard let path = BaseDirectory.data.path(of: "history.jsonl", environment) else { return nil }
        self.init(path: path)
    }

    func append(_ call: PastCall) {
        Folders.make(for: path)
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        OutputFiles.write(Self.line(call) + "\n", to: descriptor)
        close(descriptor)
    }

    /// The newest, the oldest of them first.
    func calls(at now: Instant) -> [PastCall] {
        guard let contents = try? FileContents.read(path, atMost: Self.largest) else { return [] }
        let lines = contents.text.split(whereSeparator: \.isNewline)
        let kept = lines.suffix(Self.most)
        if lines.count > 2 * Self.most {
            try? FileReplacement.write(kept.map { $0 + "\n" }.joined(), to: path)
        }
        let wall = WallClock.now().milliseconds
        return kept.compactMap { Self.call($0, now, wall) }
    }

    private static func line(_ call: PastCall) -> String {
        let time = WallClock.time(of: call.endedAt)
        return JSONObject([
            "v": .integer(1), "t": .text(time.iso8601), "t_ms": .integer(Int(time.milliseconds)),
            "direction": .text(call.direction.rawValue), "peer": .text(call.peer), "address": .text(call.address),
            "duration_ms": .optional(call.duration.map { Int($0.inMilliseconds) }), "ending": .text(call.ending),
            "missed": .bool(call.isMissed),
        ]).line
    }

    /// nil: not one of our lines, or one that a crash has cut.
    private static func call(_ line: Substring, _ now: Instant, _ wall: Int64) -> PastCall? {
        guard let record = JSONObject(parsing: line), record["v"]?.integer == 1,
            let direction = record["direction"]?.text.flatMap(PastCall.Direction.init), let peer = record["peer"]?.text,
            let address = record["address"]?.text, let time = record["t_ms"]?.integer,
            let ending = record["ending"]?.text
        else { return nil }
        let ago = Duration.milliseconds(max(0, min(wall - Int64(time), 3_155_760_000_000)))
        return PastCall(
            direction, peer: visible(peer), address: visible(address), endedAt: now - ago,
            duration: (record["duration_ms"]?.integer).map { .milliseconds(max(0, $0)) }, ending: visible(ending),
            isMissed: record["missed"]?.bool ?? false)
    }
}
