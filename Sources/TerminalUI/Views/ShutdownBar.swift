/// How much of a group has ended, as a bar and in numbers.
struct ShutdownBar: Hashable {
    var number: String
    var title: String
    var done: Int
    var total: Int

    private static let length = 10

    /// The same for all bars of a panel.
    struct Columns: Hashable {
        var title: Int
        var count: Int
    }

    /// `4 ClientSubscription  ████████░░ 8/9 `: the number, the title, the bar, the count, a blank.
    func text(_ columns: Columns) -> String {
        [
            Width.pad(number, to: 1), Width.pad(title, to: columns.title), bar,
            Width.pad("\(done)/\(total)", to: columns.count), "",
        ]
        .joined(separator: " ")
    }

    /// Full only when all have ended, empty only as long as none has.
    private var bar: String {
        guard total > 0 else { return String(repeating: "─", count: Self.length) }
        let full =
            done == 0 ? 0 : done >= total ? Self.length : min(max(1, done * Self.length / total), Self.length - 1)
        return String(repeating: "█", count: full) + String(repeating: "░", count: Self.length - full)
    }
}
