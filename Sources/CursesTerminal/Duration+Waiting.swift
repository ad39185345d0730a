import SansIO

extension Duration? {
    /// As `ct_wait` wants it: never less than this long, and for ever where there is no limit.
    var inMillisecondsToWait: CInt {
        map { CInt(clamping: max(0, ($0 + .nanoseconds(999_999)).inMilliseconds)) } ?? -1
    }
}
