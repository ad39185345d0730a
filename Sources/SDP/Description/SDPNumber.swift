/// The one routine that reads a number of a session description: digits only, inside a range, or nil.
enum SDPNumber {
    static func read(_ digits: ArraySlice<UInt8>, in range: ClosedRange<Int>) -> Int? {
        guard (1...18).contains(digits.count) else { return nil }
        var value = 0
        for digit in digits {
            guard (48...57).contains(digit) else { return nil }
            value = value * 10 + Int(digit - 48)
        }
        return range.contains(value) ? value : nil
    }
    static func read(_ text: String, in range: ClosedRange<Int>) -> Int? { read(Array(text.utf8)[...], in: range) }

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
