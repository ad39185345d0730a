package import SansIO

/// A line of the event log that screens show.
package struct LogLine: Hashable, Sendable {
    package enum Level: Hashable, Sendable { case note, warning, failure }
    package var at: Instant
    package var level: Level
    package var text: String
}
