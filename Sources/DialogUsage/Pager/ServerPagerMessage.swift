/// One MESSAGE from outside any dialog, which the application answers (RFC 3428 §7).
package struct ServerPagerMessage: ServerRequestUsage, Hashable {
    package static let kind = UsageKind.serverPagerMessage
    package var answer: OwedAnswer
    package init(_ answer: OwedAnswer) { self.answer = answer }
}
