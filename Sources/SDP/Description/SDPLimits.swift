/// Every limit of a session description, in one place. What exceeds one is refused whole (488).
package enum SDPLimits {
    package static let bytes = 65_535
    package static let lines = 1_024
    package static let mediaSections = 32
    package static let formats = 128
    package static let attributes = 512
    package static let lineBytes = 4_096
    /// A domain name cannot be longer (RFC 1035 §2.3.4).
    package static let addressBytes = 255
    /// The digits of a session id or version that we are ready to carry along.
    package static let originDigits = 64
    /// Packets longer than this are not made, and an `a=ptime` outside is ignored.
    package static let packetTime = 1...200
    package static let clockRate = 1_000...384_000
    package static let channels = 1...24
}
