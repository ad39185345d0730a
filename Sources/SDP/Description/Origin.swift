package import SansIO

/// `o=`: who made this description and which version of it this is (RFC 8866 §5.2).
///
/// Identifier and version are kept as digits, so that comparing stays exact whatever their length (RFC 3264 §5).
package struct Origin: Hashable, Sendable {
    package var userName: String
    package var sessionID: String
    package var version: String
    package var networkType: String
    package var addressType: String
    package var address: String

    /// Our own. RFC 3264 §5 wants both numbers below 2^63.
    package init(userName: String = "-", sessionID: UInt64, version: UInt64, address: IPAddress) {
        self.userName = userName
        self.sessionID = String(sessionID & UInt64(Int64.max))
        self.version = String(version & UInt64(Int64.max))
        networkType = "IN"
        addressType = address.isIPv6 ? "IP6" : "IP4"
        self.address = address.description
    }

    init?(parsing line: ArraySlice<UInt8>) {
        let words = line.pieces(separatedBy: " ")
        let isNumber = { (word: ArraySlice<UInt8>) in
            (1...SDPLimits.originDigits).contains(word.count) && word.allSatisfy { (48...57).contains($0) }
        }
        guard words.count == 6, words.allSatisfy({ !$0.isEmpty }), isNumber(words[1]), isNumber(words[2]),
            words[5].count <= SDPLimits.addressBytes
        else { return nil }
        userName = words[0].text
        sessionID = words[1].text
        version = words[2].text
        networkType = words[3].text
        addressType = words[4].text
        address = words[5].text
    }

    /// The same session, one version later.
    package var next: Origin {
        var next = self
        next.version = SDPNumber.successor(of: version)
        return next
    }

    var text: String { [userName, sessionID, version, networkType, addressType, address].joined(separator: " ") }
}
