import DialogUsage
import SIPMessage

/// Who calls, and how, as the INVITE says. All of it but `asserted` is the caller's own word.
public struct Caller: Hashable, Sendable {
    /// The URI in From; `sip:anonymous@anonymous.invalid` of a caller who does not want to be known (RFC 3323 §4.1).
    public var address: String
    /// The name that is shown with it; nil where there is none.
    public var name: String?
    /// The URI in To: which of your addresses was called.
    public var called: String
    /// Who it is on the word of one of `Configuration.trustedProxies` (RFC 3325 §5): a SIP URI, a telephone number, or both.
    public var asserted: [Contact]
    /// The caller wants the call answered without anybody's doing, after this time (RFC 5373, or `answer-after` in
    /// Call-Info); nil: no such wish. Nothing is answered by itself: the program decides whom it lets.
    public var answerAfter: Duration?
    /// The call whose place this one takes once it is answered, which ends then (RFC 3891).
    public var replaces: UsageHandle?

    init(_ call: IncomingCall, handle: (AnyUsageID) -> UsageHandle) {
        address = "\(call.from.uri)"
        name = call.from.displayName
        called = "\(call.to.uri)"
        asserted = call.assertedIdentities.map(Contact.init)
        answerAfter = call.autoAnswer?.after
        replaces = call.replaces.map { handle($0.any) }
    }
}
