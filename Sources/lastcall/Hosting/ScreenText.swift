import SoftphoneCore
import TerminalUI

/// What the terminal would show of a softphone, as text.
enum ScreenText {
    /// As on the terminal that is taken for granted where there is none.
    private static let size = Size(columns: 120, rows: 40)

    static func of(_ model: SoftphoneModel) -> String {
        var app = App()
        _ = app.update(.resized(size), at: model.now)
        _ = app.update(.model(model), at: model.now)
        return app.view(in: size, at: model.now).lines.map { $0 + "\n" }.joined()
    }
}
