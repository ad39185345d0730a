/// Why bytes are not a session description we accept, or why no answer can be made from one.
package struct SDPError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Fault: Hashable, Sendable {
        /// It does not follow the grammar (RFC 8866 §9).
        case malformed
        /// It is larger than a limit of `SDPLimits`.
        case tooLarge
        /// Something that must be there is not.
        case missing
        /// It is sound, but there is nothing in it that we can do.
        case nothingInCommon
        /// An answer that does not fit its offer (RFC 3264 §6).
        case notAnAnswer
    }
    package var fault: Fault
    /// Counted from 1; nil when no single line is at fault.
    package var line: Int?
    /// What was wrong, in words for a person.
    package var reason: String

    package init(_ fault: Fault, line: Int? = nil, _ reason: String) {
        self.fault = fault
        self.line = line
        self.reason = reason
    }
    /// What to answer the request that carried it.
    package var suggestedStatus: Int { fault == .malformed || fault == .missing ? 400 : 488 }
    package var description: String { (line.map { "SDP line \($0): " } ?? "SDP: ") + reason }
}
