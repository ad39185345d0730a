import SansIO
import SoftphoneCore

extension Happening {
    /// Events and messages that came while nobody could be shown or written anything.
    static func dropped(_ count: Int, at now: Instant) -> Happening {
        Happening("log.dropped", usage: nil, fields: ["count": .integer(count)], at: now)
    }
}
