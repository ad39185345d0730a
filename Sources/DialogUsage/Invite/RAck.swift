import SIPMessage

/// Which response a PRACK acknowledges (RFC 3262 §7.2).
struct RAck: Hashable, Sendable, CustomStringConvertible {
    var number: UInt32
    var sequence: UInt32

    var description: String { "\(number) \(sequence) INVITE" }
}

extension SIPMessage {
    /// nil if there is none, it cannot be read, or it is not about an INVITE.
    var rack: RAck? {
        let words = value(.rack)?.split(whereSeparator: { $0 == " " || $0 == "\t" }) ?? []
        guard words.count == 3, let number = UInt32(words[0]), let sequence = UInt32(words[1]), words[2] == "INVITE"
        else { return nil }
        return RAck(number: number, sequence: sequence)
    }
    /// Whether a list of option tags names this one; they are tokens, without case.
    func names(_ option: String, in field: FieldName) -> Bool {
        tokens(field).contains { $0.isSameToken(as: option) }
    }
}
