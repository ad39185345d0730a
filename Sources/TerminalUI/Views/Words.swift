import DialogUsage
import SansIO
import SoftphoneCore

/// Times, addresses and lines as people read them.
enum Words {
    /// `0:07`, `3:12`, `1:02:33`.
    static func clock(_ duration: Duration) -> String {
        let seconds = max(0, duration.inMilliseconds / 1000)
        let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60)
        let two = { (number: Int64) in number < 10 ? "0\(number)" : "\(number)" }
        return hours > 0 ? "\(hours):\(two(minutes)):\(two(rest))" : "\(minutes):\(two(rest))"
    }
    /// How long ago; from two days on in days.
    static func age(_ duration: Duration) -> String {
        let hours = duration.inMilliseconds / 3_600_000
        return hours < 48 ? "\(clock(duration)) ago" : "\(hours / 24) days ago"
    }
    /// `6.2 s`.
    static func tenths(_ duration: Duration) -> String {
        let tenths = max(0, (duration.inMilliseconds + 99) / 100)
        return "\(tenths / 10).\(tenths % 10) s"
    }
    /// `10` for ten seconds, `4.5` for four and a half.
    static func short(_ duration: Duration) -> String {
        let tenths = max(0, (duration.inMilliseconds + 50) / 100)
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }
    /// `7.3 ms`.
    static func tenthsOfMillisecond(_ duration: Duration) -> String {
        let tenths = max(0, duration.clampedNanoseconds / 100_000)
        return "\(tenths / 10).\(tenths % 10) ms"
    }
    /// `4.3`.
    static func tenths(_ number: Double) -> String {
        let tenths = Int((max(0, number) * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
    /// `12.345`, seconds since something.
    static func milliseconds(_ duration: Duration) -> String {
        let all = max(0, duration.inMilliseconds)
        let rest = "\(all % 1000)"
        return "\(all / 1000)." + String(repeating: "0", count: 3 - rest.utf8.count) + rest
    }
    /// `Zoe <sip:zoe@example.net>`. Where there is no room for both, the name is cut, for anybody can call himself anything;
    /// and of an address the beginning, for its host says most of whose it is (H-113).
    static func caller(_ peer: String, in columns: Int) -> String {
        guard Width.of(peer) > columns else { return peer }
        let start = peer.hasSuffix(">") ? peer.lastIndex(of: "<") ?? peer.startIndex : peer.startIndex
        let (name, address) = (peer[..<start], String(peer[start...]))
        let room = columns - Width.of(address)
        if room > 2, !name.isEmpty { return Width.fit(String(name.dropLast()), in: room - 1) + " " + address }
        var (kept, used) = ("", 1)
        for character in address.reversed() {
            used += Width.of(String(character))
            guard used <= columns else { break }
            kept = String(character) + kept
        }
        return kept == address ? address : "…" + kept
    }
    /// How far away a deadline is; empty when there is none or it is past.
    static func until(_ instant: Instant?, from now: Instant) -> String {
        guard let instant, instant > now else { return "" }
        return clock(instant - now + .milliseconds(999))
    }
    /// The ends of lines, which the softphone has made visible as control pictures, as one sign.
    static func inOneLine(_ text: String) -> String {
        text.replacing("␍␊", with: " ⏎ ").replacing("␊", with: " ⏎ ")
    }

    /// `bob@example.com` for `sip:bob@example.com`.
    static func withoutScheme(_ uri: String) -> String { uri.hasPrefix("sip:") ? String(uri.dropFirst(4)) : uri }

    /// `example.com` for `sip:bob@example.com:5070;transport=tcp`.
    static func host(of uri: String) -> String {
        let behindUser = uri.lastIndex(of: "@").map { uri[uri.index(after: $0)...] } ?? withoutScheme(uri)[...]
        let host = behindUser.prefix { $0 != ";" && $0 != "?" && $0 != ">" }
        // The port of an address that is no number in brackets.
        guard let colon = host.lastIndex(of: ":"), !host.hasSuffix("]") else { return String(host) }
        return String(host[..<colon])
    }

    /// Broken between words into lines of at most so many columns; a word that is longer is broken anywhere.
    static func wrapped(_ text: String, to width: Int, indent: String = "") -> [String] {
        guard width > Width.of(indent) + 1 else { return [Width.fit(text, in: max(0, width))] }
        let leading = text.prefix { $0 == " " }
        var (lines, line, isFresh) = ([String](), String(leading), true)
        for word in text.dropFirst(leading.count).split(separator: " ", omittingEmptySubsequences: false) {
            var word = String(word)
            if !isFresh, Width.of(line) + 1 + Width.of(word) > width {
                lines.append(line)
                (line, isFresh) = (indent, true)
            }
            if !isFresh { line += " " }
            while Width.of(line) + Width.of(word) > width {
                let part = prefix(of: word, in: width - Width.of(line))
                lines.append(line + part)
                word = String(word.dropFirst(part.count))
                line = indent
            }
            line += word
            isFresh = false
        }
        return lines + [line]
    }
    /// At least one character, so that breaking comes to an end.
    private static func prefix(of word: String, in columns: Int) -> String {
        var (part, used) = ("", 0)
        for character in word {
            used += Width.of(String(character))
            guard part.isEmpty || used <= columns else { break }
            part.append(character)
        }
        return part
    }
    static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}
