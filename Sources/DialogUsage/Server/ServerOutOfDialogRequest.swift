/// One stand-alone request from outside, of a method that no other usage is for, which the application answers.
package struct ServerOutOfDialogRequest: ServerRequestUsage, Hashable {
    package static let kind = UsageKind.serverOutOfDialogRequest
    package var answer: OwedAnswer
    package init(_ answer: OwedAnswer) { self.answer = answer }
}
