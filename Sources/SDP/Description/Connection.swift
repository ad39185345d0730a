package import SansIO

/// `c=`: where media is to be sent (RFC 8866 §5.7).
package struct Connection: Hashable, Sendable {
    package enum Address: Hashable, Sendable {
        case ip(IPAddress)
        /// A name; who wants to use it has to look it up first.
        case host(String)
        /// A group, with what came after the slash: nothing that a call between two could use (RFC 3264 §6.2).
        case multicast(String)
        /// A network or address type that is not of the Internet.
        case foreign(networkType: String, addressType: String, String)
    }
    package var address: Address

    package init(_ ip: IPAddress) { address = .ip(ip) }

    init?(parsing line: ArraySlice<UInt8>) {
        let words = line.pieces(separatedBy: " ")
        guard words.count == 3, words.allSatisfy({ !$0.isEmpty }), words[2].count <= SDPLimits.addressBytes else {
            return nil
        }
        let isIPv6 = words[1].isExactly("IP6")
        if words[0].isExactly("IN"), isIPv6 || words[1].isExactly("IP4") {
            guard let address = Self.read(words[2], isIPv6: isIPv6) else { return nil }
            self.address = address
        } else {
            address = .foreign(networkType: words[0].text, addressType: words[1].text, words[2].text)
        }
    }

    private static func read(_ bytes: ArraySlice<UInt8>, isIPv6: Bool) -> Address? {
        let parts = bytes.pieces(separatedBy: "/")
        guard let ip = IPAddress(bytes: parts[0]) else {
            let isName = bytes.allSatisfy { byte in
                (48...57).contains(byte) || (97...122).contains(byte.folded)
                    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
            }
            // What ends in a number means an address and is none ("192.0.2.300").
            let last = bytes.pieces(separatedBy: ".").last { !$0.isEmpty }
            let isNumeric = last.map { $0.allSatisfy { (48...57).contains($0) } } ?? true
            return isName && !isNumeric ? .host(bytes.text) : nil
        }
        guard ip.isIPv6 == isIPv6 else { return nil }
        if ip.isMulticast {
            let ranges = isIPv6 ? [1...65_535] : [0...255, 1...65_535]
            let extras = parts.dropFirst()
            guard extras.count <= ranges.count,
                zip(extras, ranges).allSatisfy({ SDPNumber.read($0, in: $1) != nil })
            else { return nil }
            return .multicast(bytes.text)
        }
        return parts.count == 1 ? .ip(ip) : nil
    }

    var text: String {
        switch address {
        case .ip(let ip): "IN \(ip.isIPv6 ? "IP6" : "IP4") \(ip)"
        case .host(let name): "IN IP4 \(name)"
        case .multicast(let text): "IN \(text.contains(":") ? "IP6" : "IP4") \(text)"
        case .foreign(let networkType, let addressType, let text): "\(networkType) \(addressType) \(text)"
        }
    }
}

extension IPAddress {
    package var isMulticast: Bool {
        switch self {
        case .v4(let bits): bits >> 28 == 0xE
        case .v6(let high, _): high >> 56 == 0xFF
        }
    }
    /// Something one packet can be sent to and reach one host, or nobody yet (`0.0.0.0`, RFC 3264 §8.4).
    var isUsableForMedia: Bool { !isMulticast && self != .v4(0xFFFF_FFFF) }
}
