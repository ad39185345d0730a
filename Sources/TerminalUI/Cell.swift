/// One place on the screen.
package struct Cell: Hashable, Sendable {
    package enum Content: Hashable, Sendable {
        case narrow(Character)
        /// Takes this place and the next.
        case wide(Character)
        /// The right half of the wide character before it.
        case covered
    }
    package var content: Content
    package var style: Style

    package init(_ content: Content, _ style: Style = .plain) {
        self.content = content
        self.style = style
    }
    package static let blank = Cell(.narrow(" "))
}
