package import DialogUsage
package import SansIO

/// What the keys mean now.
package indirect enum Mode: Hashable, Sendable {
    case browsing
    /// A line is typed after `:`; `fault` is what was wrong with the one before, with its column.
    case prompt(LineEditor, fault: String?)
    /// A word is typed after `/` or `\`.
    case search(Search)
    /// Every digit goes to this call at once, and never to another one that is left when it has ended.
    case digits(to: AnyUsageID, sent: String)
    case help(Help)
    /// One usage and its messages, over the whole width of a narrow screen.
    case detail(Reading)
    case pane(Pane)
    /// What a shutdown would do.
    case plan(ShutdownForecast, first: Int)
}

/// A graceful shutdown that was asked for by a key: half a second in which Esc takes it back (`shutdown.md` S7).
package enum Leaving: Hashable, Sendable {
    case no
    case armed(until: Instant)
    /// The command has been given; the model will show it.
    case asked
}

/// A subscription whose notifier was lost.
struct Lost: Hashable {
    var server: String
    var at: Instant
}

/// One line above the key bar: what came of the last key or command.
package struct Notice: Hashable, Sendable {
    package var text: String
    package var isFault: Bool
    package var until: Instant
}
