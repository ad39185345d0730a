/// A row of bars, one for each of the newest numbers: how a call has sounded in the last minute.
enum Sparkline {
    private static let bars = Array("▁▂▃▄▅▆▇█")
    /// From unusable to as good as it gets.
    private static let range = 1.0...4.4

    /// Of two seconds each the worse one, so that a minute fits; a blank where nothing was heard.
    static func text(_ numbers: [Double?]) -> String {
        let odd = numbers.count % 2
        let pairs = stride(from: odd, to: numbers.count, by: 2).map {
            [numbers[$0], numbers[$0 + 1]].compactMap(\.self).min()
        }
        return String(((odd == 1 ? [numbers[0]] : []) + pairs).map(bar))
    }

    private static func bar(_ number: Double?) -> Character {
        guard let number else { return " " }
        let share = (number - range.lowerBound) / (range.upperBound - range.lowerBound)
        return bars[min(max(Int(share * Double(bars.count)), 0), bars.count - 1)]
    }
}
