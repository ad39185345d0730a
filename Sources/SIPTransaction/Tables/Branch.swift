import SIPMessage
import SansIO

/// A branch of our own making: the cookie and 24 hexadecimal digits (RFC 3261 §8.1.1.7), kept as the 96 bits they are, so
/// that a response finds its transaction without any text being made of it.
struct Branch: Hashable, Sendable {
    private var high: UInt64
    private var low: UInt32

    init(_ entropy: inout Entropy) {
        high = entropy.next()
        low = UInt32(truncatingIfNeeded: entropy.next())
    }

    /// nil for what we cannot have made. A branch is a token: its case does not matter (§7.3.1).
    init?(_ octets: ArraySlice<UInt8>) {
        guard octets.count == Self.cookie.count + 24 else { return nil }
        for (octet, expected) in zip(octets, Self.cookie) where octet | 0x20 != expected | 0x20 { return nil }
        high = 0
        low = 0
        for (index, octet) in octets.dropFirst(Self.cookie.count).enumerated() {
            guard let digit = Self.value(octet) else { return nil }
            if index < 16 { high = high &<< 4 | UInt64(digit) } else { low = low &<< 4 | UInt32(digit) }
        }
    }

    var text: String {
        var octets = Self.cookie
        octets.reserveCapacity(Self.cookie.count + 24)
        for shift in stride(from: 60, through: 0, by: -4) {
            octets.append(Self.digits[Int(high &>> UInt64(shift) & 15)])
        }
        for shift in stride(from: 28, through: 0, by: -4) {
            octets.append(Self.digits[Int(low &>> UInt32(shift) & 15)])
        }
        return String(decoding: octets, as: UTF8.self)
    }

    private static let cookie = Array(Via.magicCookie.utf8)
    private static let digits = Array("0123456789abcdef".utf8)

    private static func value(_ octet: UInt8) -> UInt8? {
        switch octet {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): octet - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): octet - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): octet - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
