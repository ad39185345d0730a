package import SIPMessage
package import SansIO

/// What passed, as lines that a person reads from top to bottom: time, direction, start line in short.
package struct Ladder: Sendable, CustomStringConvertible {
    package private(set) var lines: [String] = []

    package init() {}

    package enum Direction: String, Sendable {
        case sent = "-->"
        case received = "<--"
    }

    package mutating func note(_ direction: Direction, _ message: SIPMessage, at now: Instant) {
        lines.append("\(Self.time(now)) \(direction.rawValue) \(Self.summary(of: message))")
    }

    package var count: Int { lines.count }
    package var description: String { lines.joined(separator: "\n") }

    /// The messages of ours since the ladder had `count` lines, in order, without their times.
    package func sent(since count: Int = 0) -> [String] {
        let arrow = " \(Direction.sent.rawValue) "
        return lines.dropFirst(count).filter { $0.contains(arrow) }
            .map { String($0.split(separator: " ", maxSplits: 2)[2]) }
    }

    /// Seconds and milliseconds, as `12.040`.
    package static func time(_ instant: Instant) -> String {
        let all = instant.nanoseconds / 1_000_000
        let rest = "\(all % 1000)"
        return "\(all / 1000)." + String(repeating: "0", count: 3 - rest.count) + rest
    }

    /// The method or the status with its method, and of the fields the two that shutdown is about.
    private static func summary(of message: SIPMessage) -> String {
        guard message.isRequest else { return "\(message.status?.value ?? 0) \(message.method)" }
        var text = "\(message.method)"
        if message.value(.expires) == "0" { text += " expires=0" }
        if message.method == .notify, let state = message.value(.subscriptionState) {
            text += " \(state.prefix { $0 != ";" })"
        }
        return text
    }
}
