import BatchScript
import DialogUsage
import Glibc
import Runtime
import SIPMessage
import SansIO
import SoftphoneCore
import Yams

/// What the last run left behind, on disk between two runs. Neither reading nor writing it may ever keep anybody from
/// calling or leaving, so what goes wrong here is passed over.
struct ReceiptFile {
    let path: String
    /// A receipt that is longer was not written by us.
    static let largest = 4 << 20
    static let mostLeftovers = 64

    /// nil: the system has no place for it, as where there is no HOME.
    init?(environment: [String: String]) {
        guard let path = BaseDirectory.state.path(of: "receipt.jsonl", environment) else { return nil }
        self.path = path
    }

    /// Replaces the receipt of the run before.
    func keep(_ report: ShutdownReport?, names: [AnyUsageID: String], carried: [Leftover]) {
        let lines = ReceiptText.lines(report, names: names, carried: carried, at: MonotonicClock.now()) { instant in
            let time = WallClock.time(of: instant)
            return ReceiptText.Time(text: time.iso8601, milliseconds: time.milliseconds)
        }
        Folders.make(for: path)
        let draft = path + ".new"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return }
        OutputFiles.write(lines.map { $0 + "\n" }.joined(), to: descriptor)
        close(descriptor)
        rename(draft, path)
    }

    /// The bindings that may still be there.
    func leftovers(at now: Instant) -> [Leftover] {
        guard let contents = try? FileContents.read(path, atMost: Self.largest) else { return [] }
        let wall = WallClock.now().milliseconds
        return contents.text.split(whereSeparator: \.isNewline).lazy.compactMap { leftover(String($0), now, wall) }
            .prefix(Self.mostLeftovers).map { $0 }
    }

    private func leftover(_ line: String, _ now: Instant, _ wall: Int64) -> Leftover? {
        // JSON is YAML.
        guard line.contains("\"binding\":\""), let node = try? Yams.compose(yaml: line),
            case .mapping(let mapping) = node, let account = mapping["account"]?.string,
            let contact = mapping["binding"]?.string.flatMap({ try? AnyURI(parsing: $0) })
        else { return nil }
        let until = (mapping["until_ms"]?.string).flatMap(Int64.init)
        if let until, until <= wall { return nil }
        return Leftover(account: account, contact: contact, until: until.map { now + .milliseconds($0 - wall) })
    }
}
