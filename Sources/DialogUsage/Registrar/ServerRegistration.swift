/// One REGISTER from outside, from its arrival to its answer. The bindings it makes are no usage: they are soft state
/// in the `Registrar`, to which a shutdown owes nothing (`shutdown.md` W32).
package struct ServerRegistration: ServerRequestUsage, Hashable {
    package static let kind = UsageKind.serverRegistration
    package var answer: OwedAnswer
    package init(_ answer: OwedAnswer) { self.answer = answer }
}
