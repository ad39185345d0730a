import SIPMessage
import SansIO

/// What of the network's traffic reaches the domain, and what of the domain's reaches the network: where its faults
/// are made. A crashed server does not refuse; it is simply not there.
struct FrontDoor: Sendable {
    private(set) var isPresenceCrashed = false
    private(set) var isSilent = false
    private(set) var loss = 0.0
    private var framers: [FlowID: StreamFramer] = [:]

    mutating func crashPresence() { isPresenceCrashed = true }
    mutating func restartPresence() { isPresenceCrashed = false }
    mutating func silence() { isSilent = true }
    mutating func lose(_ share: Double) { loss = min(max(share, 0), 1) }
    mutating func clear() {
        isPresenceCrashed = false
        isSilent = false
        loss = 0
    }

    /// What of an input the domain gets to see.
    mutating func admit(_ input: NetworkInput, entropy: inout Entropy) -> NetworkInput? {
        switch input {
        case .datagram(let datagram):
            if isSilent || isLost(&entropy) || isForPresence(datagram.bytes) { return nil }
            return input
        case .received(let flow, let bytes):
            if isSilent { return nil }
            return .received(flow, admitted(bytes, on: flow))
        case .closed(let flow, _):
            framers[flow] = nil
            return input
        case .unreachable, .accepted, .connected, .drained, .resolved: return input
        }
    }

    /// Whether an output of the domain gets out.
    mutating func emits(_ output: NetworkOutput, entropy: inout Entropy) -> Bool {
        switch output {
        case .transmit: return !isSilent && !isLost(&entropy)
        case .write: return !isSilent
        case .close(let flow):
            framers[flow] = nil
            return true
        case .connect, .resolve: return true
        }
    }

    private func isLost(_ entropy: inout Entropy) -> Bool { loss > 0 && entropy.fraction() < loss }

    /// A stream is cut into messages, so that single ones can be left out.
    private mutating func admitted(_ bytes: [UInt8], on flow: FlowID) -> [UInt8] {
        var framer = framers[flow] ?? StreamFramer()
        framer.append(bytes)
        var admitted: [UInt8] = []
        while let item = framer.next() {
            switch item {
            case .message(let message): if !isForPresence(message) { admitted += message }
            case .keepAlivePing: admitted += [13, 10, 13, 10]
            case .keepAlivePong: admitted += [13, 10]
            case .failed:
                framers[flow] = nil
                return admitted + bytes
            }
        }
        framers[flow] = framer
        return admitted
    }

    /// SUBSCRIBE and PUBLISH for the presence server, and answers to its NOTIFYs.
    private func isForPresence(_ bytes: [UInt8]) -> Bool {
        guard isPresenceCrashed, let message = try? SIPMessage(parsing: bytes) else { return false }
        switch message.method {
        case .subscribe, .publish, .notify: return true
        case .invite, .ack, .bye, .cancel, .options, .register, .message, .refer, .prack, .update, .info, .other:
            return false
        }
    }
}
