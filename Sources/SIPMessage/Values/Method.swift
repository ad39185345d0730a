/// The method of a request. Names are compared octet by octet (RFC 3261 §7.1): `invite` is another method.
package enum Method: Hashable, Sendable, CustomStringConvertible {
    case invite, ack, bye, cancel, options, register, subscribe, notify, publish, message, refer, prack, update, info
    case other(String)

    package init(_ token: some StringProtocol) {
        self = Self.known.first { $0.description == token } ?? .other(String(token))
    }

    static let known: [Method] = [
        .invite, .ack, .bye, .cancel, .options, .register, .subscribe, .notify, .publish, .message, .refer, .prack,
        .update, .info,
    ]

    package var description: String {
        switch self {
        case .invite: "INVITE"
        case .ack: "ACK"
        case .bye: "BYE"
        case .cancel: "CANCEL"
        case .options: "OPTIONS"
        case .register: "REGISTER"
        case .subscribe: "SUBSCRIBE"
        case .notify: "NOTIFY"
        case .publish: "PUBLISH"
        case .message: "MESSAGE"
        case .refer: "REFER"
        case .prack: "PRACK"
        case .update: "UPDATE"
        case .info: "INFO"
        case .other(let token): token
        }
    }

    /// The method that these octets name.
    init(_ range: ByteRange, in bytes: Span<UInt8>) {
        switch (range.count, range.isEmpty ? 0 : bytes[range.lower]) {
        case (6, UInt8(ascii: "I")): self = Self.match(.invite, "INVITE", range, bytes)
        case (3, UInt8(ascii: "A")): self = Self.match(.ack, "ACK", range, bytes)
        case (3, UInt8(ascii: "B")): self = Self.match(.bye, "BYE", range, bytes)
        case (6, UInt8(ascii: "C")): self = Self.match(.cancel, "CANCEL", range, bytes)
        case (7, UInt8(ascii: "O")): self = Self.match(.options, "OPTIONS", range, bytes)
        case (8, UInt8(ascii: "R")): self = Self.match(.register, "REGISTER", range, bytes)
        case (9, UInt8(ascii: "S")): self = Self.match(.subscribe, "SUBSCRIBE", range, bytes)
        case (6, UInt8(ascii: "N")): self = Self.match(.notify, "NOTIFY", range, bytes)
        case (7, UInt8(ascii: "P")): self = Self.match(.publish, "PUBLISH", range, bytes)
        case (7, UInt8(ascii: "M")): self = Self.match(.message, "MESSAGE", range, bytes)
        case (5, UInt8(ascii: "R")): self = Self.match(.refer, "REFER", range, bytes)
        case (5, UInt8(ascii: "P")): self = Self.match(.prack, "PRACK", range, bytes)
        case (6, UInt8(ascii: "U")): self = Self.match(.update, "UPDATE", range, bytes)
        case (4, UInt8(ascii: "I")): self = Self.match(.info, "INFO", range, bytes)
        default: self = .other(Self.spelled(range, bytes))
        }
    }

    @inline(__always)
    private static func match(_ method: Method, _ name: StaticString, _ range: ByteRange, _ bytes: Span<UInt8>)
        -> Method
    {
        name.withUTF8Buffer { buffer in
            for index in 0..<buffer.count where bytes[range.lower &+ index] != buffer[index] {
                return .other(spelled(range, bytes))
            }
            return method
        }
    }

    private static func spelled(_ range: ByteRange, _ bytes: Span<UInt8>) -> String {
        var token: [UInt8] = []
        for index in range.bounds { token.append(bytes[index]) }
        return String(decoding: token, as: UTF8.self)
    }
}
