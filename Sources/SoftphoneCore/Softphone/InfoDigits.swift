/// Digits on their way in INFO, one after the other; the first of `rest` is in flight.
struct InfoDigits: Hashable, Sendable {
    var request: RequestID
    var rest: Substring
    var duration: Duration
}
