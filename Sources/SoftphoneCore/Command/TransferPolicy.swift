/// What is done when somebody asks us to call somebody else.
package enum TransferPolicy: String, Hashable, Sendable, CaseIterable {
    case ask, accept, decline
}
