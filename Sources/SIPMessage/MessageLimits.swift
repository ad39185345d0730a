/// How much of a message we are willing to read. Going over one of these is an error with a name, never a larger
/// allocation.
package enum MessageLimits {
    /// Octets of one UDP datagram; the header section of a message on a stream is held to the same.
    package static let datagram = 65_535
    package static let headerSection = 65_536
    /// Octets of a body on a stream.
    package static let body = 1_048_576
    package static let fields = 256
    /// Octets of one field, name and value, before unfolding.
    package static let field = 8_192
    /// Values of Via, Route, Record-Route, Path, Service-Route or Contact in one message.
    package static let listValues = 70
    package static let uri = 2_048
    package static let uriParameters = 64
    package static let uriHeaders = 16
    package static let host = 255
    package static let authenticationParameters = 64
    package static let multipartParts = 32
    package static let multipartDepth = 4
    package static let multipartBoundary = 70
    /// The highest Max-Forwards there is (RFC 3261 §20.22).
    package static let maxForwards: UInt32 = 255
}
