import Glibc
import SansIO
import SoftphoneCore
import Testing

@testable import lastcall

@Suite("The calls there were, on disk")
struct HistoryTests {
    private let file = HistoryFile(path: "/tmp/lastcall-test-\(getpid())-\(UInt64.random(in: 0 ... .max))/a/h.jsonl")

    private func call(_ peer: String, _ ago: Duration, at now: Instant, duration: Duration? = nil) -> PastCall {
        PastCall(
            .incoming, peer: peer, address: "sip:b@x.y", endedAt: now - ago, duration: duration,
            ending: "486 \"Busy\"\u{202e}", isMissed: duration == nil)
    }
    private func remove() {
        unlink(file.path)
        rmdir(String(file.path.dropLast("/h.jsonl".count)))
        rmdir(String(file.path.dropLast("/a/h.jsonl".count)))
    }

    @Test("They are found again at the next start, with what was said of them, and nobody else may read them")
    func kept() throws {
        defer { remove() }
        let now = Instant.zero + .seconds(100_000)
        file.append(call("\"Böb\" sip:b@x.y", .seconds(7_200), at: now, duration: .milliseconds(61_500)))
        file.append(call("sip:c@x.y", .seconds(60), at: now))
        let later = now + .seconds(10)
        let calls = file.calls(at: later)
        #expect(calls.map(\.peer) == ["\"Böb\" sip:b@x.y", "sip:c@x.y"])
        #expect(calls.map(\.duration) == [.milliseconds(61_500), nil])
        #expect(calls.map(\.isMissed) == [false, true])
        #expect(calls.first?.ending.hasPrefix("486 \"Busy\"") == true)
        #expect(calls.first?.ending.unicodeScalars.contains("\u{202e}") == false)
        var facts = stat()
        #expect(stat(file.path, &facts) == 0 && facts.st_mode & 0o777 == 0o600)
    }

    @Test("Lines that a crash has cut, or that are not ours, are passed over; no file is no history")
    func damaged() throws {
        defer { remove() }
        #expect(file.calls(at: .zero).isEmpty)
        file.append(call("sip:a@x.y", .zero, at: .zero))
        let descriptor = open(file.path, O_WRONLY | O_APPEND)
        OutputFiles.write("{\"v\":1,\"t_ms\":17\nnonsense\n{\"v\":2}\n\n[1]\n", to: descriptor)
        close(descriptor)
        file.append(call("sip:b@x.y", .zero, at: .zero))
        #expect(file.calls(at: .zero).map(\.peer) == ["sip:a@x.y", "sip:b@x.y"])
    }

    @Test("The newest thousand are remembered, and the file does not grow without end")
    func bounded() throws {
        defer { remove() }
        for number in 0...2 * HistoryFile.most { file.append(call("sip:\(number)@x.y", .zero, at: .zero)) }
        let calls = file.calls(at: .zero)
        #expect(calls.count == HistoryFile.most)
        #expect(calls.last?.peer == "sip:\(2 * HistoryFile.most)@x.y")
        let kept = try FileContents.read(file.path, atMost: 1 << 20).text
        #expect(kept.split(separator: "\n").count == HistoryFile.most)
    }
}
