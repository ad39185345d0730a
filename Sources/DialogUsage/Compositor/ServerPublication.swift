/// One PUBLISH from outside, from its arrival to its answer. The publication itself is no usage: it is soft state in
/// the `EventStateCompositor`, to which a shutdown owes nothing (`shutdown.md` W32).
package struct ServerPublication: ServerRequestUsage, Hashable {
    package static let kind = UsageKind.serverPublication
    package var answer: OwedAnswer
    package init(_ answer: OwedAnswer) { self.answer = answer }
}
