package import SoftphoneCore

/// What the application on the screen is told.
package enum AppMessage: Sendable {
    case key(Key)
    /// The newest state of everything.
    case model(SoftphoneModel)
    case completed(RequestID, CommandResult)
    case happened(Happening)
}
