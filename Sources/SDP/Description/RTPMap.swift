/// `a=rtpmap`: what a payload number means (RFC 8866 §6.6).
package struct RTPMap: Hashable, Sendable {
    package var payload: UInt8
    package var encoding: String
    package var clockRate: Int
    package var channels: Int

    package init(payload: UInt8, encoding: String, clockRate: Int, channels: Int = 1) {
        self.payload = payload
        self.encoding = encoding
        self.clockRate = clockRate
        self.channels = channels
    }

    /// nil for a line that is to be ignored: a number above 127, a clock rate of 0, no name.
    init?(parsing value: ArraySlice<UInt8>) {
        guard let (number, rest) = value.twoWords, let payload = SDPNumber.read(number, in: 0...127) else { return nil }
        let parts = rest.pieces(separatedBy: "/")
        guard (2...3).contains(parts.count), !parts[0].isEmpty,
            let clockRate = SDPNumber.read(parts[1], in: SDPLimits.clockRate)
        else { return nil }
        self.init(payload: UInt8(payload), encoding: parts[0].text, clockRate: clockRate)
        if parts.count == 3 {
            guard let channels = SDPNumber.read(parts[2], in: SDPLimits.channels) else { return nil }
            self.channels = channels
        }
    }

    /// Names of encodings are compared without regard to case (RFC 8866 §6.6).
    package func isOf(_ encoding: String, clockRate: Int) -> Bool {
        guard self.clockRate == clockRate, channels == 1, self.encoding.utf8.count == encoding.utf8.count else {
            return false
        }
        return zip(self.encoding.utf8, encoding.utf8).allSatisfy { $0.folded == $1.folded }
    }

    var text: String {
        var text = String(payload) + " "
        text += encoding
        text += "/"
        text += String(clockRate)
        if channels != 1 { text += "/" + String(channels) }
        return text
    }
}
