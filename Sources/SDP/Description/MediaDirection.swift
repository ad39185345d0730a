/// Who may send, seen from the side whose description says it (RFC 8866 §6.7).
package enum MediaDirection: String, Hashable, Sendable, CaseIterable {
    case sendReceive = "sendrecv"
    case sendOnly = "sendonly"
    case receiveOnly = "recvonly"
    case inactive

    /// From an attribute that is a property and no more; nil for any other.
    init?(property: ArraySlice<UInt8>) {
        if property.isExactly("sendrecv") {
            self = .sendReceive
        } else if property.isExactly("sendonly") {
            self = .sendOnly
        } else if property.isExactly("recvonly") {
            self = .receiveOnly
        } else if property.isExactly("inactive") {
            self = .inactive
        } else {
            return nil
        }
    }

    package init(sends: Bool, receives: Bool) {
        self = sends ? (receives ? .sendReceive : .sendOnly) : (receives ? .receiveOnly : .inactive)
    }
    package var sends: Bool { self == .sendReceive || self == .sendOnly }
    package var receives: Bool { self == .sendReceive || self == .receiveOnly }
    /// The same, seen from the other side.
    package var reversed: MediaDirection { MediaDirection(sends: receives, receives: sends) }
    /// What both allow, seen from the same side.
    package func limited(to other: MediaDirection) -> MediaDirection {
        MediaDirection(sends: sends && other.sends, receives: receives && other.receives)
    }
}
