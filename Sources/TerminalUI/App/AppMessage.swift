package import SoftphoneCore

/// What the application on the screen is told.
package enum AppMessage: Sendable {
    case key(Key)
    case mouse(Mouse)
    /// The screen has another size now; also told first of all.
    case resized(Size)
    /// The newest state of everything.
    case model(SoftphoneModel)
    case completed(RequestID, CommandResult)
    case happened(Happening)
}
