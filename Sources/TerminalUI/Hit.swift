/// What a part of the picture is to the mouse.
package enum Hit: Hashable, Sendable {
    /// A key that is shown: to click it is to press it.
    case key(Key)
    /// A row of a surface, counted among all its rows, and the first of those that are on the screen.
    case row(Surface, Int, first: Int)
    case surface(Surface)
    /// What lies over everything else and answers to nothing.
    case cover

    /// What can be scrolled.
    package enum Surface: Hashable, Sendable {
        /// The usages.
        case list
        /// The messages of one.
        case ladder
        /// Contacts, conversations, calls, accounts.
        case pane
        case help
        /// A text over the whole screen.
        case page
    }

    var surface: Surface? {
        switch self {
        case .surface(let surface), .row(let surface, _, _): surface
        case .key, .cover: nil
        }
    }
}

extension Frame {
    /// Says what a rectangle is to the mouse; what is said last lies on top.
    mutating func answer(_ hit: Hit, row: Int, column: Int, width: Int, height: Int = 1) {
        hits.append(HitArea(hit: hit, area: Area(row: row, column: column, width: width, height: height)))
    }
    mutating func answer(_ hit: Hit, _ area: Area) {
        answer(hit, row: area.row, column: area.column, width: area.width, height: area.height)
    }

    /// Where a text stands in a row, the last time that it does.
    func column(of text: String, row: Int) -> Int? {
        var shown: [Character] = []
        var columns: [Int] = []
        for column in 0..<size.columns {
            switch self[row, column].content {
            case .narrow(let character), .wide(let character):
                shown.append(character)
                columns.append(column)
            case .covered: break
            }
        }
        let wanted = Array(text)
        guard !wanted.isEmpty, wanted.count <= shown.count else { return nil }
        return (0...shown.count - wanted.count).last { shown[$0..<$0 + wanted.count].elementsEqual(wanted) }
            .map { columns[$0] }
    }

    /// What is under the pointer.
    package func hit(row: Int, column: Int) -> Hit? {
        hits.last { $0.area.contains(row: row, column: column) }?.hit
    }
}

struct HitArea: Hashable {
    var hit: Hit
    var area: Area
}
