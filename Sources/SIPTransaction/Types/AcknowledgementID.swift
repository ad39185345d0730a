/// What makes an ACK for a 2xx the same one each time that the 2xx is repeated: its branch (RFC 3261 §13.2.2.4).
package struct AcknowledgementID: Hashable, Sendable {
    let branch: Branch
}
