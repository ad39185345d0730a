/// The one routine that reads a number of a session description: digits only, inside a range, or nil.
enum SDPNumber {
    static func read(_ text: some StringProtocol, in range: ClosedRange<Int>) -> Int? {
        let digits = text.utf8
        guard (1...18).contains(digits.count), digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
        let value = digits.reduce(0) { $0 * 10 + Int($1 - 48) }
        return range.contains(value) ? value : nil
    }

    /// The next number in decimal notation, of any length.
    static func successor(of digits: String) -> String {
        var bytes = Array(digits.utf8)
        for index in bytes.indices.reversed() {
            guard bytes[index] == UInt8(ascii: "9") else {
                bytes[index] += 1
                return String(decoding: bytes, as: UTF8.self)
            }
            bytes[index] = UInt8(ascii: "0")
        }
        return "1" + String(decoding: bytes, as: UTF8.self)
    }
}
