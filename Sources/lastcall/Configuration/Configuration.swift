import DialogUsage
import SIPMessage
import SansIO
import SoftphoneCore
import TerminalUI

/// What the configuration file says. Everything has a default that works; without a file, this is it.
struct Configuration: Sendable {
    var accounts: [AccountEntry] = []
    var terminal = Terminal()
    var giveUp: Duration = .seconds(5)
    /// Those of `contacts.yaml`.
    var contacts: [Contact] = []
    /// Which key does what in the terminal.
    var keys = KeyMap()
    /// Where the values come from that are not the defaults, by their path: `accounts.0.login`, `terminal.color`.
    var origins: [String: Origin] = [:]

    struct Terminal: Hashable, Sendable {
        /// `auto` obeys NO_COLOR.
        enum Color: String, CaseIterable { case auto, always, never }
        enum Glyphs: String, CaseIterable { case auto, unicode, ascii }
        /// `auto` is light where the terminal says that its background is, else dark.
        enum Theme: String, CaseIterable {
            case auto, dark, light
            case highContrast = "high-contrast"
            case mono
        }
        /// Whose the mouse is at the start: ours, or as without us the terminal's.
        enum Mouse: String, CaseIterable { case on, off }
        var color = Color.auto
        var glyphs = Glyphs.auto
        var theme = Theme.auto
        var mouse = Mouse.on
    }

    /// An account as it is written; its addresses have been read.
    struct AccountEntry: Hashable, Sendable {
        enum Password: Hashable, Sendable {
            case written(Secret<String>)
            /// A program and its arguments; the first line it prints is the password.
            case command([String])
        }
        var name: String
        var address: String
        var server: String?
        var login: String?
        var password: Password?
        /// The realm that the password is for.
        var realm: String?
        var expires: Duration?
        /// Registered beside our own contact, and where that stands among them.
        var contacts: [RegisteredContact] = []
        var preference: QValue?
    }

    /// Whether somebody who reads the file learns a password.
    var holdsPassword: Bool {
        accounts.contains { if case .written = $0.password { true } else { false } }
    }
}
