/// A preference from 0 to 1 with three decimals (RFC 3261 §20.10, §25.1 qvalue).
package struct QValue: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let thousandths: Int

    /// nil outside 0 to 1000.
    package init?(thousandths: Int) {
        guard (0...1000).contains(thousandths) else { return nil }
        self.thousandths = thousandths
    }
    /// `0.7` is 700; nil for what is none.
    package init?(parsing text: String) {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = ["0", "1"].firstIndex(of: parts[0]) else { return nil }
        let digits = parts.count > 1 ? parts[1] : ""
        guard digits.utf8.count <= 3, digits.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        let fraction = Int(digits + String(repeating: "0", count: 3 - digits.utf8.count)) ?? 0
        self.init(thousandths: whole * 1000 + fraction)
    }

    /// Of a Contact; without one, or with what is none, it is as good as any (§8.1.3.4).
    package init(of contact: NameAddress) {
        let said = contact.parameters["q"].flatMap { QValue(parsing: $0) }
        thousandths = said?.thousandths ?? 1000
    }

    package static func < (a: QValue, b: QValue) -> Bool { a.thousandths < b.thousandths }

    /// Without zeros at the end: `0.25`, `1`.
    package var description: String {
        if thousandths % 1000 == 0 { return "\(thousandths / 1000)" }
        var digits = String(thousandths)
        digits = String(repeating: "0", count: 3 - digits.utf8.count) + digits
        while digits.last == "0" { digits.removeLast() }
        return "0." + digits
    }
}
